/* The posts that classes are learnt from, as they travel inside the binary: the bytes of models/texts/posts_*.tsv. */
#include "detector/lessons.h"

extern const char posts_zh_bytes[], posts_zh_end[], posts_en_bytes[], posts_en_end[], posts_plain_bytes[], posts_plain_end[];
__asm__(".section .rodata\n"
	".global posts_zh_bytes, posts_zh_end, posts_en_bytes, posts_en_end, posts_plain_bytes, posts_plain_end\n"
	"posts_zh_bytes:\n"
	".incbin \"models/texts/posts_zh.tsv\"\n"
	"posts_zh_end:\n"
	"posts_en_bytes:\n"
	".incbin \"models/texts/posts_en.tsv\"\n"
	"posts_en_end:\n"
	"posts_plain_bytes:\n"
	".incbin \"models/texts/posts_plain.tsv\"\n"
	"posts_plain_end:\n"
	".previous\n");

struct str lessons_shipped(size_t i)
{
	const struct str posts[LESSONS_SHIPPED] = {
		{ posts_zh_bytes, (size_t)(posts_zh_end - posts_zh_bytes) },
		{ posts_en_bytes, (size_t)(posts_en_end - posts_en_bytes) },
		{ posts_plain_bytes, (size_t)(posts_plain_end - posts_plain_bytes) },
	};
	return posts[i];
}
