/* Key strings out of the patterns of keys.def. */
#include "common/store/keys.h"

#include <stdio.h>
#include <string.h>

const struct key_row key_rows[KEY__N] = {
#define KEY(name, pattern, type, writers, readers, kept, holds)                                                                  \
	[KEY_##name] = { #name, pattern, #type, writers, readers, kept, holds },
#include <earshot/keys.def>
#undef KEY
};

static bool is_placeholder(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* Length with the placeholders filled; writes when `to` is there. */
static size_t fill(char *to, const char *pattern, const struct str part[3])
{
	size_t n = 0, next = 0;
	for (const char *p = pattern; *p;) {
		struct str piece = { p, 1 };
		if (is_placeholder(*p)) {
			while (is_placeholder(*p))
				p++;
			piece = next < 3 ? part[next] : STR("");
			next++;
		} else {
			p++;
		}
		if (to && piece.n > 0)
			memcpy(to + n, piece.p, piece.n);
		n += piece.n;
	}
	return n;
}

struct str keys_make(struct arena *a, enum key key, struct str first, struct str b, struct str c)
{
	const struct str part[3] = { first, b, c };
	const char *pattern = key_rows[key].pattern;
	size_t n = fill(NULL, pattern, part);
	char *p = arena_take(a, n + 1);
	return (struct str){ p, fill(p, pattern, part) };
}

struct str keys_brand(struct arena *a, enum key key, struct str brand)
{
	return keys_make(a, key, brand, STR(""), STR(""));
}

struct str keys_brand_part(struct arena *a, enum key key, struct str brand, struct str part)
{
	return keys_make(a, key, brand, part, STR(""));
}

struct str keys_shard(struct arena *a, enum key key, uint32_t shard, struct str part)
{
	return keys_make(a, key, arena_printf(a, "%02u", shard), part, STR(""));
}

struct str keys_plain(struct arena *a, enum key key)
{
	return keys_make(a, key, STR(""), STR(""), STR(""));
}

bool keys_lists(const char *list, const char *role)
{
	struct str rest = str_of(list), word = STR("");
	while (str_split(&rest, ' ', &word))
		if (str_eqc(word, role))
			return true;
	return false;
}

void keys_table(struct buf *out)
{
	for (int i = 0; i < KEY__N; i++) {
		const struct key_row *k = &key_rows[i];
		buf_addf(out, "%-46s %-6s  written by %s; read by %s; kept %s\n    %s\n", k->pattern, k->type, k->writers,
			k->readers, k->kept, k->holds);
	}
}
