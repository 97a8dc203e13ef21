/* Which model there was before the one in force. */
#include "cli/model_before.h"

#include "common/rules/model_layer.h"
#include "common/rules/published.h"
#include <earshot/limits.h>

#include <stdio.h>

/* REJECT: its files are not there any more, or damaged; then an older one is looked at. */
static enum outcome look_at(struct redis *r, struct arena *a, struct str version, const struct rulebook_files *in_force,
	struct model_before *out, struct err *e)
{
	struct err gone = { 0 };
	out->files = (struct rulebook_files){ 0 };
	(void)snprintf(out->version, sizeof out->version, "%.*s", STR_FMT(version));
	const enum outcome done = version.n > 0 ? published_files(r, a, out->version, &out->files, &gone) : OK;
	if (done != OK && done != REJECT)
		return err_set(e, done, "%s", gone.text);
	out->is_there = done == OK && !model_layer_same(in_force, &out->files);
	return OK;
}

enum outcome model_before_find(
	struct redis *r, struct arena *a, const struct rulebook_files *in_force, struct model_before *out, struct err *e)
{
	struct rulebooks_event *event = NULL;
	size_t n = 0;
	*out = (struct model_before){ 0 };
	enum outcome done = rulebooks_history(r, a, LIMIT_RULEBOOK_HISTORY, &event, &n, e);
	for (size_t i = 0; i < n && done == OK && !out->is_there; i++)
		if (!str_eqc(event[i].action, "propose"))
			done = look_at(r, a, event[i].previous, in_force, out, e);
	return done;
}
