/* From a reading to what the class model sees of it. */
#include "detector/traits.h"

#include "detector/money.h"
#include "detector/sight.h"

#include <math.h>

#define CUES_MOST 512u /* of one text */

/* Kinds of cues; what a value means differs by kind. Numbers are part of trained models: new ones go to the end. */
enum cue {
	CUE_ALWAYS,
	CUE_NATURE,
	CUE_URGENCY,
	CUE_COMPLAINT,
	CUE_SENTIMENT,
	CUE_LIST,
	CUE_LABEL,
	CUE_MOOD,
	CUE_TROUBLE,
	CUE_CATEGORY,
	CUE_QUESTIONS,
	CUE_CLAUSES,
	CUE_LENGTH,
	CUE_MONEY,
	CUE_SIGN,
	CUE_DIGITS,
};

struct cues {
	struct classes_input *out;
	uint64_t seen[CLASSES_CUES / 64]; /* one bit a cue: it counts once */
};

static void cue(struct cues *c, enum cue kind, unsigned value)
{
	const uint16_t number = classes_cue((uint32_t)kind, value);
	const uint64_t bit = (uint64_t)1 << number % 64;
	if ((c->seen[number / 64] & bit) == 0 && c->out->ncues < CUES_MOST)
		c->out->cue[c->out->ncues++] = number;
	c->seen[number / 64] |= bit;
}

/* ---- words ---- */

/* What a word is for, in tenths of its weight by twos, and whether it is negated. */
static void cue_word(struct cues *out, struct reading *r, size_t match)
{
	const struct rule *rule = r->s->match[match].rule;
	const unsigned strength = (unsigned)fminf(15, fabsf(rule->weight) * 5);
	switch (rule->list) {
	case LIST_NATURE:
		cue(out, CUE_NATURE, (unsigned)rule->nature << 8 | strength);
		break;
	case LIST_URGENCY:
		cue(out, CUE_URGENCY, (unsigned)rule->urgency << 8 | strength << 1 | reading_modifiers(r, match).negated);
		break;
	case LIST_COMPLAINT:
		cue(out, CUE_COMPLAINT, (unsigned)rule->category << 8 | strength << 1 | reading_modifiers(r, match).negated);
		break;
	case LIST_SENTIMENT:
		cue(out, CUE_SENTIMENT, (unsigned)(rule->weight > 0) << 8 | strength << 1 | reading_modifiers(r, match).negated);
		break;
	case LIST_NEGATION:
	case LIST_INTENSITY:
	case LIST_CONTRAST:
	case LIST_SENSITIVE:
		cue(out, CUE_LIST, (unsigned)rule->list);
		break;
	default:
		break;
	}
}

/* ---- form ---- */

static unsigned at_most(size_t n, unsigned most)
{
	return n < most ? (unsigned)n : most;
}

static size_t count_questions(const struct reading *r)
{
	size_t n = 0;
	for (size_t i = 0; i < r->nclauses; i++)
		n += r->clause[i].is_question;
	return n;
}

/* Signs that tell a newsroom from a chat, and a promotion from both. */
enum sign { SIGN_EXCLAIMS, SIGN_QUOTES, SIGN_TAGS, SIGN_TOKEN, SIGN_COLON, SIGN_I, SIGN_YOU, SIGN_DIGIT };
static const unsigned char sign_of_byte[256] = {
	['!'] = 1u << SIGN_EXCLAIMS,
	['"'] = 1u << SIGN_QUOTES,
	['#'] = 1u << SIGN_TAGS,
	['['] = 1u << SIGN_TOKEN,
	[':'] = 1u << SIGN_COLON,
	['0'] = 1u << SIGN_DIGIT,
	['1'] = 1u << SIGN_DIGIT,
	['2'] = 1u << SIGN_DIGIT,
	['3'] = 1u << SIGN_DIGIT,
	['4'] = 1u << SIGN_DIGIT,
	['5'] = 1u << SIGN_DIGIT,
	['6'] = 1u << SIGN_DIGIT,
	['7'] = 1u << SIGN_DIGIT,
	['8'] = 1u << SIGN_DIGIT,
	['9'] = 1u << SIGN_DIGIT,
};

static unsigned sign_of_han(struct str text, size_t at)
{
	static const char *const you[] = { "你", "您" };
	const struct str rest = str_from(text, at);
	if (str_starts(rest, STR("我")))
		return 1u << SIGN_I;
	for (size_t i = 0; i < sizeof you / sizeof *you; i++)
		if (str_starts(rest, str_of(you[i])))
			return 1u << SIGN_YOU;
	return 0;
}

static void cue_signs(struct cues *out, struct str text)
{
	size_t digits = 0;
	unsigned signs = 0;
	for (size_t i = 0; i < text.n; i++) {
		const unsigned char byte = (unsigned char)text.p[i];
		const unsigned sign = sign_of_byte[byte];
		digits += sign >> SIGN_DIGIT;
		signs |= byte == 0xE6 || byte == 0xE4 ? sign_of_han(text, i) : sign; /* where 我, 你 and 您 begin */
	}
	cue(out, CUE_DIGITS, at_most(digits / 2, 4));
	for (unsigned i = 0; i < SIGN_DIGIT; i++)
		if (signs >> i & 1)
			cue(out, CUE_SIGN, i);
}

static void cue_form(struct cues *out, const struct reading *r, struct str text)
{
	cue(out, CUE_QUESTIONS, at_most(count_questions(r), 2));
	cue(out, CUE_CLAUSES, at_most(r->nclauses / 2, 6));
	cue(out, CUE_LENGTH, (unsigned)(log2((double)text.n + 1) * 1.5));
	cue(out, CUE_MONEY, money_is_large(text));
	cue_signs(out, text);
}

static void cue_mood(struct cues *out, const struct verdict *v)
{
	cue(out, CUE_LABEL, (unsigned)v->label);
	cue(out, CUE_MOOD, (unsigned)(v->sentiment * 4 + 4) << 2 | (unsigned)v->label);
	cue(out, CUE_TROUBLE, (unsigned)(v->complaint * 6));
	cue(out, CUE_CATEGORY, (unsigned)v->category);
}

void traits_make(struct reading *r, const struct verdict *so_far, struct classes_input *out)
{
	const struct sight *sight = sight_of(r);
	*out = (struct classes_input){ .cue = arena_raw(r->a, CUES_MOST * sizeof *out->cue), .features = sight->features };
	struct cues cues = { .out = out };
	cue(&cues, CUE_ALWAYS, 0);
	cue_mood(&cues, so_far);
	cue_form(&cues, r, sight->text);
	for (size_t i = 0; i < r->s->n; i++)
		cue_word(&cues, r, i);
}
