/* One message to the operators about earshot itself: a source that fell ill, one that is well again. It travels as alerts do (outbox,
 * deliveries, dead letters), in a partition of its own, to the targets with `operators = yes` and to no other. Its words are
 * made where the numbers are, in both languages; the notifier adds a head and its target's clock. */
#ifndef EARSHOT_NOTICE_H
#define EARSHOT_NOTICE_H

#include "common/base/str.h"

/* Stands where alerts have their brand. No brand can be called so: ids have no underscore. */
#define NOTICE_PARTITION "_operators"

enum notice_kind {
	NOTICE_SICK,
	NOTICE_REMINDER,
	NOTICE_WELL,
	NOTICE_MANY_SICK,
	NOTICE_MANY_WELL,
	NOTICE__N,
};
extern const char *const notice_names[NOTICE__N];

struct notice {
	struct str id; /* the same when it is written again: one delivery a target */
	enum notice_kind kind;
	struct str source; /* "" = many */
	struct str state; /* of the source: a word */
	int64_t at_ms, since_ms;
	struct str zh, en; /* sentences */
};

#endif
