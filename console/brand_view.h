/* One brand as the page's card shows it: counts of the last hour and day, backlog, current incident. Read for all brands at
 * once, so that a page of many brands costs few round trips. */
#ifndef EARSHOT_CONSOLE_BRAND_VIEW_H
#define EARSHOT_CONSOLE_BRAND_VIEW_H

#include "common/store/incidents.h"
#include "common/store/procs.h"

#define VIEW_HOURS 24 /* columns of the small chart on a card */

enum view_series { VIEW_ALL, VIEW_NEGATIVE, VIEW_COMPLAINT, VIEW__N };
extern const char *const view_series_names[VIEW__N]; /* dimensions of bucket.h */

struct brand_view {
	struct brand_row row;
	double hour[VIEW__N]; /* the last 60 minutes, the running one included */
	double day[VIEW__N]; /* the last 1,440 minutes */
	double hours[VIEW__N][VIEW_HOURS]; /* by clock hour (UTC), oldest first; the last one is still running */
	int64_t mentions, waiting;
	bool has_incident; /* `incident` is open */
	struct incident incident;
};

/* Fills the views of `n` brands, whose rows are set, with what is true at now_ms. */
enum outcome brand_view_read(
	struct redis *r, struct arena *a, struct brand_view *view, size_t n, int64_t now_ms, struct err *e) MUST_CHECK;

/* An incident that somebody still has to look after. */
bool incident_is_open(const struct incident *i);

#endif
