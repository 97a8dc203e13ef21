/* The posts that classes are learnt from, as they travel inside the binary: the bytes of models/texts/posts_*.tsv. */
#include "detector/lessons.h"

#define POSTS(name)                                                                                                              \
	extern const char posts_##name##_bytes[], posts_##name##_end[];                                                          \
	__asm__(".section .rodata\n"                                                                                             \
		".global posts_" #name "_bytes, posts_" #name "_end\n"                                                           \
		"posts_" #name "_bytes:\n"                                                                                       \
		".incbin \"models/texts/posts_" #name ".tsv\"\n"                                                                 \
		"posts_" #name "_end:\n"                                                                                         \
		".previous\n")

POSTS(zh);
POSTS(en);
POSTS(daily_zh);
POSTS(daily_en);
POSTS(phrases_zh);
POSTS(phrases_en);
POSTS(plain);

struct str lessons_shipped(size_t i)
{
	const struct str posts[LESSONS_SHIPPED] = {
		{ posts_zh_bytes, (size_t)(posts_zh_end - posts_zh_bytes) },
		{ posts_en_bytes, (size_t)(posts_en_end - posts_en_bytes) },
		{ posts_daily_zh_bytes, (size_t)(posts_daily_zh_end - posts_daily_zh_bytes) },
		{ posts_daily_en_bytes, (size_t)(posts_daily_en_end - posts_daily_en_bytes) },
		{ posts_phrases_zh_bytes, (size_t)(posts_phrases_zh_end - posts_phrases_zh_bytes) },
		{ posts_phrases_en_bytes, (size_t)(posts_phrases_en_end - posts_phrases_en_bytes) },
		{ posts_plain_bytes, (size_t)(posts_plain_end - posts_plain_bytes) },
	};
	return posts[i];
}
