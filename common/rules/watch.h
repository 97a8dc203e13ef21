/* Following the rulebook: the published one when there is one, else the local folders (settings: rules). One for a worker;
 * it owns the rulebook in force.
 *
 *     struct watch_news news;
 *     done = watch_look(&watch, redis, arena, is_hup, &news, &e);    // every turn: asks Redis a few times a second
 *     if (news.book != NULL) { … let go of what borrows watch.book …; watch_swap(&watch, news.book); … }
 *
 * A new rulebook is compiled aside and handed over between two batches; one that is wrong is refused whole, said once with its
 * place, and the old one stays. Published wins over folders: then all workers have the same, wherever they run. Local files are
 * looked at only while nothing is published, and taken once they have stood still between two looks. */
#ifndef EARSHOT_RULES_WATCH_H
#define EARSHOT_RULES_WATCH_H

#include "common/base/settings.h"
#include "common/store/rulebooks.h"
#include "common/text/rulebook.h"

struct watch {
	const struct settings *settings; /* borrowed */
	struct rulebook *book; /* in force; NULL until the first one was right */
	struct rulebooks_now published; /* as Redis said last */
	bool is_published; /* `book` came from Redis */
	bool has_looked; /* Redis was asked at least once */
	bool rides_along; /* the worker asks with watch_queue(), in trips that it makes anyway */
	bool is_asked, is_told; /* on the way; answered since the last look */
	int64_t next_look_ms, next_poll_ms; /* monotonic */
	struct rulebooks_now refused; /* publication that was wrong: not tried again before the next one */
	uint64_t files_read, files_seen; /* what the local files looked like when they were read, and at the last look */
	int64_t since_ms; /* from when on the book is in force; 0 = not known to have changed */
};

struct watch_news {
	struct rulebook *book; /* another rulebook than the one in force, right and compiled; NULL = none */
	bool is_refused; /* there was another one, and it is wrong */
	bool files; /* the local files are to be read again: HUP came, or they changed. Also what is no rule: thresholds */
};

/* Reads the local folders; `book` stays NULL when they are wrong (said in the log), and a published rulebook may follow. */
void watch_init(struct watch *w, const struct settings *s);
void watch_release(struct watch *w);
/* `at_once`: HUP. RETRY: Redis is away. After the first OK answer a NULL book means that there is none to work with. */
enum outcome watch_look(
	struct watch *w, struct redis *r, struct arena *a, bool at_once, struct watch_news *news, struct err *e) MUST_CHECK;
/* For a worker whose every trip to Redis counts (rides_along): what the next watch_look() goes by is asked and taken among its own
 * questions. When no trip was made for a while, watch_look() asks itself all the same. */
void watch_queue(struct watch *w, struct redis *r, struct arena *a);
enum outcome watch_take(struct watch *w, struct redis *r, struct err *e) MUST_CHECK;
/* Another rulebook is published: the next look will bring it. */
bool watch_is_behind(const struct watch *w);
/* Puts the new book in force and frees the old one: nothing may borrow from it any more. */
void watch_swap(struct watch *w, struct rulebook *book);

#endif
