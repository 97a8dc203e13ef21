/* One configured source beside what Redis knows of it: what `earshot source list` and `explain` show. */
#ifndef EARSHOT_CLI_SOURCE_VIEW_H
#define EARSHOT_CLI_SOURCE_VIEW_H

#include "cli/stored.h"
#include "common/store/sources.h"
#include "common/store/sources_look.h"
#include "common/store/subscriptions.h"
#include "crawler/sources.h"

enum source_role { SOURCE_POLLED, SOURCE_PUSHED, SOURCE_OFF };
enum view_state { VIEW_OK, VIEW_WAITING, VIEW_FAILING, VIEW_LATE, VIEW_PAUSED, VIEW_PUSHED, VIEW_OFF, VIEW__N };
extern const char *const view_state_names[VIEW__N];

struct source_view {
	const struct source *source;
	enum source_role role;
	struct source_state state; /* zeros when it was never fetched; so are the next ones of what is not polled */
	struct host_state host;
	struct subscription subscription; /* at a hub, if it has one */
	bool has_subscription;
	int64_t due_ms; /* 0 = no crawler has taken it up yet */
	int64_t paused_ms; /* until when; 0 = it is not paused, PAUSE_FOR_GOOD = until it is resumed */
	int64_t now_ms;
};

/* Reads a source's state; texts live in `a`. Pauses are those of source_view_pauses(). */
struct pause_table;
enum outcome source_view_read(
	struct stored *s, struct arena *a, const struct pause_table *pauses, struct source_view *v, struct err *e) MUST_CHECK;
enum outcome source_view_pauses(struct stored *s, struct pause_table **out, struct err *e) MUST_CHECK;

/* Pure from here on. */
enum view_state source_view_state(const struct source_view *v);
bool source_view_is_sick(const struct source_view *v); /* now, or by the verdict of several polls */
const char *source_view_kind(const struct source_view *v); /* "feed", "page", … or "recipe" */

/* The configuration of a command: prints what is wrong with it and returns false when something is. */
bool source_view_load(struct session *s, struct source_list *out);
/* By id, wherever it stands; NULL after printing that there is none. */
const struct source *source_view_find(const struct source_list *l, const char *id, enum source_role *role);

#endif
