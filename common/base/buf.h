/* A growing byte buffer that is told its maximum when it is made. Going over the maximum sets `overflow` and drops
 * the bytes: the owner checks `overflow` once, at the end. `p` is always NUL-terminated behind n once anything was added. */
#ifndef EARSHOT_BASE_BUF_H
#define EARSHOT_BASE_BUF_H

#include "common/base/str.h"
#include <earshot/outcome.h>

struct buf {
	char *p;
	size_t n, cap, max;
	bool overflow;
};

void buf_init(struct buf *b, size_t max);
void buf_init_in(struct buf *b, char *memory, size_t max); /* over max + 1 bytes of the caller's; never released */
void buf_release(struct buf *b);
void buf_clear(struct buf *b); /* keeps the memory, n = 0 */
void buf_cut(struct buf *b, size_t n); /* takes off again what stands behind n */
void buf_room(struct buf *b, size_t n); /* memory for n bytes more at once, where the writer can tell; never overflows */
void buf_add_slowly(struct buf *b, const void *p, size_t n); /* buf_add() when the memory at hand does not do */

/* In the header: writers call them for every character and name. */
static inline void buf_add(struct buf *b, const void *p, size_t n)
{
	if (b->overflow || n >= b->cap - b->n) {
		buf_add_slowly(b, p, n);
		return;
	}
	if (n > 0)
		memcpy(b->p + b->n, p, n);
	b->n += n;
	b->p[b->n] = 0;
}

static inline void buf_addc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

static inline void buf_adds(struct buf *b, struct str s)
{
	buf_add(b, s.p, s.n);
}

static inline void buf_addz(struct buf *b, const char *cstr)
{
	buf_adds(b, str_of(cstr));
}

void buf_addf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
struct str buf_str(const struct buf *b);

/* JSON writing (RFC 8259), the only one in the tree. Strings must be UTF-8; invalid bytes become U+FFFD, control
 * characters are escaped. The commas are yours: buf_json_key() writes `"key":` and a comma first when the byte
 * before is neither `{` nor `[`. */
void buf_json_string(struct buf *b, struct str s);
void buf_json_key(struct buf *b, const char *key);
void buf_json_member(struct buf *b, struct str key); /* buf_json_key() for names that others chose: escaped */
void buf_json_str(struct buf *b, const char *key, struct str s); /* "key":"s" */
void buf_json_opt(struct buf *b, const char *key, struct str s); /* nothing when s is empty */
void buf_json_int(struct buf *b, const char *key, int64_t v);
void buf_json_known(struct buf *b, const char *key, int64_t v); /* nothing when v < 0: unknown is not zero */
void buf_json_double(struct buf *b, const char *key, double v, int decimals); /* trailing zeros cut; NaN/inf become null */
void buf_add_int(struct buf *b, int64_t v); /* a bare number, as buf_json_int writes it */
void buf_add_double(struct buf *b, double v, int decimals); /* as buf_json_double does */
void buf_json_bool(struct buf *b, const char *key, bool v);
void buf_json_comma(struct buf *b); /* a comma when one is due before a bare value */

#endif
