/* A borrowed slice of bytes: not terminated, not owned. Everything inside a batch is one of these. */
#ifndef EARSHOT_BASE_STR_H
#define EARSHOT_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *p; /* may be NULL when n == 0 */
	size_t n;
};

#define STR(literal) ((struct str){ (literal), sizeof(literal) - 1 })
#define STR_FMT(s) (int)(s).n, (s).p ? (s).p : "" /* for "%.*s" */

/* In the header, because they stand in every loop: a comparison with a literal then costs one load. */
static inline struct str str_of(const char *cstr) /* NULL becomes the empty slice */
{
	return cstr ? (struct str){ cstr, strlen(cstr) } : (struct str){ "", 0 };
}

static inline struct str str_from(struct str s, size_t at) /* s[at..]; empty when at >= n */
{
	return at < s.n ? (struct str){ s.p + at, s.n - at } : (struct str){ s.p ? s.p + s.n : "", 0 };
}

static inline struct str str_first(struct str s, size_t n) /* s[..n] */
{
	return (struct str){ s.p, n < s.n ? n : s.n };
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || (a.p[0] == b.p[0] && memcmp(a.p, b.p, a.n) == 0));
}

static inline bool str_eqc(struct str a, const char *b)
{
	return str_eq(a, str_of(b));
}

static inline bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && (prefix.n == 0 || (s.p[0] == prefix.p[0] && memcmp(s.p, prefix.p, prefix.n) == 0));
}

/* Bytes of `word` when `s` starts with it, else 0. For lists of words, of which nearly all differ at once: no call, no length. */
static inline size_t str_starts_word(struct str s, const char *word)
{
	size_t n = 0;
	while (word[n] != '\0' && n < s.n && s.p[n] == word[n])
		n++;
	return word[n] == '\0' ? n : 0;
}

bool str_ieq(struct str a, struct str b); /* ASCII case folded */
/* Most texts differ in their first byte. */
static inline bool str_istarts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && (prefix.n == 0 || (s.p[0] | 0x20) == (prefix.p[0] | 0x20)) &&
	       str_ieq((struct str){ s.p, prefix.n }, prefix);
}
bool str_has_word(struct str list, struct str word); /* one of the words between blanks, ASCII case folded */
bool str_ends(struct str s, struct str suffix);
struct str str_trim(struct str s); /* ASCII white space on both sides */
/* Cuts at most `n` bytes off the front, never inside a UTF-8 sequence. */
struct str str_cut_utf8(struct str s, size_t n);
ptrdiff_t str_find(struct str s, struct str needle); /* offset or -1 */
ptrdiff_t str_findc(struct str s, char c);
/* Takes the part before `sep` off the front of `*rest` (which moves behind it). false when *rest is used up, which its
 * p == NULL says: "a,,b" has three parts, "a," has two, "" has one. */
bool str_split(struct str *rest, char sep, struct str *part);
bool str_is_digits(struct str s); /* 0 to 9, at least one */
bool str_to_i64(struct str s, int64_t *out); /* whole slice, decimal, sign allowed; false on anything else */
bool str_to_double(struct str s, double *out);
int str_cmp(struct str a, struct str b); /* memcmp order, shorter first */
uint64_t str_hash(struct str s); /* FNV-1a 64: in-process tables only, never stored */

#endif
