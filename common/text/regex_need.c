/* What a match of a regular expression cannot be without: sets of literals of which one must stand there, the rarest first. */
#include "common/text/regex_part.h"

#include "common/base/utf8.h"
#include <earshot/limits.h>

#include <string.h>

#define BYTES_OF_CHARACTER 4u

struct needs {
	struct regex_need at[REGEX_NEEDS]; /* by cost */
	size_t n;
};

/* ---- how rare a literal is ---- */

/* Characters that stand in every second text, and words that do: poor guides to an expression. */
static const char common_han[] =
	"的一是不了我有人这个上们来到时大地为子中你说就那和要她他出也得里后以会家可下而过天去能对小多然于心么之都好看起发"
	"没成只如事把还用第样想开手又很买吃现点给再真最太月年日号元块";
static const char *const common_latin[] = { "the", "and", "that", "this", "with", "have", "for", "was", "are", "not", "you",
	"but", "all", "they", "were", "been", "has", "had", "what", "when", "is", "it", "to", "of", "in", "on", "my", "me", "we",
	"at", "be", "do", "so", "if", "or", "no", "an", "as", "by", "from", "can", "will", "out", "just", "get", "one", "how",
	"about", "would", "even" };

static bool is_common_latin(struct str s)
{
	for (size_t i = 0; i < sizeof(common_latin) / sizeof(common_latin[0]); i++)
		if (str_eqc(s, common_latin[i]))
			return true;
	return false;
}

/* Halved with every letter, an eighth with every Chinese character. */
static double cost_of(struct str literal)
{
	double cost = 24;
	struct str last = literal;
	size_t nhan = 0;
	for (size_t at = 0; at < literal.n;) {
		const size_t from = at;
		const uint32_t cp = utf8_next(literal, &at);
		const bool is_han = utf8_is_han(cp);
		last = (struct str){ literal.p + from, at - from };
		nhan += is_han;
		cost /= is_han ? 8 : utf8_is_word(cp) ? 2 : 1;
	}
	if (nhan == 1 && last.n == literal.n && str_find(str_of(common_han), last) >= 0)
		return 24;
	return nhan == 0 && is_common_latin(str_trim(literal)) ? 24 : cost;
}

/* A Chinese character weighs two: a literal has to weigh as much. */
static int weight_of(struct str s)
{
	int weight = 0;
	for (size_t at = 0; at < s.n;) {
		const uint32_t cp = utf8_next(s, &at);
		weight += utf8_is_han(cp) ? 2 : utf8_is_word(cp);
	}
	return weight;
}

/* ---- lists of needs ---- */

static void needs_offer(struct needs *needs, struct regex_need need)
{
	size_t at = needs->n;
	while (at > 0 && needs->at[at - 1].cost > need.cost)
		at--;
	if (at == REGEX_NEEDS)
		return;
	needs->n += needs->n < REGEX_NEEDS;
	for (size_t i = needs->n - 1; i > at; i--)
		needs->at[i] = needs->at[i - 1];
	needs->at[at] = need;
}

/* ---- how many bytes ---- */

static uint32_t bytes_sum(uint32_t a, uint32_t b)
{
	return a == REGEX_ANYWHERE || b == REGEX_ANYWHERE || a > LIMIT_REGEX_WINDOW || b > LIMIT_REGEX_WINDOW ? REGEX_ANYWHERE
													      : a + b;
}

/* The most bytes of a text that `part` can match. */
static uint32_t bytes_of(const struct regex_part *part)
{
	uint32_t sum = part->kind == PART_SET ? BYTES_OF_CHARACTER : 0, most = 0;
	for (size_t i = 0; i < part->n; i++) {
		const uint32_t one = bytes_of(part->child[i]);
		sum = bytes_sum(sum, one);
		most = one > most ? one : most;
	}
	if (part->kind == PART_CHOICE)
		return most;
	if (part->kind != PART_REPEAT || sum == 0)
		return sum;
	return part->most > LIMIT_REGEX_REPEAT || sum > LIMIT_REGEX_WINDOW ? REGEX_ANYWHERE : bytes_sum(0, sum * part->most);
}

/* ---- needs of parts ---- */

/* Where a part stands. */
struct standing {
	struct regex_set in_front; /* what can be in front of it … */
	bool is_open; /* … and whether that may be something outside the match */
	uint32_t before; /* bytes of the match in front of it at most */
};

static bool opens_with_word(struct str s)
{
	size_t at = 0;
	return utf8_is_word(utf8_next(s, &at));
}

/* A literal of Latin letters is found at the beginning of words, so it must not stand inside one here; where it may, other places of
 * the text may match than those that lead to it. */
static void needs_offer_run(struct arena *a, struct needs *needs, struct str run, const struct standing *at)
{
	const bool is_latin = run.n > 0 && opens_with_word(run);
	if (weight_of(run) < 2 || (is_latin && regex_set_is_inside_word(&at->in_front)))
		return;
	const bool is_certain = !is_latin || (!at->is_open && !regex_set_has_word(&at->in_front));
	struct str *literal = arena_new(a, struct str);
	*literal = arena_copy(a, run);
	needs_offer(needs, (struct regex_need){ literal, 1, is_certain ? at->before : REGEX_ANYWHERE, cost_of(run) });
}

static struct needs needs_of(struct arena *a, const struct regex_part *part, struct standing at);

static struct standing standing_behind(struct standing at, const struct regex_part *part)
{
	struct regex_set last = { 0 };
	if (part->kind == PART_EMPTY || part->is_ahead)
		return at; /* \b is told by the letters beside it */
	const bool may_be_empty = regex_set_edge(part, false, &last);
	if (may_be_empty)
		regex_set_join(&last, &at.in_front);
	return (struct standing){ last, may_be_empty && at.is_open, bytes_sum(at.before, bytes_of(part)) };
}

static struct needs needs_of_row(struct arena *a, const struct regex_part *part, struct standing at)
{
	struct needs all = { 0 };
	struct standing at_run = at;
	struct buf run;
	buf_init(&run, LIMIT_REGEX_BYTES);
	for (size_t i = 0; i < part->n; i++) {
		const struct regex_part *child = part->child[i];
		if (child->kind == PART_SET && child->cp) {
			if (run.n == 0)
				at_run = at;
			utf8_add(&run, child->cp);
		} else {
			needs_offer_run(a, &all, buf_str(&run), &at_run);
			buf_clear(&run);
			const struct needs inner = needs_of(a, child, at);
			for (size_t k = 0; k < inner.n; k++)
				needs_offer(&all, inner.at[k]);
		}
		at = standing_behind(at, child);
	}
	needs_offer_run(a, &all, buf_str(&run), &at_run);
	buf_release(&run);
	return all;
}

/* One need, made of the rarest of each alternative. */
static struct needs needs_of_choice(struct arena *a, const struct regex_part *part, struct standing at)
{
	struct str *literal = arena_list(a, struct str, REGEX_LITERALS);
	struct regex_need joined = { .literal = literal };
	for (size_t i = 0; i < part->n; i++) {
		const struct needs one = needs_of(a, part->child[i], at);
		if (one.n == 0 || joined.n + one.at[0].n > REGEX_LITERALS)
			return (struct needs){ 0 };
		memcpy(literal + joined.n, one.at[0].literal, one.at[0].n * sizeof(*literal));
		joined.n += one.at[0].n;
		joined.cost += one.at[0].cost;
		joined.before = one.at[0].before > joined.before ? one.at[0].before : joined.before;
	}
	return (struct needs){ { joined }, 1 };
}

static struct needs needs_of(struct arena *a, const struct regex_part *part, struct standing at)
{
	if (part->kind == PART_ROW)
		return needs_of_row(a, part, at);
	if (part->kind == PART_CHOICE)
		return needs_of_choice(a, part, at);
	if (part->kind == PART_REPEAT && part->least > 0)
		return needs_of(a, part->child[0], at);
	return (struct needs){ 0 };
}

size_t regex_needs_of(struct arena *a, const struct regex_part *whole, struct regex_need out[REGEX_NEEDS])
{
	const struct needs needs = needs_of(a, whole, (struct standing){ .is_open = true });
	memcpy(out, needs.at, sizeof(needs.at));
	return needs.n;
}
