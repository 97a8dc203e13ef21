/* The back-fill as commands use it: from the archive that --archive, --posts or the settings name. */
#ifndef EARSHOT_CLI_RULES_BACKFILL_H
#define EARSHOT_CLI_RULES_BACKFILL_H

#include "cli/stored.h"
#include "common/text/rulebook.h"

/* `book` MUST be the published one. Says on s->out what was done; a past that cannot be opened sets s->code. */
enum outcome rules_backfill_run(struct stored *s, const struct rulebook *book, int64_t span_ms, struct err *e) MUST_CHECK;

#endif
