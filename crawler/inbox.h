/* Pushed requests on disk: DATA/intake/NAME.jsonl waits for its streams, NAME.done is in them and stays a while, because Redis may
 * lose its last second and because a sender may repeat itself. A request is on the disk before it is answered. */
#ifndef EARSHOT_CRAWLER_INBOX_H
#define EARSHOT_CRAWLER_INBOX_H

#include "common/base/arena.h"

#define INBOX_NAME 32 /* hex digits */

struct inbox_file {
	char name[INBOX_NAME + 1];
	bool waits; /* to be put into its streams, whatever its name on disk */
	bool is_done; /* its name on disk ends in .done */
	int64_t done_ms;
};
struct inbox {
	struct str folder;
	struct inbox_file *file; /* oldest first */
	size_t n, room, nwaiting;
};

/* Finds what an earlier process left. `folder` must outlive it; it need not exist. */
void inbox_init(struct inbox *b, struct arena *a, struct str folder, int64_t now_ms);
void inbox_release(struct inbox *b);
/* Onto the disk, synced. RETRY: the disk is full or gone. */
enum outcome inbox_put(struct inbox *b, struct arena *a, const char *name, struct str bytes, struct err *e) MUST_CHECK;
struct inbox_file *inbox_find(struct inbox *b, const char *name); /* NULL: never seen, or long ago */
struct inbox_file *inbox_waiting(struct inbox *b); /* the oldest that waits, NULL = none */
enum outcome inbox_read(
	const struct inbox *b, struct arena *a, const struct inbox_file *f, struct str *out, struct err *e) MUST_CHECK;
void inbox_done(struct inbox *b, struct arena *a, struct inbox_file *f, int64_t now_ms);
void inbox_put_aside(struct inbox *b, struct arena *a, struct inbox_file *f); /* as NAME.bad, for a person to look at */
/* Redis may have forgotten what was done since then: it waits again. */
void inbox_distrust(struct inbox *b, int64_t since_ms);
/* Deletes what was done before that. */
void inbox_expire(struct inbox *b, struct arena *a, int64_t before_ms);

#endif
