/* Rulebooks published through Redis: what is in force, the files of each version, and what was done with them by whom.
 *
 * One rulebook is in force for all workers, or none: then each follows its local folders. A change is one atomic call that names
 * the version it expects in force, so that two publishers cannot overtake each other. Under four eyes a publication waits as
 * "proposed" until another person approves it. A version is the hash of its files (common/text/rulebook.h), so a record never
 * changes its files. Callers compile before they publish: nothing here knows what a rule is. */
#ifndef EARSHOT_STORE_RULEBOOKS_H
#define EARSHOT_STORE_RULEBOOKS_H

#include "common/store/redis.h"
#include <earshot/rulefile.h>

/* What is in force. A few dozen bytes: workers read it several times a second. */
struct rulebooks_now {
	char version[RULEBOOK_VERSION_BYTES]; /* "" = nothing is published */
	char previous[RULEBOOK_VERSION_BYTES];
	char proposed[RULEBOOK_VERSION_BYTES]; /* waits for an approval; "" = none */
	int64_t since_ms; /* Redis' clock; of a withdrawal, too. 0 = nothing was ever published */
	int64_t serial; /* moves with every change */
	int64_t fill_from_ms; /* history was counted again back to here under this version; 0 = not */
	int64_t erasures; /* how often the list of erasures grew (common/store/erasures.h): crawlers read it again */
	int64_t fill_until_ms; /* a back-fill says that it is still at work until then */
};
enum outcome rulebooks_now(struct redis *r, struct arena *a, struct rulebooks_now *out, struct err *e) MUST_CHECK;
/* The same in a trip that is made anyway: queue, flush, take. */
void rulebooks_now_queue(struct redis *r, struct arena *a);
enum outcome rulebooks_now_take(struct redis *r, struct rulebooks_now *out, struct err *e) MUST_CHECK;

/* All about a version but its files. */
struct rulebooks_record {
	struct str state; /* "published" or "proposed"; "" = there is no such record */
	struct str by, approver, note;
	struct str base; /* the version whose hits `ratios` compares with */
	struct str ratios; /* JSON {"span_ms":…,"brands":{"ID":{"all":[old,new],"negative":[…],…}}}; "" = not measured */
	int64_t proposed_ms, published_ms;
};
enum outcome rulebooks_record(
	struct redis *r, struct arena *a, const char *version, struct rulebooks_record *out, struct err *e) MUST_CHECK;
/* The files as they were published, in their order, with paths "VERSION/NAME"; REJECT when there is no such version. */
enum outcome rulebooks_files(
	struct redis *r, struct arena *a, const char *version, struct rulebook_files *out, struct err *e) MUST_CHECK;

struct rulebooks_publication {
	const char *expected; /* version in force; "" = none */
	const char *version, *base;
	struct str by, approver, note, ratios;
	bool is_proposal; /* waits for rulebooks_approve() */
	int64_t at_ms; /* 0 = Redis' clock */
	const struct rulebook_files *files;
};
/* REJECT: over a cap, or another version is in force than expected. Old records that the history forgot are dropped. */
enum outcome rulebooks_publish(struct redis *r, struct arena *a, const struct rulebooks_publication *p, struct err *e) MUST_CHECK;

struct rulebooks_change {
	const char *expected; /* version in force; "" = none */
	const char *version;
	struct str by, note;
	int64_t at_ms; /* 0 = Redis' clock */
};
/* REJECT when it is not proposed, or by the one who proposed it. */
enum outcome rulebooks_approve(struct redis *r, struct arena *a, const struct rulebooks_change *c, struct err *e) MUST_CHECK;
/* Back to a version that was published before; "" = to the folders. */
enum outcome rulebooks_return(struct redis *r, struct arena *a, const struct rulebooks_change *c, struct err *e) MUST_CHECK;

/* What was done, newest first. */
struct rulebooks_event {
	struct str action, version, previous, by, approver, note; /* action: publish propose approve rollback withdraw */
	int64_t at_ms;
};
enum outcome rulebooks_history(
	struct redis *r, struct arena *a, size_t max, struct rulebooks_event **out, size_t *n, struct err *e) MUST_CHECK;

/* A back-fill tells that posts since `from_ms` are being counted anew, and until when it will have said so again. */
enum outcome rulebooks_filling(struct redis *r, struct arena *a, int64_t from_ms, int64_t until_ms, struct err *e) MUST_CHECK;

#endif
