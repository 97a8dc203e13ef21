/* Matching compiled CSS selectors against the nodes of a page. */
#include "crawler/select.h"

#include <earshot/limits.h>

#include "common/base/bytes.h"
#include "crawler/select_steps.h"

static bool is_element(const struct dom *d, uint32_t node)
{
	return node != 0 && node < d->n && d->node[node].tag != TAG_TEXT;
}

static uint32_t element_before(const struct dom *d, uint32_t node)
{
	do
		node = d->node[node].previous;
	while (node != 0 && d->node[node].tag == TAG_TEXT);
	return node;
}

static uint32_t element_behind(const struct dom *d, uint32_t node)
{
	const uint32_t end = d->node[d->node[node].parent].end;
	do
		node = d->node[node].end;
	while (node < end && d->node[node].tag == TAG_TEXT);
	return node < end ? node : 0;
}

static bool same_name(const struct dom *d, uint32_t a, uint32_t b)
{
	return str_eq(d->node[a].name, d->node[b].name);
}

/* An element behind more than LIMIT_SELECT_SIBLINGS others is nobody's n-th: a hostile page must not make this quadratic. */
static bool is_nth(const struct dom *d, uint32_t node, int64_t nth, bool of_type)
{
	int64_t place = 1;
	uint32_t before = element_before(d, node);
	for (int looked = 0; before != 0 && looked < LIMIT_SELECT_SIBLINGS; looked++) {
		place += !of_type || same_name(d, before, node);
		if (place > nth)
			return false;
		before = element_before(d, before);
	}
	return before == 0 && place == nth;
}

static bool is_last(const struct dom *d, uint32_t node, bool of_type)
{
	uint32_t behind = element_behind(d, node);
	for (int looked = 0; behind != 0 && of_type && looked < LIMIT_SELECT_SIBLINGS; looked++) {
		if (same_name(d, behind, node))
			return false;
		behind = element_behind(d, behind);
	}
	return behind == 0;
}

static bool equal(struct str a, struct str b, bool folds)
{
	return folds ? str_ieq(a, b) : str_eq(a, b);
}

static bool holds(struct str s, struct str part, bool folds)
{
	if (!folds)
		return str_find(s, part) >= 0;
	for (size_t i = 0; i + part.n <= s.n; i++)
		if (str_ieq((struct str){ s.p + i, part.n }, part))
			return true;
	return false;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

#ifdef __SSE2__
static inline __m128i space(__m128i x, __m128i next)
{
	(void)next;
	return _mm_or_si128(bytes_are(x, ' '), bytes_range(x, '\t', 5));
}
#endif

/* Bytes of the word at `at`; 0 at white space. */
static size_t word_length(struct str s, size_t at)
{
	size_t end = at;
	while (end < s.n && !is_space(s.p[end])) {
		end++;
#ifdef __SSE2__
		end = bytes_until(s, end, space);
#endif
	}
	return end - at;
}

static bool has_word(struct str s, struct str word, bool folds)
{
	for (size_t i = 0, n = 0; i < s.n; i += n + 1) {
		n = word_length(s, i);
		if (n == word.n && n != 0 && equal((struct str){ s.p + i, n }, word, folds))
			return true;
	}
	return false;
}

static bool attribute_holds(const struct dom *d, uint32_t node, const struct select_test *t)
{
	const struct dom_attribute *at = dom_attribute_find(d, node, t->name);
	if (at == NULL)
		return false;
	const struct str v = at->value;
	switch (t->kind) {
	case SELECT_IS:
		return equal(v, t->value, t->folds);
	case SELECT_STARTS:
		return v.n >= t->value.n && equal(str_first(v, t->value.n), t->value, t->folds);
	case SELECT_ENDS:
		return v.n >= t->value.n && equal(str_from(v, v.n - t->value.n), t->value, t->folds);
	case SELECT_HOLDS:
		return holds(v, t->value, t->folds);
	case SELECT_WORD:
		return has_word(v, t->value, t->folds);
	default:
		return true;
	}
}

#define CLASS_BYTES 64 /* looking through so many costs as much as asking an ancestor */

static bool has_class(const struct select_page *page, uint32_t node, struct str word)
{
	const struct str list = dom_attribute(page->dom, node, "class");
	*page->climbed += list.n / CLASS_BYTES;
	return has_word(list, word, false);
}

static bool test_holds(const struct select_page *page, uint32_t scope, uint32_t node, const struct select_test *t)
{
	const struct dom *d = page->dom;
	switch (t->kind) {
	case SELECT_TAG:
		return str_eq(d->node[node].name, t->name);
	case SELECT_ID:
		return str_eq(dom_attribute(d, node, "id"), t->value);
	case SELECT_CLASS:
		return has_class(page, node, t->value);
	case SELECT_NTH_CHILD:
	case SELECT_NTH_OF_TYPE:
		return is_nth(d, node, t->nth, t->kind == SELECT_NTH_OF_TYPE);
	case SELECT_LAST_CHILD:
	case SELECT_LAST_OF_TYPE:
		return is_last(d, node, t->kind == SELECT_LAST_OF_TYPE);
	case SELECT_SCOPE:
		return node == scope;
	default:
		return attribute_holds(d, node, t);
	}
}

static bool may_hold(const struct select_page *page, uint32_t node, const struct select_step *s)
{
	return page->sketch == NULL || (s->needs & ~page->sketch[node]) == 0;
}

/* Has the page elements with all that the path asks for? */
static bool may_be_on(const struct select_page *page, const struct select_path *p)
{
	return page->sketch == NULL || (p->needs & ~page->sketch[0]) == 0;
}

static bool step_holds(const struct select_page *page, uint32_t scope, uint32_t node, const struct select_step *s)
{
	if (!is_element(page->dom, node) || !may_hold(page, node, s))
		return false;
	for (size_t i = 0; i < s->ntests; i++)
		if (test_holds(page, scope, node, &s->test[i]) == s->test[i].is_negated)
			return false;
	return true;
}

/* Steps at the left of step[at] up to the next "descendant": each has one place only. -1 when one does not hold, else the index of
 * the leftmost step of the chain, and *node is what it matched. A leading > must end just below the scope. */
static int chain_holds(const struct select_page *page, uint32_t scope, uint32_t *node, const struct select_path *p, int at)
{
	const struct dom *d = page->dom;
	uint32_t n = *node;
	while (step_holds(page, scope, n, &p->step[at])) {
		*node = n;
		if (p->step[at].join == SELECT_CHILD && at == 0)
			return d->node[n].parent == scope ? 0 : -1;
		if (p->step[at].join == SELECT_START || p->step[at].join == SELECT_DESCENDANT)
			return at;
		n = p->step[at].join == SELECT_CHILD ? d->node[n].parent : element_before(d, n);
		at--;
	}
	return -1;
}

/* The nearest ancestor that holds is always the best one: it leaves most ancestors for the steps at the left. So there is no
 * going back. Only a chain that starts at the scope is bound to a place, and such a chain stands leftmost. */
static bool path_holds(const struct select_page *page, uint32_t scope, uint32_t node, const struct select_path *p)
{
	const struct dom *d = page->dom;
	int at = chain_holds(page, scope, &node, p, (int)p->n - 1);
	while (at > 0) {
		uint32_t up = d->node[node].parent;
		int reached = -1;
		while (up != 0 && reached < 0) {
			node = up;
			reached = chain_holds(page, scope, &node, p, at - 1);
			up = d->node[up].parent;
			(*page->climbed)++;
		}
		at = reached;
	}
	return at == 0;
}

bool select_matches_on(const struct select *s, const struct select_page *page, uint32_t scope, uint32_t node)
{
	if (!is_element(page->dom, node) || (page->sketch != NULL && (page->sketch[node] & s->wanted) == 0))
		return false;
	for (size_t i = 0; i < s->n; i++) {
		const struct select_path *p = &s->path[i];
		if (may_be_on(page, p) && may_hold(page, node, &p->step[p->n - 1]) && path_holds(page, scope, node, p))
			return true;
	}
	return false;
}

bool select_matches(const struct select *s, const struct dom *d, uint32_t scope, uint32_t node)
{
	size_t climbed = 0;
	return select_matches_on(s, &(struct select_page){ .dom = d, .climbed = &climbed }, scope, node);
}

static uint64_t bits_of_classes(struct str list)
{
	uint64_t bits = 0;
	for (size_t i = 0, n = 0; i < list.n && bits != ~0ull; i += n + 1) {
		n = word_length(list, i);
		bits |= select_bit('.', (struct str){ list.p + i, n });
	}
	return bits;
}

const uint64_t *select_sketch(struct arena *a, const struct dom *d)
{
	uint64_t *sketch = arena_list(a, uint64_t, d->n);
	for (uint32_t node = 1; node < d->n; node++) {
		const struct dom_node *x = &d->node[node];
		if (x->tag == TAG_TEXT)
			continue;
		sketch[node] = select_bit('<', x->name);
		for (uint32_t i = x->attribute; i < x->attribute + x->nattributes; i++) {
			const struct dom_attribute *at = &d->attribute[i];
			sketch[node] |= select_bit('[', at->name);
			if (str_eq(at->name, STR("id")))
				sketch[node] |= select_bit('#', at->value);
			else if (str_eq(at->name, STR("class")))
				sketch[node] |= bits_of_classes(at->value);
		}
		sketch[0] |= sketch[node];
	}
	return sketch;
}

uint32_t select_next(const struct select *s, const struct dom *d, uint32_t scope, uint32_t after)
{
	const uint32_t end = d->n == 0 ? 0 : d->node[scope].end;
	for (uint32_t n = after + 1; n < end; n++)
		if (select_matches(s, d, scope, n))
			return n;
	return 0;
}

uint32_t select_first(const struct select *s, const struct dom *d, uint32_t scope)
{
	return select_next(s, d, scope, scope);
}

size_t select_nalternatives(const struct select *s)
{
	return s->n;
}

/* The most telling test of the last step. */
static const struct select_test *telling(const struct select_step *last)
{
	const struct select_test *best = NULL;
	static const int worth[] = { [SELECT_ID] = 4, [SELECT_CLASS] = 3, [SELECT_TAG] = 1 };
	int most = 0;
	for (size_t i = 0; i < last->ntests; i++) {
		const struct select_test *t = &last->test[i];
		const bool on_attribute = t->kind >= SELECT_HAS && t->kind <= SELECT_WORD;
		const int value = t->is_negated ? 0 : on_attribute ? 2 : t->kind <= SELECT_CLASS ? worth[t->kind] : 0;
		if (value > most)
			best = t;
		if (value > most)
			most = value;
	}
	return best;
}

struct str select_key(const struct select *s, size_t alternative)
{
	const struct select_path *p = &s->path[alternative];
	const struct select_test *t = telling(&p->step[p->n - 1]);
	if (t == NULL)
		return STR("");
	/* The parser keeps the mark in front of the word: "#id", ".class", "[attribute". */
	if (t->kind == SELECT_TAG)
		return t->name;
	const struct str word = t->kind == SELECT_ID || t->kind == SELECT_CLASS ? t->value : t->name;
	return (struct str){ word.p - 1, word.n + 1 };
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The last run of letters of a value with something else behind it. */
static struct str bounded_run(struct str v)
{
	struct str best = STR("");
	for (size_t i = 0; i < v.n;) {
		size_t n = 0;
		while (i + n < v.n && is_letter(v.p[i + n]))
			n++;
		if (n != 0 && i + n < v.n)
			best = (struct str){ v.p + i, n };
		i += n + 1;
	}
	return best;
}

struct str select_key_part(const struct select *s, size_t alternative)
{
	const struct select_path *p = &s->path[alternative];
	const struct select_test *t = telling(&p->step[p->n - 1]);
	if (t == NULL || t->folds || (t->kind != SELECT_STARTS && t->kind != SELECT_HOLDS))
		return STR("");
	if (!str_eqc(t->name, "id") && !str_eqc(t->name, "class"))
		return STR("");
	return bounded_run(t->value);
}
