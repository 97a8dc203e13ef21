/* Word groups that negative mentions use and no rule knows. */
#include "detector/suggest.h"

#include <earshot/limits.h>

#include "common/base/utf8.h"
#include "detector/complaint.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_BYTES ((size_t)1 << 30)
#define COPIES_MOST (1u << 20)
#define LEAST_G2 10.83 /* p < 0.001 for one group */
#define LEAST_JOINT 0.45 /* of 1, at the weakest joint of a Han group */
#define LEAST_ENTROPY 0.9 /* bits, of the neighbours on each side of a Han group */
#define AROUND_BYTES 45 /* of a sample, on each side */

/* ---- taking mentions ---- */

void suggest_init(struct suggest *s)
{
	*s = (struct suggest){ 0 };
	arena_init(&s->arena, ARENA_BYTES);
	s->text = arena_list(&s->arena, struct suggest_text, 2 * SUGGEST_TEXTS);
	tally_init(&s->copies, COPIES_MOST);
	buf_init(&s->joined, 4 * SUGGEST_TEXT_BYTES);
}

void suggest_release(struct suggest *s)
{
	tally_release(&s->copies);
	buf_release(&s->joined);
	arena_release(&s->arena);
}

/* Title and text, folded, with a line break between, as far as they are looked at; aside, because most may be copies. */
static struct str join(struct buf *out, const struct scanned *s, size_t offset[POST_FIELD__N])
{
	const struct str title = s->field[POST_TITLE].text, text = s->field[POST_TEXT].text;
	buf_clear(out);
	buf_adds(out, str_first(title, SUGGEST_TEXT_BYTES + 1));
	buf_addc(out, '\n');
	buf_adds(out, str_first(text, SUGGEST_TEXT_BYTES + 1));
	offset[POST_TITLE] = 0;
	offset[POST_TEXT] = title.n + 1;
	return str_cut_utf8(buf_str(out), SUGGEST_TEXT_BYTES);
}

static bool covers(const struct rule *r)
{
	return r->list == LIST_BRAND || r->list == LIST_EXCLUDE || r->list == LIST_COMPLAINT || r->list == LIST_SENTIMENT ||
	       r->list == LIST_URGENCY;
}

static struct str wall(struct arena *a, struct str plain, const struct scanned *s, const size_t offset[POST_FIELD__N])
{
	char *out = arena_take(a, plain.n + 1);
	if (plain.n > 0)
		memcpy(out, plain.p, plain.n);
	for (size_t i = 0; i < s->n; i++) {
		const struct match *m = &s->match[i];
		const size_t from = offset[m->field] + m->norm_from, to = offset[m->field] + m->norm_to;
		if (covers(m->rule) && from < plain.n)
			memset(out + from, GRAM_WALL, (to < plain.n ? to : plain.n) - from);
	}
	return (struct str){ out, plain.n };
}

void suggest_add(struct suggest *s, const struct scanned *scanned, const struct verdict *v)
{
	const bool is_complaint = v->complaint >= COMPLAINT_FROM;
	const bool is_bad = is_complaint || v->label == LABEL_NEGATIVE;
	size_t offset[POST_FIELD__N];
	if (v->own)
		return;
	if ((is_bad ? s->nbad : s->nrest) == SUGGEST_TEXTS) {
		s->untaken++;
		return;
	}
	const struct str joined = join(&s->joined, scanned, offset);
	if (tally_add(&s->copies, str_hash(joined)) > 1)
		return;
	const struct str plain = arena_copy(&s->arena, joined);
	s->text[s->n++] =
		(struct suggest_text){ plain, wall(&s->arena, plain, scanned, offset), v->category, is_bad, is_complaint };
	s->nbad += is_bad;
	s->nrest += !is_bad;
}

/* ---- the measures ---- */

static double part(double observed, double expected)
{
	return observed > 0 ? observed * log(observed / expected) : 0;
}

double suggest_g2(double a, double na, double b, double nb)
{
	const double all = na + nb, with = a + b, without = all - with;
	if (na <= 0 || nb <= 0 || with <= 0 || a * nb <= b * na)
		return 0;
	return 2 * (part(a, na * with / all) + part(b, nb * with / all) + part(na - a, na * without / all) +
			   part(nb - b, nb * without / all));
}

/* How firmly the weakest joint of a Han group holds: pointwise mutual information over its greatest possible value (Bouma 2009,
 * "Normalized (Pointwise) Mutual Information"): 0 = by chance, 1 = the parts are never seen apart. */
static double weakest_joint(const struct grams *g, const struct suggest *s, struct str group)
{
	const struct gram *whole = grams_find(g, group);
	const double texts = (double)whole->bad + whole->rest, most = fmax(1e-3, log2((double)s->n / texts));
	double least = INFINITY;
	for (size_t cut = 0; utf8_next(group, &cut) && cut < group.n;) {
		const struct gram *left = grams_find(g, str_first(group, cut)), *right = grams_find(g, str_from(group, cut));
		if (left == NULL || right == NULL)
			return 0;
		const double chance = ((double)left->bad + left->rest) * ((double)right->bad + right->rest) / (double)s->n;
		least = fmin(least, log2(texts / chance) / most);
	}
	return least;
}

/* ---- function words: own lists; a group that begins or ends with one is a fragment ---- */

static const char han_first[] =
	"的了是在我你他她它们这那和与就都而及也吗呢吧啊呀着过被把让对从到个些很还又再才只啦嘛哦为以之其于之后前上下里中么什怎";
static const char han_last[] = "的了是在我你他她它们这那和与就都而及也吗呢吧啊呀着过被把让给对从到有没不很太还又再才只个些啦嘛哦"
			       "为以之其于要会能可么什怎";
static const char *const stop_words[] = { "a", "an", "and", "or", "but", "the", "of", "to", "in", "on", "at", "for", "with",
	"from", "by", "as", "if", "so", "than", "then", "that", "this", "these", "those", "there", "here", "it", "its", "it's",
	"is", "are", "was", "were", "be", "been", "being", "am", "i", "i'm", "i've", "i'd", "i'll", "you", "you're", "your", "he",
	"she", "we", "we're", "they", "my", "our", "their", "his", "her", "me", "him", "us", "them", "do", "does", "did", "doing",
	"have", "has", "had", "will", "would", "can", "could", "should", "may", "might", "just", "also", "very", "too", "about",
	"into", "over", "up", "down", "out", "off", "all", "any", "some", "what", "which", "who", "when", "where", "why", "how",
	"more", "most", "much", "many", "one", "get", "got", "am", "because", "while", "after", "before", "now", "s", "t", "u",
	"rt", "http", "https", "via", "amp" };

static bool is_stop_word(struct str word)
{
	for (size_t i = 0; i < sizeof stop_words / sizeof *stop_words; i++)
		if (str_eqc(word, stop_words[i]))
			return true;
	return false;
}

static bool has_function_edge(const struct gram *g, struct str group)
{
	if (g->is_han) {
		size_t first = 0, last = group.n - 1;
		(void)utf8_next(group, &first);
		while (last > 0 && ((unsigned char)group.p[last] & 0xC0) == 0x80)
			last--;
		return str_find(STR(han_first), str_first(group, first)) >= 0 ||
		       str_find(STR(han_last), str_from(group, last)) >= 0;
	}
	size_t space = group.n;
	while (space > 0 && group.p[space - 1] != ' ')
		space--;
	const ptrdiff_t first = str_findc(group, ' ');
	return is_stop_word(str_first(group, first < 0 ? group.n : (size_t)first)) || is_stop_word(str_from(group, space));
}

/* ---- choosing ---- */

struct candidate {
	struct str term;
	struct gram *gram;
	double g2;
	uint32_t places, edges[2]; /* edges: places with no neighbour on that side */
	double entropy[2]; /* of the neighbours before and after */
	uint32_t last, complaints, category[CAT__N]; /* texts; last: the one that counted last, + 1 */
	struct str sample[SUGGEST_SAMPLES];
	size_t nsamples;
};

static int candidate_cmp(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	if (x->g2 < y->g2 || x->g2 > y->g2)
		return x->g2 > y->g2 ? -1 : 1;
	if (x->term.n != y->term.n)
		return x->term.n > y->term.n ? -1 : 1; /* of equals the longer one says more */
	return str_cmp(x->term, y->term);
}

#define CANDIDATES_MOST 4000

static bool is_candidate(const struct grams *g, const struct suggest *s, struct gram *gram, struct candidate *out)
{
	const struct str term = { s->text[gram->text].walled.p + gram->from, gram->bytes };
	const size_t least_bytes = gram->is_han ? 6 : 3;
	if (term.n < least_bytes || (gram->is_han && gram->length < 2) || has_function_edge(gram, term))
		return false;
	const double g2 = suggest_g2(gram->bad, (double)s->nbad, gram->rest, (double)s->nrest);
	if (g2 < LEAST_G2 || (gram->is_han && weakest_joint(g, s, term) < LEAST_JOINT))
		return false;
	*out = (struct candidate){ .term = term, .gram = gram, .g2 = g2 };
	return true;
}

static size_t choose(struct suggest *s, struct grams *g, uint32_t support, struct candidate **out)
{
	size_t n = 0, most = 0;
	for (size_t i = 0; i < g->cap; i++)
		most += g->gram[i].hash != 0 && g->gram[i].bad >= support;
	*out = arena_list(&s->arena, struct candidate, most + 1);
	for (size_t i = 0; i < g->cap; i++)
		if (g->gram[i].hash != 0 && g->gram[i].bad >= support)
			n += is_candidate(g, s, &g->gram[i], &(*out)[n]);
	qsort(*out, n, sizeof **out, candidate_cmp);
	n = n < CANDIDATES_MOST ? n : CANDIDATES_MOST;
	for (size_t i = 0; i < n; i++)
		(*out)[i].gram->rank = (uint32_t)i + 1;
	return n;
}

/* ---- the second look: only candidates, only texts that complain ---- */

struct look {
	struct suggest *suggest;
	const struct grams *grams;
	struct candidate *candidate;
	struct tally neighbours; /* candidate << 33 | side << 32 | code point */
	uint32_t number;
};

static uint64_t neighbour_key(size_t candidate, int side, uint32_t cp)
{
	return (uint64_t)candidate << 33 | (uint64_t)side << 32 | cp;
}

/* The character before or after a place; false at an edge: a wall, a sign, the end. */
static bool neighbour_of(struct str text, const struct gram_place *p, int side, uint32_t *cp)
{
	size_t at = side == 0 ? p->from : p->from + p->bytes;
	if (side == 0 ? at == 0 : at >= text.n)
		return false;
	if (side == 0)
		do
			at--;
		while (at > 0 && ((unsigned char)text.p[at] & 0xC0) == 0x80);
	*cp = utf8_next(text, &at);
	return utf8_is_han(*cp);
}

static struct str around(const struct suggest_text *t, const struct gram_place *p)
{
	size_t from = p->from > AROUND_BYTES ? p->from - AROUND_BYTES : 0;
	while (from > 0 && ((unsigned char)t->plain.p[from] & 0xC0) == 0x80)
		from--;
	return str_cut_utf8(str_from(t->plain, from), p->from - from + p->bytes + AROUND_BYTES);
}

static void look_at(void *context, const struct gram_place *p)
{
	struct look *l = context;
	const struct suggest_text *t = &l->suggest->text[l->number];
	const struct gram *gram = grams_find(l->grams, (struct str){ t->walled.p + p->from, p->bytes });
	if (gram == NULL || gram->rank == 0)
		return;
	struct candidate *c = &l->candidate[gram->rank - 1];
	c->places++;
	for (int side = 0; side < 2 && p->is_han; side++) {
		uint32_t cp;
		if (neighbour_of(t->walled, p, side, &cp))
			(void)tally_add(&l->neighbours, neighbour_key(gram->rank, side, cp)); /* without room: less entropy */
		else
			c->edges[side]++;
	}
	if (c->last == l->number + 1)
		return;
	c->last = l->number + 1;
	c->complaints += t->is_complaint;
	c->category[t->category]++;
	if (c->nsamples < SUGGEST_SAMPLES)
		c->sample[c->nsamples++] = around(t, p);
}

/* Every place without a neighbour counts as one of its own: what stands at an edge stands free. */
static void measure_entropy(struct look *l, size_t n)
{
	for (size_t i = 0; i < l->neighbours.cap; i++) {
		if (l->neighbours.key[i] == 0)
			continue;
		struct candidate *c = &l->candidate[(l->neighbours.key[i] >> 33) - 1];
		const double share = (double)l->neighbours.count[i] / c->places;
		c->entropy[l->neighbours.key[i] >> 32 & 1] -= share * log2(share);
	}
	for (size_t i = 0; i < n; i++)
		for (int side = 0; side < 2 && l->candidate[i].places > 0; side++)
			l->candidate[i].entropy[side] +=
				l->candidate[i].edges[side] * log2(l->candidate[i].places) / l->candidate[i].places;
}

static void look_again(struct suggest *s, const struct grams *g, struct candidate *c, size_t n)
{
	struct look l = { .suggest = s, .grams = g, .candidate = c };
	tally_init(&l.neighbours, GRAMS_MOST);
	for (l.number = 0; l.number < s->n; l.number++)
		if (s->text[l.number].is_bad)
			grams_each(s->text[l.number].walled, look_at, &l);
	measure_entropy(&l, n);
	tally_release(&l.neighbours);
}

/* ---- the answer ---- */

static bool stands_free(const struct candidate *c)
{
	return !c->gram->is_han || (c->entropy[0] >= LEAST_ENTROPY && c->entropy[1] >= LEAST_ENTROPY);
}

static bool is_inside_other(const struct suggestion *list, size_t n, struct str term)
{
	for (size_t i = 0; i < n; i++)
		if (str_find(list[i].term, term) >= 0 || str_find(term, list[i].term) >= 0)
			return true;
	return false;
}

/* As sure as its texts are, in steps of 0.1: from 0.3 to 0.8. A sentiment word is negative. */
static float weight_of(const struct suggest *s, const struct candidate *c, bool is_complaint)
{
	const double bad = c->gram->bad / (double)s->nbad, rest = (c->gram->rest + 0.5) / (double)(s->nrest + 1);
	const double sure = bad / (bad + rest), weight = round(10 * fmax(0.3, fmin(0.8, 0.3 + (sure - 0.5)))) / 10;
	return (float)(is_complaint ? weight : -weight);
}

static struct suggestion make(const struct suggest *s, const struct candidate *c)
{
	struct suggestion out = {
		.term = c->term, .g2 = c->g2, .bad = c->gram->bad, .rest = c->gram->rest, .nsamples = c->nsamples
	};
	enum category best = CAT_OTHER;
	for (int k = CAT_NONE + 1; k < CAT__N; k++)
		if (c->category[k] > c->category[best])
			best = (enum category)k;
	out.is_complaint = 2 * c->complaints >= c->gram->bad;
	out.category = out.is_complaint ? best : CAT_NONE;
	out.weight = weight_of(s, c, out.is_complaint);
	memcpy(out.sample, c->sample, sizeof out.sample);
	return out;
}

size_t suggest_find(struct suggest *s, size_t most, uint32_t support, struct suggestion **out)
{
	struct grams g;
	struct candidate *c = NULL;
	size_t n = 0;
	grams_init(&g);
	for (int bad = 1; bad >= 0; bad--) /* only groups of bad texts are kept, so these come first */
		for (size_t i = 0; i < s->n; i++)
			if (s->text[i].is_bad == (bad == 1))
				grams_count(&g, s->text[i].walled, (uint32_t)i, bad == 1);
	const size_t ncandidates = choose(s, &g, support, &c);
	look_again(s, &g, c, ncandidates);
	*out = arena_list(&s->arena, struct suggestion, most + 1);
	for (size_t i = 0; i < ncandidates && n < most; i++)
		if (stands_free(&c[i]) && !is_inside_other(*out, n, c[i].term))
			(*out)[n++] = make(s, &c[i]);
	grams_release(&g);
	return n;
}
