/* Cuts a text that names two brands into tokens, and tells whose each of them is. */
#include "detector/stance_text.h"

#include "common/base/utf8.h"
#include "common/text/lang.h"
#include "detector/stance_model.h"
#include <earshot/limits.h>

#define STEM_BYTES 5u
#define SHORT_NUMBER 3u /* digits of an amount that is not told from others of its kind */
#define JOINT_TOKENS 3u /* at most between two names that are joined */

/* ---- tokens ---- */

enum { SEED_WORD = 77, SEED_STEM = 99, NUMBER_SHORT = 0x110010, NUMBER_LONG = 0x110011 };

struct cutter {
	const struct reading *r;
	struct stance_text *out;
	enum post_field field;
	struct str text;
	size_t name; /* the next that may begin */
	unsigned clause;
};

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '\'';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_one_of(struct str word, const char *const *list)
{
	for (; *list; list++)
		if (str_eqc(word, *list))
			return true;
	return false;
}

static struct stance_token *token_add(struct cutter *c, uint32_t from, uint32_t to, enum stance_sort sort)
{
	static const char *const joints[] = { "和", "跟", "与", "及", "同", "、", "/", "&", "and", "or", "nor", "the", "my", "还",
		"有", "以", "是", "或", "者", ",", NULL };
	static const char *const of_both[] = { "都", "俩", "两", "both", "neither", "each", "either", "各", NULL };
	struct stance_token *t = &c->out->token[c->out->n++];
	const struct str word = { c->text.p + from, to - from };
	*t = (struct stance_token){ .at = { c->field, from, to }, .clause = c->clause, .sort = sort };
	if (sort == STANCE_WORD || sort == STANCE_SIGN) {
		t->is_joint = is_one_of(word, joints);
		t->is_of_both = is_one_of(word, of_both);
	}
	return t;
}

static const struct named *name_at(struct cutter *c, uint32_t at)
{
	const struct reading *r = c->r;
	while (c->name < r->nnamed && (r->named[c->name].at.field < c->field ||
					      (r->named[c->name].at.field == c->field && r->named[c->name].at.from < at)))
		c->name++;
	const struct named *name = c->name < r->nnamed ? &r->named[c->name] : NULL;
	return name && name->at.field == c->field && name->at.from == at ? name : NULL;
}

static uint32_t word_end(struct cutter *c, uint32_t at)
{
	do
		at++;
	while (at < c->text.n && is_word_byte(c->text.p[at]) && !name_at(c, at));
	return at;
}

static uint64_t word_hash(struct str word, uint64_t seed)
{
	uint64_t h = seed;
	for (size_t i = 0; i < word.n; i++)
		h = h * STANCE_PRIME + (unsigned char)word.p[i];
	return h;
}

static bool is_number(struct str word)
{
	for (size_t i = 0; i < word.n; i++)
		if (!is_digit(word.p[i]))
			return false;
	return true;
}

/* "Fine, but B": the turn opens a clause with or without a comma. */
static uint32_t cut_word(struct cutter *c, uint32_t at)
{
	static const char *const turns[] = { "but", "while", "whereas", NULL };
	const uint32_t to = word_end(c, at);
	const struct str word = { c->text.p + at, to - at };
	if (c->out->n > 0 && is_one_of(word, turns))
		c->clause++;
	struct stance_token *t = token_add(c, at, to, STANCE_WORD);
	if (is_number(word)) {
		t->hash = word.n > SHORT_NUMBER ? NUMBER_LONG : NUMBER_SHORT;
		return to;
	}
	t->hash = word_hash(word, SEED_WORD);
	t->stem = word.n > STEM_BYTES ? word_hash(str_first(word, STEM_BYTES), SEED_STEM) : 0;
	return to;
}

static bool is_border(struct str text, size_t at, uint32_t sign)
{
	const char next = at + 1 < text.n ? text.p[at + 1] : ' ';
	switch (sign) {
	case ',':
	case ':':
		return !is_digit(next);
	case '.':
		return next == ' ' || next == '.' || next == '"' || (unsigned char)next >= 0x80;
	case ';':
	case '!':
	case '?':
	case '~':
	case '(':
	case ')':
	case 0x3002: /* 。 */
	case 0x3001: /* 、 */
	case 0x2014: /* — */
		return true;
	default:
		return false;
	}
}

static uint32_t cut_sign(struct cutter *c, uint32_t at)
{
	size_t to = at;
	const uint32_t sign = utf8_next(c->text, &to);
	const bool ends_clause = is_border(c->text, at, sign);
	const bool is_plain = utf8_is_han(sign) || (sign > 0x2FFF && !ends_clause);
	token_add(c, at, (uint32_t)to, is_plain ? STANCE_WORD : STANCE_SIGN)->hash = sign;
	c->clause += ends_clause;
	return (uint32_t)to;
}

/* A space between two ideographs stands for a comma; others part words and are nothing themselves. */
static uint32_t cut_space(struct cutter *c, uint32_t at)
{
	const bool is_pause = at > 0 && at + 1 < c->text.n && (unsigned char)c->text.p[at - 1] >= 0x80 &&
			      (unsigned char)c->text.p[at + 1] >= 0x80;
	if (is_pause) {
		token_add(c, at, at + 1, STANCE_SIGN)->hash = ',';
		c->clause++;
	}
	return at + 1;
}

static uint32_t cut_one(struct cutter *c, uint32_t at)
{
	const struct named *name = name_at(c, at);
	if (name) {
		token_add(c, at, name->at.to, name->is_brand ? STANCE_BRAND : STANCE_RIVAL);
		return name->at.to;
	}
	if (c->text.p[at] == ' ')
		return cut_space(c, at);
	return is_word_byte(c->text.p[at]) ? cut_word(c, at) : cut_sign(c, at);
}

void stance_text_make(const struct reading *r, struct stance_text *out)
{
	struct cutter c = { .r = r, .out = out };
	*out = (struct stance_text){ .token = arena_raw(r->a, LIMIT_STANCE_TOKENS * sizeof(*out->token)) };
	for (int field = 0; field < POST_FIELD__N; field++, c.clause++) {
		c.field = (enum post_field)field;
		c.text = reading_text(r, c.field);
		for (uint32_t at = 0; at < c.text.n && out->n < LIMIT_STANCE_TOKENS;)
			at = cut_one(&c, at);
	}
	const enum post_field main = reading_text(r, POST_TEXT).n > 0 ? POST_TEXT : POST_TITLE;
	out->is_chinese = lang_is_chinese(lang_guess(reading_text(r, main), STR("")));
}

/* ---- whose it is ---- */

enum side { NONE, SELF, OTHER };

/* What stands before a name that another one is compared with: then what follows is not said of it as of others. */
static const char *const comparers[] = { "比", "比起", "相比", "than", "than the", "compared to", "compared with", "over",
	"unlike", "不如", "没有", "没", "比不上", "像", "as", "吊打", "完爆", "甩", "碾压", "秒杀", "beats" };

static bool is_compared(const struct reading *r, struct place name)
{
	const struct str before = str_trim(str_first(reading_text(r, name.field), name.from));
	for (size_t i = 0; i < sizeof(comparers) / sizeof(comparers[0]); i++)
		if (str_ends(before, str_of(comparers[i])))
			return true;
	return false;
}

struct walk {
	const struct reading *r;
	const struct stance_text *t;
	bool of_brand;
	enum side lead, last;
	unsigned last_clause;
	bool both; /* what follows is said of both */
	const enum side *next; /* the name behind a token in its clause */
	const bool *of_both; /* by clause */
};

static bool is_name(const struct stance_token *t)
{
	return t->sort == STANCE_BRAND || t->sort == STANCE_RIVAL;
}

static enum side side_of(const struct stance_token *t, bool of_brand)
{
	return !is_name(t) ? NONE : (t->sort == STANCE_BRAND) == of_brand ? SELF : OTHER;
}

/* "A and B", "A、B". */
static bool is_joined(const struct stance_text *t, size_t at)
{
	for (size_t back = 1; back <= at && back <= JOINT_TOKENS; back++) {
		const struct stance_token *before = &t->token[at - back];
		if (is_name(before))
			return before->sort != t->token[at].sort && back > 1;
		if (!before->is_joint)
			return false;
	}
	return false;
}

static enum stance_owner owner_of_name(struct walk *w, size_t at)
{
	const struct stance_token *t = &w->t->token[at];
	const enum side side = side_of(t, w->of_brand);
	const bool joined = is_joined(w->t, at);
	const bool is_second = w->last != NONE && w->last != side && w->last_clause == t->clause;
	if (joined || !is_second || !is_compared(w->r, t->at)) {
		w->both = joined;
		w->last = side;
		w->last_clause = t->clause;
	}
	return w->both || w->last == SELF ? STANCE_OWN : STANCE_OTHERS;
}

static enum stance_owner owner_of_word(const struct walk *w, size_t at)
{
	const struct stance_token *t = &w->t->token[at];
	const enum side next = w->next[at];
	const bool is_same = w->last != NONE && w->last_clause == t->clause;
	const bool is_carried = w->last != NONE && !is_same && next == NONE;
	if ((w->both && (next == NONE || is_same)) || (is_carried && w->of_both[t->clause]))
		return STANCE_OWN;
	const enum side side = is_same || next == NONE ? w->last : next;
	if (side != NONE)
		return side == SELF ? STANCE_OWN : STANCE_OTHERS;
	return w->lead == SELF ? STANCE_BEFORE_OWN : w->lead == OTHER ? STANCE_BEFORE_OTHERS : STANCE_NOBODYS;
}

static void look_ahead(struct arena *a, struct walk *w)
{
	const struct stance_text *t = w->t;
	enum side *next = arena_list(a, enum side, t->n + 1), behind = NONE;
	bool *of_both = arena_list(a, bool, t->n > 0 ? t->token[t->n - 1].clause + 1 : 1);
	for (size_t i = t->n; i-- > 0;) {
		if (i + 1 < t->n && t->token[i + 1].clause != t->token[i].clause)
			behind = NONE;
		next[i] = behind;
		of_both[t->token[i].clause] = of_both[t->token[i].clause] || t->token[i].is_of_both;
		if (is_name(&t->token[i]))
			w->lead = behind = side_of(&t->token[i], w->of_brand);
	}
	w->next = next;
	w->of_both = of_both;
}

const enum stance_owner *stance_text_owners(const struct reading *r, const struct stance_text *t, bool of_brand)
{
	struct walk w = { .r = r, .t = t, .of_brand = of_brand };
	enum stance_owner *owner = arena_raw(r->a, (t->n + 1) * sizeof(*owner));
	look_ahead(r->a, &w);
	for (size_t i = 0; i < t->n; i++)
		owner[i] = is_name(&t->token[i]) ? owner_of_name(&w, i) : owner_of_word(&w, i);
	return owner;
}
