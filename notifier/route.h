/* Who is told what: routes.conf of the rules folders, and the pure question that it answers.
 *
 *   [target NAME]  channel, lang, utc_offset, enabled, and the options of its channel (notifier/<channel>.c)
 *   [route NAME]   brands, level, events, targets, enabled
 *
 * All routes that fit an alert apply; a target named by several of them gets it once. A section in a later folder takes the
 * place of the one of the same name in an earlier folder; the same name twice in one file is an error. */
#ifndef EARSHOT_NOTIFIER_ROUTE_H
#define EARSHOT_NOTIFIER_ROUTE_H

#include "notifier/notifier.h"

struct route {
	struct str name;
	bool enabled;
	struct conf_list brands; /* ids; "*" = every brand */
	int level; /* the least enum level that it takes */
	struct conf_list events; /* names of enum news (words.h); "*" = all that the detector tells */
	struct conf_list targets; /* names */
	/* derived at load */
	unsigned news; /* bit set of enum news */
	const struct target **target;
	size_t ntargets; /* disabled targets are left out */
};

/* Immutable once loaded; everything in it lives in the arena given to routes_load(). */
struct routes {
	struct target *target;
	size_t ntargets;
	struct route *route;
	size_t nroutes;
};

/* Loads routes.conf of every folder, in order; an absent file is fine in all but the case that no folder has one (a warning:
 * no alert would leave). Problems carry file:line:column; with any error `out` must not be used. */
void routes_load(struct arena *a, const char *const *folder, size_t nfolders, struct routes *out, struct problems *p);
/* The same from bytes, as the only file. */
void routes_parse(struct arena *a, struct str bytes, const char *path, struct routes *out, struct problems *p);
const struct target *routes_target(const struct routes *r, struct str name); /* NULL when there is none, or it is disabled */

/* The targets of an alert, each once, in the order of the file; at most LIMIT_TARGETS. Returns how many; `out` lives in `a`. */
size_t route_targets(struct arena *a, const struct routes *r, const struct alert *alert, const struct target ***out);

/* The names of the targets that hear how earshot itself is. */
size_t routes_operators(struct arena *a, const struct routes *r, struct str **name);

/* Options, for docs and --help. */
extern const struct conf_option target_options[], route_options[];
extern const size_t target_noptions, route_noptions;

#endif
