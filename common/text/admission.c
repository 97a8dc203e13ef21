/* Which brands a post is about: aliases that survive exclusion, and whose context speaks for the brand. */
#include "common/text/admission.h"

static bool has_context(const struct scanned *s, int brand)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->match[i].rule->list == LIST_CONTEXT && s->match[i].rule->brand == brand)
			return true;
	return false;
}

static struct admission *admission_of(struct admission *list, size_t *n, int brand)
{
	for (size_t i = 0; i < *n; i++)
		if (list[i].brand == brand)
			return &list[i];
	list[*n] = (struct admission){ .brand = brand };
	return &list[(*n)++];
}

static size_t count_aliases(const struct scanned *s)
{
	size_t n = 0;
	for (size_t i = 0; i < s->n; i++)
		n += s->match[i].rule->list == LIST_BRAND;
	return n;
}

static const struct match *const *places_of(struct arena *a, const struct scanned *s, const struct admission *admission)
{
	const struct match **place = arena_list(a, const struct match *, admission->nplaces);
	size_t n = 0;
	for (size_t i = 0; i < s->n; i++)
		if (s->match[i].rule->list == LIST_BRAND && s->match[i].rule->brand == admission->brand)
			place[n++] = &s->match[i];
	return place;
}

size_t admission_find(struct arena *a, const struct rulebook *book, const struct scanned *s, struct admission **out)
{
	size_t naliases = count_aliases(s), n = 0;
	*out = NULL;
	if (naliases == 0)
		return 0;
	struct admission *list = arena_list(a, struct admission, naliases);
	for (size_t i = 0; i < s->n; i++)
		if (s->match[i].rule->list == LIST_BRAND)
			admission_of(list, &n, s->match[i].rule->brand)->nplaces++;
	size_t kept = 0;
	for (size_t i = 0; i < n; i++) {
		if (book->brand[list[i].brand].needs_context && !has_context(s, list[i].brand))
			continue;
		list[i].place = places_of(a, s, &list[i]);
		list[kept++] = list[i];
	}
	*out = list;
	return kept;
}
