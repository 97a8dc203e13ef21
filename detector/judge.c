/* One verdict: the reading is made once, then sentiment, complaint, nature and urgency are asked in turn. */
#include "detector/judge.h"

#include <earshot/limits.h>

#include "detector/attribution.h"
#include "detector/complaint.h"
#include "detector/heads.h"
#include "detector/mention.h"
#include "detector/nature.h"
#include "detector/opinion.h"
#include "detector/reading.h"
#include "detector/sentiment.h"
#include "detector/stance.h"
#include "detector/traits.h"
#include "detector/urgency.h"

#include <math.h>
#include <string.h>

#define STANCE_SHARE_MOST 0.9f /* of the model for two brands, however sure the other name is */
#define HARDLY_TROUBLE 0.1 /* complaint score below which what is told like a complaint is none: "rode it for a week" */

/* ---- where the brand is named ---- */

static void mentions_of_brand(struct reading *r)
{
	for (size_t i = 0; i < r->s->n; i++) {
		const struct match *m = &r->s->match[i];
		if (m->rule->list == LIST_BRAND && m->rule->brand == r->brand)
			reading_mention(r, (struct place){ m->field, m->norm_from, m->norm_to });
	}
}

/* ---- the verdict ---- */

static bool is_own(struct arena *a, const struct rulebook *book, int brand, struct str author)
{
	if (brand < 0 || author.n == 0 || book->brand[brand].nown == 0)
		return false;
	struct str name = normalise_text(a, author);
	for (size_t i = 0; i < book->brand[brand].nown; i++)
		if (str_eq(name, book->brand[brand].own_account[i]))
			return true;
	return false;
}

/* Only trouble has a category: complaints, also half told ones, rumours, and what is negative without a word of complaint. */
static bool has_category(const struct verdict *v)
{
	return v->complaint >= CATEGORY_FROM || v->nature == NAT_COMPLAINT || v->nature == NAT_RUMOUR ||
	       v->label == LABEL_NEGATIVE;
}

/* Toward a brand, what the writer does tells more than the mood: who complains politely still complains, who asks has not judged. */
static const struct {
	bool is_set[LABEL__N]; /* from these labels … */
	enum label to; /* … to this one */
} by_nature[NAT__N] = {
	[NAT_COMPLAINT] = { { [LABEL_NEUTRAL] = true, [LABEL_POSITIVE] = true }, LABEL_NEGATIVE },
	[NAT_RUMOUR] = { { [LABEL_NEUTRAL] = true, [LABEL_POSITIVE] = true }, LABEL_NEGATIVE },
	[NAT_QUESTION] = { { [LABEL_NEGATIVE] = true, [LABEL_POSITIVE] = true }, LABEL_NEUTRAL },
	[NAT_SUGGESTION] = { { [LABEL_NEGATIVE] = true, [LABEL_POSITIVE] = true }, LABEL_NEUTRAL },
	[NAT_PRAISE] = { { [LABEL_NEUTRAL] = true }, LABEL_POSITIVE },
	[NAT_ADVERTISEMENT] = { { [LABEL_NEUTRAL] = true }, LABEL_POSITIVE },
	[NAT_OTHER] = { { 0 }, LABEL_NEUTRAL },
};

/* true: another label than before */
static bool label_by_nature(const struct reading *r, struct verdict *out)
{
	if (!r->is_toward || r->has_rival || !by_nature[out->nature].is_set[out->label])
		return false;
	if (out->nature == NAT_COMPLAINT && out->complaint < HARDLY_TROUBLE)
		return false;
	out->label = by_nature[out->nature].to;
	out->sentiment = sentiment_fit(out->label, out->sentiment);
	return true;
}

static bool has_stance(const struct reading *r)
{
	return r->has_rival && r->stance[LABEL_NEGATIVE] + r->stance[LABEL_NEUTRAL] + r->stance[LABEL_POSITIVE] > 0;
}

/* What only looks like the name of another brand may be none: then the text is about one, and the head for such has its share; a small one
 * it has in any case. */
static enum label_by label_by_head(const struct reading *r, const struct heads *heads, enum label_by by, struct verdict *out)
{
	const bool is_about_one = opinion_is_about_one(r);
	const float share = has_stance(r) ? fminf((float)r->rival_chance, STANCE_SHARE_MOST) : 0;
	float own[LABEL__N], chance[LABEL__N];
	if (!r->is_toward || !(is_about_one || has_stance(r)))
		return by;
	heads_label(heads, own);
	for (int k = 0; k < LABEL__N; k++)
		chance[k] = share * r->stance[k] + (1 - share) * own[k];
	out->label = LABEL_NEGATIVE;
	for (int k = LABEL_NEUTRAL; k < LABEL__N; k++)
		out->label = chance[k] > chance[out->label] ? (enum label)k : out->label;
	out->confidence = (double)chance[out->label];
	out->sentiment = sentiment_fit(out->label, out->sentiment);
	return share * r->stance[out->label] < (1 - share) * own[out->label] ? LABEL_BY_HEAD : LABEL_BY_STANCE;
}

/* The mood, and what the words of complaint come to: all that the class heads take for their cues. */
static enum label_by judge_words(struct reading *r, struct verdict *out)
{
	enum label_by by = LABEL_BY_OTHERS;
	reading_make(r);
	*out = (struct verdict){ 0 };
	out->sentiment = sentiment_judge(r);
	out->label = sentiment_label(out->sentiment);
	out->confidence = sentiment_confidence(out->sentiment);
	if (r->has_rival && r->book->weights && stance_model_shipped()) {
		stance_judge(r, stance_model_shipped(), out);
		by = LABEL_BY_STANCE;
	} else if (r->book->weights && opinion_judge(r, sentiment_sum(out->sentiment), out)) {
		by = LABEL_BY_MOOD;
	}
	out->complaint = complaint_judge(r, out->sentiment, &out->category);
	return by;
}

static void judge_reading(struct reading *r, struct verdict *out)
{
	struct heads heads;
	enum label_by by = judge_words(r, out);
	heads_judge(r, out, &heads);
	out->nature = nature_judge(r, out, &heads);
	if (heads.knows[CLASSES_LABEL])
		by = label_by_head(r, &heads, by, out);
	else if (label_by_nature(r, out))
		by = LABEL_BY_OTHERS;
	if (!has_category(out))
		out->category = CAT_NONE;
	else if (heads.knows[CLASSES_CATEGORY])
		out->category = heads_category(&heads);
	out->urgency = urgency_judge(r, out, &heads);
	out->own = is_own(r->a, r->book, r->brand, r->post->author);
	out->reason = r->reason;
	out->nreasons = r->nreasons;
	attribution_find(r, &heads, by, out);
}

void judge(struct arena *a, const struct rulebook *book, int brand, const struct post *post, const struct scanned *s,
	struct verdict *out)
{
	struct reading r = { .a = a, .book = book, .post = post, .s = s, .brand = brand, .is_toward = brand >= 0 };
	if (brand >= 0)
		mentions_of_brand(&r);
	if (brand >= 0 && r.nmentions == 0)
		r.name = mention_folded(a, book->brand[brand].name);
	judge_reading(&r, out);
}

void judge_name(struct arena *a, const struct rulebook *book, struct str name, const struct post *post, const struct scanned *s,
	struct verdict *out)
{
	struct reading r = mention_reading(a, book, post, s, name);
	judge_reading(&r, out);
}

void judge_traits(struct arena *a, const struct rulebook *book, struct str name, const struct post *post, const struct scanned *s,
	struct classes_input *out)
{
	struct verdict words;
	struct reading r = mention_reading(a, book, post, s, name);
	r.rival = STR(MENTION_NOBODY); /* else what is learnt would depend on the model that finds other names */
	(void)judge_words(&r, &words);
	traits_make(&r, &words, out);
}

/* ---- as JSON ---- */

/* ["text",from,to,"term","list",effect]: a place as admission writes them, then which list the term is on and what it added.
 * Records are kept by the million: names of members would be a tenth of their size. */
static void place_write(struct buf *out, enum post_field field, uint32_t from, uint32_t to, struct str words)
{
	buf_json_comma(out);
	buf_addc(out, '[');
	buf_json_string(out, str_of(post_field_names[field]));
	buf_addc(out, ',');
	buf_add_int(out, from);
	buf_addc(out, ',');
	buf_add_int(out, to);
	buf_addc(out, ',');
	buf_json_string(out, words);
	buf_addc(out, ',');
}

static void reason_write(struct buf *out, const struct reason *reason)
{
	const struct match *m = reason->match;
	place_write(out, m->field, m->from, m->to, m->rule->term);
	buf_json_string(out, str_of(rule_list_names[m->rule->list]));
	buf_addc(out, ',');
	buf_add_double(out, (double)reason->effect, 3);
	buf_addc(out, ']');
}

/* The "list" of what no list holds is the question that it answers: "model.label". */
static void attribution_write(struct buf *out, const struct attribution *g)
{
	place_write(out, g->field, g->from, g->to, g->words);
	buf_addf(out, "\"model.%s\",", g->question);
	buf_add_double(out, (double)g->effect, 2);
	buf_addc(out, ']');
}

/* The effect that the last of the strongest reasons has: a rant of forty swear words is explained by its strongest, and
 * a record stays small. */
static float least_effect_written(const struct verdict *v)
{
	float strongest[VERDICT_REASONS_WRITTEN] = { 0 };
	if (v->nreasons <= VERDICT_REASONS_WRITTEN)
		return 0;
	for (size_t i = 0; i < v->nreasons; i++) {
		float effect = fabsf(v->reason[i].effect);
		for (size_t k = 0; k < VERDICT_REASONS_WRITTEN; k++) {
			if (effect <= strongest[k])
				continue;
			const float smaller = strongest[k];
			strongest[k] = effect;
			effect = smaller;
		}
	}
	return strongest[VERDICT_REASONS_WRITTEN - 1];
}

void verdict_write_scores(struct buf *out, const struct verdict *v)
{
	buf_json_double(out, "sentiment", v->sentiment, 4);
	buf_json_str(out, "label", str_of(label_names[v->label]));
	buf_json_double(out, "confidence", v->confidence, 3);
	buf_json_double(out, "complaint", v->complaint, 4);
	buf_json_str(out, "category", str_of(category_names[v->category]));
	buf_json_str(out, "nature", str_of(nature_names[v->nature]));
	buf_json_str(out, "urgency", str_of(urgency_names[v->urgency]));
}

/* The lists whose words answer the same question. */
static bool answers(enum rule_list list, const char *question)
{
	static const struct {
		const char *question;
		enum rule_list list;
	} of[] = {
		{ "label", LIST_SENTIMENT },
		{ "label", LIST_COMPLAINT },
		{ "category", LIST_COMPLAINT },
		{ "nature", LIST_NATURE },
		{ "urgency", LIST_URGENCY },
	};
	for (size_t i = 0; i < sizeof of / sizeof *of; i++)
		if (of[i].list == list && strcmp(of[i].question, question) == 0)
			return true;
	return false;
}

/* A reason that is written stands there and answers the same: a word of the rules explains better. */
static bool is_said(const struct reason *const *written, size_t n, const struct attribution *a)
{
	for (size_t i = 0; i < n; i++) {
		const struct match *m = written[i]->match;
		if (m->field == a->field && m->from < a->to && m->to > a->from && answers(m->rule->list, a->question))
			return true;
	}
	return false;
}

void verdict_write(struct buf *out, const struct verdict *v)
{
	verdict_write_scores(out, v);
	if (v->own)
		buf_json_bool(out, "own", true);
	buf_json_key(out, "reasons");
	buf_addc(out, '[');
	const struct reason *written[VERDICT_REASONS_WRITTEN];
	const float least = least_effect_written(v);
	size_t n = 0;
	for (size_t i = 0; i < v->nreasons && n < VERDICT_REASONS_WRITTEN; i++) {
		if (fabsf(v->reason[i].effect) < least)
			continue;
		reason_write(out, &v->reason[i]);
		written[n++] = &v->reason[i];
	}
	for (size_t i = 0; i < v->nattributions; i++)
		if (!is_said(written, n, &v->attribution[i]))
			attribution_write(out, &v->attribution[i]);
	buf_addc(out, ']');
}
