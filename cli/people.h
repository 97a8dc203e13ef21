/* What is held of a person, or of one post, everywhere: the one table of places that `earshot erase` and `earshot export` go
 * through, so that neither knows a place that the other does not.
 *
 * A place is walked for one of four acts. PEOPLE_FIND learns the ids of an author's posts, because some places (alerts, later
 * sights) know posts and not authors. The others meet whatever is on the list of marks `wanted` (common/base/erased.h): of the
 * person in question to count and to show, of everybody who was ever erased to erase: so an erasure that was cut off is completed
 * by the next one. Mentions stand last: what is known of a post goes only when all that hangs on it is gone. */
#ifndef EARSHOT_CLI_PEOPLE_H
#define EARSHOT_CLI_PEOPLE_H

#include "cli/stored.h"
#include "common/base/erased.h"
#include "common/base/pseudonyms.h"
#include <earshot/alert.h>

#define PEOPLE_NAMES (2 * PSEUDONYM_KEYS) /* pseudonyms that one author may have */

enum people_act { PEOPLE_FIND, PEOPLE_COUNT, PEOPLE_SHOW, PEOPLE_ERASE };

struct people_tally {
	uint64_t found, removed;
	uint64_t busy; /* files that somebody writes: what they have is still there */
};

struct people;
struct people_place {
	const char *name, *about;
	enum outcome (*walk)(struct people *w, int held, struct err *e);
	int held; /* enum held, of places in Redis */
	bool settles; /* what was gone through once gets nothing new */
};
extern const struct people_place people_places[];
extern const size_t people_nplaces;
#define PEOPLE_PLACES 16 /* no more of them */

struct people {
	struct stored *stored;
	enum people_act act;
	struct erased *wanted, *found; /* found: the person's marks, by PEOPLE_FIND; for the list */
	struct str pseudonym[PEOPLE_NAMES], post_id;
	size_t npseudonyms;
	struct pseudonym_keys keys;
	struct str *brand; /* that Redis holds something of */
	size_t nbrands;
	struct arena keep, batch; /* batch: of a few items, reset between them */
	struct str *quoting; /* ids of deliveries that quote the wanted, or did at an earlier walk */
	size_t nquoting, quoting_room;
	size_t at; /* place of the walk */
	struct people_tally tally[PEOPLE_PLACES]; /* of the walk, by place */
	uint64_t posts; /* different ones that were found */
};

/* Whom it is about: an author as SOURCE:NAME or as pseudonym "a:…", or a post by its id; one of them is NULL. `people_close` must
 * follow in both cases. */
enum outcome people_open(struct people *w, struct stored *s, const char *author, const char *post_id, struct err *e) MUST_CHECK;
void people_close(struct people *w);
/* From here on the wanted are what PEOPLE_FIND learned, too: posts by their ids. */
void people_want_found(struct people *w);
/* All places once, in order; the tallies are of this walk. Those of which skip[i] is true are passed over. */
enum outcome people_walk(struct people *w, enum people_act act, const bool *skip, struct err *e) MUST_CHECK;

/* ---- for the places ---- */

/* Counts the post when it is wanted, and learns its id when that is what is done. */
bool people_meets(struct people *w, const struct post *p);
bool people_meets_id(struct people *w, struct str post_id);
/* Of what cannot be read: does it hold the pseudonym or the id that was asked for, letter for letter? */
bool people_meets_text(struct people *w, struct str text);
void people_removed(struct people *w, uint64_t n);
/* The alert without what it quotes of the wanted; false when it quotes nothing of theirs. */
bool people_redact(struct people *w, struct str alert_json, struct str *out);
/* One line of the export; what is held is JSON, or becomes a string of it. */
void people_show(struct people *w, struct str where, struct str id, struct str held);

enum outcome people_walk_held(struct people *w, int held, struct err *e) MUST_CHECK; /* cli/people_redis.c */
enum outcome people_walk_intake(struct people *w, int held, struct err *e) MUST_CHECK; /* cli/people_files.c */
enum outcome people_walk_archive(struct people *w, int held, struct err *e) MUST_CHECK;
enum outcome people_walk_logs(struct people *w, int held, struct err *e) MUST_CHECK; /* cli/people_logs.c */
/* Looks for deliveries that quote one of the wanted, and adds their ids to w->quoting. */
enum outcome people_quoting(struct people *w, struct err *e) MUST_CHECK;

#endif
