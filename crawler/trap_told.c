/* Says that a source leads into a trap: once, as long as it is the same one. */
#include "crawler/trap_told.h"

#include "common/base/log.h"
#include "common/base/metrics.h"

#define SLOTS 1024u /* two sources that share one take turns: then it is said more often */

void trap_told(struct str source, const char *why)
{
	static uint64_t said[SLOTS];
	if (why == NULL)
		return;
	metrics_add(M_traps_refused_total, 1);
	const uint64_t home = str_hash(source), word = home ^ str_hash(str_of(why)) * 31;
	if (said[home % SLOTS] == word)
		return;
	said[home % SLOTS] = word;
	log_event(LOG_WARN, EV_source_trap, "source=%.*s why=%s", STR_FMT(source), log_quote(str_of(why)));
}
