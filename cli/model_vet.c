/* A new model on the protected posts, beside the one in use. */
#include "cli/model_vet.h"

#include "common/base/file.h"
#include "detector/protected.h"
#include <earshot/limits.h>

static enum outcome read_set(struct arena *a, const struct settings *s, struct protected_set *set, struct err *e)
{
	const char *path = arena_cstr(a, s->protected_posts);
	struct str bytes = protected_shipped();
	const enum outcome done = s->protected_posts.n > 0 ? file_read(a, path, LIMIT_CONF_BYTES, &bytes, e) : OK;
	return done == OK ? protected_parse(a, bytes, s->protected_posts.n > 0 ? path : "models/protected.tsv", set, e) : done;
}

enum outcome model_vet(struct arena *a, const struct settings *s, const struct rulebook *in_use, const struct rulebook *candidate,
	struct buf *report, struct err *e)
{
	struct protected_set set;
	const enum outcome done = read_set(a, s, &set, e);
	if (done != OK)
		return done;
	const enum label *before = protected_judge(a, &set, in_use), *after = protected_judge(a, &set, candidate);
	if (!protected_is_worse(&set, before, after, report))
		return OK;
	return err_set(e, REJECT,
		"the model %s judges the protected posts worse than %s, which is in use; look at the posts above, add labels "
		"like "
		"them, or take it all the same with --force",
		rulebook_model(candidate), rulebook_model(in_use));
}
