/* Finds the names of other brands: aliases the rulebook knows, a name that is given, or one that looks like a name. */
#include "detector/rival.h"

#include "detector/mention.h"
#include "detector/stranger.h"

static void known_find(const struct reading *r, rival_add *add, void *into)
{
	for (size_t i = 0; i < r->s->n; i++) {
		const struct match *m = &r->s->match[i];
		if (m->rule->list == LIST_BRAND && m->rule->brand != r->brand)
			add(into, (struct place){ m->field, m->norm_from, m->norm_to });
	}
}

double rivals_find(const struct reading *r, rival_add *add, void *into)
{
	if (r->rival.n > 0) {
		mention_find(r, r->rival, add, into);
		return 1;
	}
	known_find(r, add, into);
	if (r->brand >= 0 || r->nmentions == 0 || !stance_model_shipped())
		return 1;
	/* the dictionary is asked often: too dear for the live path, which knows its brands */
	return stranger_find(r, stance_model_shipped(), add, into);
}
