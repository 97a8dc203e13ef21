/* Whether an alias that is also an everyday word means the brand: the words around it and the grammar, added up. */
#include "common/text/sense.h"

#include "common/base/utf8.h"

#define OWN_WEIGHT 2.6f /* a word of the brand's own lists, in the same clause */
#define OWN_MOST 5.0f
#define ONE_CHARACTER 0.5f /* a word of a single Chinese character says less: 车 is in 车票 as well */
#define GENERAL_WEIGHT 1.7f /* of a general word of weight 1 */
#define GENERAL_MOST 3.0f
#define COMPANY_WEIGHT 0.8f /* another brand near by */
#define RIVAL_WEIGHT 1.6f /* a competitor */
#define NEAR_STEPS 20
#define NEAR_FACTOR 0.8f /* another clause, but near */
#define FAR_FACTOR 0.5f
#define BESIDE_FACTOR 1.4f /* right beside the alias: 小米客服, Target cashier */
#define GAP_BYTES 240u /* what is farther away is far, whatever stands between */

void sense_add(struct sense *s, const char *name, const struct match *match, float weight)
{
	s->score += weight;
	if (s->n < SENSE_CUES)
		s->cue[s->n++] = (struct cue){ name, match, weight };
}

bool sense_is_asked(const struct rulebook *book, const struct match *alias)
{
	const bool is_query = alias->rule->query != NULL; /* it has asked for itself */
	return !is_query && (alias->rule->is_ambiguous || book->brand[alias->rule->brand].needs_context);
}

/* ---- how near ---- */

struct gap {
	int steps; /* Chinese characters and Latin words between */
	bool has_border; /* a clause ends between */
	bool is_possessive; /* only 的 or 's between */
};

static bool is_border(struct str text, size_t at, uint32_t cp)
{
	switch (cp) {
	case '.':
		return at + 1 >= text.n || text.p[at + 1] == ' ';
	case ',':
	case '!':
	case '?':
	case ';':
	case 0x3002: /* 。 */
	case 0x3001: /* 、 */
		return cp != 0x3001;
	default:
		return false;
	}
}

static struct gap gap_of(struct str text, size_t from, size_t to)
{
	struct gap gap = { 0 };
	bool in_word = false;
	struct str between = str_trim((struct str){ text.p + from, to - from });
	gap.is_possessive = str_eqc(between, "的") || str_eqc(between, "'s") || str_eqc(between, "’s");
	for (size_t at = from; at < to;) {
		const size_t here = at;
		const uint32_t cp = utf8_next(text, &at);
		const bool is_word = utf8_is_word(cp) || cp == '\'';
		gap.has_border = gap.has_border || is_border(text, here, cp);
		gap.steps += is_word ? !in_word : utf8_is_han(cp);
		in_word = is_word;
	}
	return gap;
}

/* How much a word counts where it stands; it may also cover the alias (小米公司). */
static float nearness(const struct scanned *s, const struct match *alias, const struct match *word)
{
	if (word->field != alias->field)
		return FAR_FACTOR;
	const bool is_before = word->norm_to <= alias->norm_from, is_behind = word->norm_from >= alias->norm_to;
	if (!is_before && !is_behind)
		return BESIDE_FACTOR;
	const size_t from = is_before ? word->norm_to : alias->norm_to, to = is_before ? alias->norm_from : word->norm_from;
	if (to - from > GAP_BYTES)
		return FAR_FACTOR;
	const struct gap gap = gap_of(s->field[alias->field].text, from, to);
	if (!gap.has_border && (gap.steps == 0 || gap.is_possessive))
		return BESIDE_FACTOR;
	if (!gap.has_border && gap.steps <= NEAR_STEPS)
		return 1;
	return gap.steps <= NEAR_STEPS ? NEAR_FACTOR : FAR_FACTOR;
}

/* ---- words ---- */

static bool is_same_place(const struct match *a, const struct match *b)
{
	return a->field == b->field && a->norm_from == b->norm_from && a->norm_to == b->norm_to;
}

static bool lies_inside(const struct match *inner, const struct match *outer)
{
	return inner->field == outer->field && inner->norm_from >= outer->norm_from && inner->norm_to <= outer->norm_to;
}

/* The words around one alias while they are counted. */
struct tally {
	struct sense_post *post;
	const struct match *alias;
	struct sense *out;
	const struct match *seen[2 * SENSE_WINDOW]; /* one word counts once, where it is met first: outward from the alias */
	size_t nseen;
	float own, general;
	bool has_company;
};

static bool is_seen(const struct tally *t, const struct rule *rule)
{
	for (size_t i = 0; i < t->nseen; i++)
		if (t->seen[i]->rule == rule)
			return true;
	return false;
}

/* Does a word of the brand's own lists stand at the same place? It knows better. */
static bool is_replaced(const struct tally *t, const struct match *word)
{
	const struct scanned *s = t->post->s;
	const size_t at = (size_t)(word - s->match);
	for (size_t i = at; i-- > 0 && s->match[i].field == word->field && s->match[i].norm_from == word->norm_from;)
		if (s->match[i].rule->list == LIST_CONTEXT && s->match[i].rule->brand == t->alias->rule->brand)
			return true;
	for (size_t i = at + 1; i < s->n && is_same_place(&s->match[i], word); i++)
		if (s->match[i].rule->list == LIST_CONTEXT && s->match[i].rule->brand == t->alias->rule->brand)
			return true;
	return false;
}

static float clamp(float sum, float most)
{
	return sum > most ? most : sum < -most ? -most : sum;
}

/* Adds to a sum that has a ceiling; what enters the score is what the sum really gained. */
static void tally_add(struct tally *t, float *sum, float most, const char *name, const struct match *word, float weight)
{
	const float before = clamp(*sum, most);
	*sum += weight;
	sense_add(t->out, name, word, clamp(*sum, most) - before);
}

static bool speaks_of(const struct tally *t, const struct rule *rule)
{
	struct str folded = t->post->s->field[t->alias->field].text;
	folded = (struct str){ folded.p + t->alias->norm_from, t->alias->norm_to - t->alias->norm_from };
	return rule->alias.n == 0 || str_eq(rule->alias, folded);
}

static float weight_of(const struct tally *t, const struct match *word)
{
	const bool is_short = !word->rule->is_latin && word->to - word->from == 1;
	return word->rule->weight * (is_short ? ONE_CHARACTER : 1) * nearness(t->post->s, t->alias, word);
}

/* Words of other brands and aliases say nothing here; true when it was a word to look at. */
static bool tally_word(struct tally *t, const struct match *word)
{
	const struct rule *rule = word->rule;
	if (lies_inside(word, t->alias) || is_seen(t, rule) || t->nseen == 2 * SENSE_WINDOW)
		return false;
	if (rule->brand == t->alias->rule->brand && speaks_of(t, rule)) {
		t->seen[t->nseen++] = word;
		tally_add(t, &t->own, OWN_MOST, rule->weight < 0 ? "against" : "context", word, OWN_WEIGHT * weight_of(t, word));
		return true;
	}
	if (rule->brand >= 0 || is_replaced(t, word))
		return false;
	t->seen[t->nseen++] = word;
	tally_add(t, &t->general, GENERAL_MOST, "general", word, GENERAL_WEIGHT * weight_of(t, word));
	return true;
}

static bool is_rival(const struct rulebook *book, const struct brand *brand, int other)
{
	for (size_t i = 0; i < brand->ncompetitors; i++)
		if (str_eq(brand->competitor[i], book->brand[other].id) || str_eq(brand->competitor[i], book->brand[other].name))
			return true;
	return false;
}

/* Another brand speaks for a brand, unless that one is an everyday word itself. */
static void tally_company(struct tally *t, const struct match *other)
{
	const struct rulebook *book = t->post->book;
	if (t->has_company || other->rule->brand == t->alias->rule->brand || sense_is_asked(book, other) ||
		lies_inside(t->alias, other))
		return;
	t->has_company = true;
	const bool rival = is_rival(book, &book->brand[t->alias->rule->brand], other->rule->brand);
	sense_add(t->out, "company", other, (rival ? RIVAL_WEIGHT : COMPANY_WEIGHT) * nearness(t->post->s, t->alias, other));
}

static bool tally_match(struct tally *t, const struct match *m)
{
	if (m->rule->list == LIST_CONTEXT)
		return tally_word(t, m);
	if (m->rule->list == LIST_BRAND)
		tally_company(t, m);
	return false;
}

static void weigh_words(struct sense_post *post, const struct match *alias, struct sense *out)
{
	const struct scanned *s = post->s;
	const size_t at = (size_t)(alias - s->match);
	struct tally tally = { .post = post, .alias = alias, .out = out };
	size_t before = 0, behind = 0;
	for (size_t i = at + 1; i < s->n && behind < SENSE_WINDOW; i++)
		behind += tally_match(&tally, &s->match[i]);
	for (size_t i = at; i-- > 0 && before < SENSE_WINDOW;)
		before += tally_match(&tally, &s->match[i]);
}

void sense_eval(struct sense_post *post, const struct match *alias, struct sense *out)
{
	const struct norm *field = &post->s->field[alias->field];
	enum casing *casing = &post->casing[alias->field];
	if (*casing == CASING_UNKNOWN)
		*casing = sense_casing(field);
	*out = (struct sense){ 0 };
	sense_add(out, "prior", NULL, post->book->brand[alias->rule->brand].prior);
	weigh_words(post, alias, out);
	if (alias->rule->is_latin)
		sense_latin(field, *casing, alias, out);
	sense_han(field, alias, out);
}
