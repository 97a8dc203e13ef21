/* Who and what was erased: marks of authors and posts, and the question whether a post is one of them.
 *
 * A mark is HMAC-SHA-256 under the pseudonym key (first 128 bits, as hex) of "erased", a line feed, and the author's pseudonym or the
 * post's id: whoever reads the list without the key learns nobody from it. It is kept for good, because a page may show an erased
 * post again at any time (common/store/erasures.h keeps it in Redis).
 * A post mark holds for that post for ever. An author's mark holds for what was written up to the erasure, and for what has no
 * date; what the author writes later is new, and nobody asked to have it erased. */
#ifndef EARSHOT_BASE_ERASED_H
#define EARSHOT_BASE_ERASED_H

#include "common/base/str.h"
#include <earshot/post.h>

#define ERASED_MARK 33 /* 32 hex digits and a NUL */
#define ERASED_ALWAYS INT64_MAX /* an author's mark for posts of any date: of whom is looked for */

struct erased;

/* Marks are made under key[0]; they are known under any of the keys (common/base/pseudonyms.h), which are copied. */
struct erased *erased_new(const struct str *key, size_t n);
/* Other keys; the list is cleared. */
void erased_rekey(struct erased *s, const struct str *key, size_t n);
struct str erased_key(const struct erased *s, size_t i); /* "" behind the last */
void erased_free(struct erased *s); /* NULL is fine */
void erased_clear(struct erased *s);

/* Marks what has this pseudonym or post id. */
void erased_add(struct erased *s, struct str what, int64_t at_ms);
/* Takes a mark from a list; one that is there keeps the later moment. false when it is none. */
bool erased_add_mark(struct erased *s, struct str mark, int64_t at_ms);
size_t erased_count(const struct erased *s);
/* The marks one after another, in no order: begin with *at = 0. */
bool erased_next(const struct erased *s, size_t *at, char mark[ERASED_MARK], int64_t *at_ms);

/* NULL is fine: nobody was. */
bool erased_has_post(const struct erased *s, const struct post *p);
bool erased_has_id(const struct erased *s, struct str post_id);

#endif
