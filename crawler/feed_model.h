/* Filling a feed's model: lists that grow in the arena with caps, and what all formats share. Private to crawler/feed*.c. */
#ifndef EARSHOT_CRAWLER_FEED_MODEL_H
#define EARSHOT_CRAWLER_FEED_MODEL_H

#include "common/base/buf.h"
#include "crawler/dates.h"
#include "crawler/feed.h"

#define FEED_LIST_MAX 128 /* links, tags, persons, contents of one entry; further ones are left out */

/* Where a reader is: what it fills, and what is inherited from the elements around. */
struct feed_scope {
	struct arena *a;
	const struct xml *xml; /* NULL while JSON is read */
	struct feed *feed;
	struct feed_entry *into; /* the feed's head, an entry, or an entry's source */
	struct date_context dates;
	struct str base, language;
	size_t *resolvable; /* bytes of addresses that may still be resolved: a long base and many links would cost seconds */
	size_t *datable; /* bytes of dates that may still be read: texts that only look a little like dates cost a microsecond a byte */
	size_t full_at; /* how much of the arena may be in use when the feed is read: LIMIT_FEED_BYTES of it, or all */
	struct fuel *fuel; /* of the document */
	size_t reserve; /* bytes of the arena that one more element may need */
	bool is_entry; /* false in the feed's head and in a source */
	bool is_atom;
};

/* false when the arena is nearly full: the reader then leaves out what follows. A feed's head leaves a quarter of it,
 * so that entries find room. */
bool feed_has_room(const struct feed_scope *s);
bool feed_has_reserve(const struct feed_scope *s); /* is there room for one more element? */
void feed_entry_init(struct feed_entry *e, struct str language);
/* Takes a slot for one more entry (its index); false, and counted as dropped, when there is no more room. */
bool feed_reserve_entry(struct feed_scope *s, size_t *index);

void feed_add_link(struct feed_scope *s, struct feed_link link);
void feed_add_tag(struct feed_scope *s, struct feed_tag tag); /* the same tag twice is one */
void feed_add_content(struct feed_scope *s, struct feed_text content);
void feed_add_person(struct feed_scope *s, struct feed_person person, bool is_contributor);
/* Makes HTML safe (crawler/clean.h); other types stay as they are. */
void feed_clean_text(struct feed_scope *s, struct feed_text *text);
/* Sets another field, replacing an earlier one of that name. */
void feed_set_extra(struct feed_scope *s, const char *key, struct str json);
void feed_set_extra_text(struct feed_scope *s, const char *key, struct str text);
/* The text under `key`, and type, language, base and value under `key`_detail. */
void feed_set_extra_detail(struct feed_scope *s, const char *key, struct feed_text text);
bool feed_has_extra(const struct feed_entry *e, const char *key);
/* A date as written under `key` and, when it is one, as feedparser's nine numbers under `key`_parsed. */
void feed_set_extra_date(struct feed_scope *s, const char *key, struct str raw);
void feed_set_published(struct feed_scope *s, struct str raw);
void feed_set_updated(struct feed_scope *s, struct str raw);

/* "Jane Doe (jane@example.com)", "jane@example.com (Jane Doe)", "Jane Doe <jane@example.com>", or just one of them. */
struct feed_person feed_person_of(struct arena *a, struct str text);
struct str feed_person_text(struct arena *a, const struct feed_person *person); /* "name (email)" */
bool feed_has_scheme(struct str address);
/* Absolute form of a relative link, as far as the base tells it; an absolute one stays as written. */
struct str feed_resolve(struct feed_scope *s, struct str reference);
/* Writes the nine numbers of Python's struct_time in UTC. */
void feed_write_date(struct buf *out, int64_t ms);

#endif
