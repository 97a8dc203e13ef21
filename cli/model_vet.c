/* A new model on the protected posts, beside the one in use. */
#include "cli/model_vet.h"

#include "common/base/file.h"
#include "common/text/weights.h"
#include "detector/protected.h"
#include <earshot/limits.h>

static enum outcome read_set(struct arena *a, const struct settings *s, struct protected_set *set, struct err *e)
{
	const char *path = arena_cstr(a, s->protected_posts);
	struct str bytes = protected_shipped();
	const enum outcome done = s->protected_posts.n > 0 ? file_read(a, path, LIMIT_CONF_BYTES, &bytes, e) : OK;
	return done == OK ? protected_parse(a, bytes, s->protected_posts.n > 0 ? path : "models/protected.tsv", set, e) : done;
}

static enum outcome compare(struct arena *a, const struct protected_set *set, const struct rulebook *in_use,
	const struct rulebook *candidate, struct buf *report, struct err *e)
{
	const enum label *before = protected_judge(a, set, in_use), *after = protected_judge(a, set, candidate);
	if (!protected_is_worse(set, before, after, report))
		return OK;
	return err_set(e, REJECT,
		"the model %s judges the protected posts worse than %s, which is in use; look at the posts above, add labels "
		"like "
		"them, or take it all the same with --force",
		rulebook_model(candidate), rulebook_model(in_use));
}

enum outcome model_vet(struct arena *a, const struct settings *s, const struct rulebook *in_use, const struct rulebook *candidate,
	struct buf *report, struct err *e)
{
	struct protected_set set;
	const enum outcome done = read_set(a, s, &set, e);
	return done == OK ? compare(a, &set, in_use, candidate, report, e) : done;
}

static bool has_learnt(const struct weights *w, bool is_chinese)
{
	return w->head[is_chinese ? WEIGHTS_ZH_POSITIVE : WEIGHTS_EN_POLAR].slope != 0;
}

enum outcome model_vet_learnt(struct arena *a, const struct settings *s, const struct rulebook *in_use,
	const struct rulebook *candidate, struct buf *report, struct err *e)
{
	struct protected_set set;
	const enum outcome done = read_set(a, s, &set, e);
	if (done != OK)
		return done;
	struct protected_post *post = arena_list(a, struct protected_post, set.n + 1);
	struct protected_set learnt = { post, 0 };
	for (size_t i = 0; i < set.n; i++)
		if (has_learnt(candidate->weights, set.post[i].is_chinese))
			post[learnt.n++] = set.post[i];
	return compare(a, &learnt, in_use, candidate, report, e);
}
