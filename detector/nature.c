/* Nature: evidence for each from its words, from pairs of words, from questions and from the mood, tried in the order of the
 * label definitions. */
#include "detector/nature.h"

#include "detector/complaint.h"
#include "detector/urgency.h"

#include <math.h>

/* ---- what words weigh (rules/nature.*.tsv) ---- */

#define FITS_FROM 0.8f /* sum of the weights of a nature's words */
#define PRAISE_FITS 0.55f /* … and of those of praise */
#define SURE_FROM 0.95f /* one such word decides, whatever trouble is told beside it */
#define PAIRS_BELOW 0.3f /* a lighter word counts in pairs only … */
#define CLOSES_FROM 0.15f /* … and from here on it is the second of the pair */
#define PAIR_BYTES 30u /* ten Chinese characters, or five English words, may stand between */
#define PAIR 0.8f /* what a pair is worth … */
#define PAIR_COMPLAINT 0.5f /* … and one that tells of trouble */
#define ASKED 0.8f /* what a question that opens like one is worth, beside its words */
#define SCENERY_FROM 0.55f /* `other` words from here on are scenery, lighter ones the writer himself */

/* ---- what decides between complaint and the rest ---- */

#define TROUBLE_FROM 0.3 /* where nothing else is told, half told trouble is one */
#define TROUBLE_FROM_ASKING 0.8 /* "is it slow?" names a fault, too … */
#define TROUBLE_FROM_QUESTION 1.1 /* … the more so behind 请问 or "does anyone" */
#define TROUBLE_FROM_WISHING 1.4 /* what is not there is what a wish is about */
#define TROUBLE_FROM_SCENERY 1.0 /* a dark mood is no fault of who is only passed by */
#define TROUBLE_BESIDE_PRAISE                                                                                                    \
	0.5 /* what each praise adds: trouble is what praise starts from: "replaced my broken kettle at once" */
#define TROUBLE_OF_IRONY 0.24 /* where only the mood praises, and words complain */
#define TROUBLE_NEGATIVE 0.2 /* what a negative mood adds */
#define TROUBLE_GRAVE 0.7 /* what a word of danger, harm or threat adds */
#define TROUBLE_UNSELLS 0.5 /* who complains about a coupon names it once; who sells goes on */
#define NEWS_OVER_RUMOUR 0.8f /* so much more of a newsroom, and hearsay is what it writes about */
#define PRAISE_FROM 0.3 /* sentiment */

struct nature_sums {
	float of[NAT__N];
	float scenery; /* the part of of[NAT_OTHER] that is no "I" */
	bool is_sure[NAT__N]; /* one of its words is of the sure kind */
	bool asks; /* a sentence ends with a question mark or like a question */
	bool is_grave; /* an urgency word from `high` on, not negated */
};

/* Where the last word of a nature ended: the next one may close a pair. */
struct nature_last {
	enum post_field field;
	uint32_t norm_to; /* 0: there was none */
};

/* A word counts once, however often it stands there. */
static bool is_seen_before(const struct reading *r, size_t match)
{
	for (size_t i = 0; i < match; i++)
		if (r->s->match[i].rule == r->s->match[match].rule)
			return true;
	return false;
}

static bool closes_pair(const struct nature_last *last, const struct match *m)
{
	return last->norm_to > 0 && last->field == m->field && m->norm_from >= last->norm_to &&
	       m->norm_from - last->norm_to <= PAIR_BYTES;
}

static float weight_of(const struct match *m, const struct nature_last *last)
{
	if (m->rule->weight >= PAIRS_BELOW)
		return m->rule->weight;
	if (m->rule->weight < CLOSES_FROM || !closes_pair(last, m))
		return 0;
	return m->rule->nature == NAT_COMPLAINT ? PAIR_COMPLAINT : PAIR;
}

static void sums_add(struct nature_sums *sums, struct nature_last last[NAT__N], struct reading *r, size_t match)
{
	const struct match *m = &r->s->match[match];
	const enum nature nature = m->rule->nature;
	const float weight = weight_of(m, &last[nature]);
	last[nature] = (struct nature_last){ m->field, m->norm_to };
	if (weight == 0 || is_seen_before(r, match))
		return;
	sums->of[nature] += weight;
	sums->is_sure[nature] = sums->is_sure[nature] || weight >= SURE_FROM;
	if (nature == NAT_OTHER && weight >= SCENERY_FROM)
		sums->scenery += weight;
	if (nature != NAT_OTHER)
		reading_explain(r, m, weight, false);
}

static bool is_grave(const struct reading *r, size_t match)
{
	const struct rule *rule = r->s->match[match].rule;
	return rule->list == LIST_URGENCY && rule->urgency >= URG_HIGH && rule->weight >= URGENCY_WORD_FROM &&
	       !reading_modifiers(r, match).negated;
}

/* Chinese questions often end without their mark: 吗, 呢, 么, 嘛 behind which the clause is over. */
static bool ends_like_question(const struct reading *r, const struct clause *c)
{
	static const char *const particles[] = { "吗", "呢", "么", "嘛" };
	struct str text = reading_text(r, c->at.field);
	text = str_trim((struct str){ text.p + c->at.from, c->at.to - c->at.from });
	for (size_t i = 0; i < sizeof(particles) / sizeof(particles[0]); i++)
		if (str_ends(text, str_of(particles[i])) && !str_ends(text, STR("什么")))
			return true;
	return false;
}

/* "Does it …?", "which one …?"; but "why …?" reproaches. */
static bool opens_like_question(const struct reading *r, const struct clause *c)
{
	static const char *const words[] = { "does ", "do ", "is ", "are ", "can ", "will ", "which ", "what ", "where ", "when ",
		"how ", "has ", "any ", "anyone " };
	struct str text = reading_text(r, c->at.field);
	text = str_trim((struct str){ text.p + c->at.from, c->at.to - c->at.from });
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_starts(text, str_of(words[i])))
			return true;
	return false;
}

static void sums_ask(struct nature_sums *sums, struct reading *r)
{
	for (size_t i = 0; i < r->nclauses; i++) {
		const struct clause *c = &r->clause[i];
		sums->asks = sums->asks || c->is_question || ends_like_question(r, c);
		if (c->is_question && opens_like_question(r, c)) {
			sums->of[NAT_QUESTION] += ASKED;
			return;
		}
	}
}

static struct nature_sums nature_sums_of(struct reading *r)
{
	struct nature_sums sums = { 0 };
	struct nature_last last[NAT__N] = { 0 };
	for (size_t i = 0; i < r->s->n; i++) {
		if (r->s->match[i].rule->list == LIST_NATURE)
			sums_add(&sums, last, r, i);
		else if (!sums.is_grave)
			sums.is_grave = is_grave(r, i);
	}
	sums_ask(&sums, r);
	return sums;
}

/* ---- the natures ---- */

static double trouble(const struct nature_sums *s, const struct verdict *v)
{
	return v->complaint + (double)s->of[NAT_COMPLAINT] + (v->label == LABEL_NEGATIVE ? TROUBLE_NEGATIVE : 0) +
	       (s->is_grave ? TROUBLE_GRAVE : 0);
}

static bool is_advertisement(const struct nature_sums *s, const struct verdict *v)
{
	const double against = TROUBLE_UNSELLS * fmax(0, trouble(s, v) - COMPLAINT_FROM);
	return s->is_sure[NAT_ADVERTISEMENT] || (double)s->of[NAT_ADVERTISEMENT] - against >= (double)FITS_FROM;
}

static bool is_rumour(const struct nature_sums *s, const struct verdict *v)
{
	(void)v;
	return s->of[NAT_RUMOUR] >= FITS_FROM && s->of[NAT_NEWS] < s->of[NAT_RUMOUR] + NEWS_OVER_RUMOUR;
}

/* A newsroom does not say "I": each word of everyday talk (nature `other`) speaks against it. */
static bool is_news(const struct nature_sums *s, const struct verdict *v)
{
	(void)v;
	return s->of[NAT_NEWS] - s->of[NAT_OTHER] >= FITS_FROM;
}

/* A dark mood does not speak against words of praise: what was repaired was broken. Only words of trouble do. */
static double trouble_beside_praise(const struct nature_sums *s, const struct verdict *v)
{
	return complaint_told(v->complaint, v->sentiment) + (double)s->of[NAT_COMPLAINT] + (s->is_grave ? TROUBLE_GRAVE : 0);
}

/* Nothing but the mood praises, and words complain: "great job, third time this week". */
static bool is_irony(const struct nature_sums *s, const struct verdict *v)
{
	return v->label == LABEL_POSITIVE && s->of[NAT_PRAISE] < PRAISE_FITS && s->scenery == 0 &&
	       s->of[NAT_SUGGESTION] < FITS_FROM && s->of[NAT_QUESTION] < FITS_FROM && v->complaint >= TROUBLE_OF_IRONY;
}

/* How much trouble must be told to make it a complaint, beside all else that it says. */
static double trouble_needed(const struct nature_sums *s)
{
	if (s->of[NAT_SUGGESTION] >= FITS_FROM)
		return TROUBLE_FROM_WISHING;
	if (s->of[NAT_QUESTION] >= FITS_FROM)
		return TROUBLE_FROM_QUESTION;
	if (s->of[NAT_PRAISE] >= PRAISE_FITS)
		return COMPLAINT_FROM + TROUBLE_BESIDE_PRAISE * (double)s->of[NAT_PRAISE];
	if (s->scenery > 0)
		return TROUBLE_FROM_SCENERY;
	return s->asks ? TROUBLE_FROM_ASKING : TROUBLE_FROM;
}

static bool is_complaint(const struct nature_sums *s, const struct verdict *v)
{
	if (is_irony(s, v))
		return true;
	const bool is_praised =
		s->of[NAT_PRAISE] >= PRAISE_FITS && s->of[NAT_SUGGESTION] < FITS_FROM && s->of[NAT_QUESTION] < FITS_FROM;
	return (is_praised ? trouble_beside_praise(s, v) : trouble(s, v)) >= trouble_needed(s);
}

static bool is_suggestion(const struct nature_sums *s, const struct verdict *v)
{
	(void)v;
	return s->of[NAT_SUGGESTION] >= FITS_FROM;
}

static bool is_question(const struct nature_sums *s, const struct verdict *v)
{
	(void)v;
	return s->of[NAT_QUESTION] >= FITS_FROM || s->asks;
}

/* A good mood is praise of something; where scenery is told, of that. */
static bool is_praise(const struct nature_sums *s, const struct verdict *v)
{
	if (s->of[NAT_PRAISE] >= PRAISE_FITS)
		return true;
	return v->label == LABEL_POSITIVE && v->sentiment >= PRAISE_FROM && s->of[NAT_PRAISE] >= s->scenery;
}

static const struct {
	enum nature nature;
	bool (*fits)(const struct nature_sums *s, const struct verdict *v);
} natures[] = {
	{ NAT_ADVERTISEMENT, is_advertisement },
	{ NAT_RUMOUR, is_rumour },
	{ NAT_NEWS, is_news },
	{ NAT_COMPLAINT, is_complaint },
	{ NAT_SUGGESTION, is_suggestion },
	{ NAT_QUESTION, is_question },
	{ NAT_PRAISE, is_praise },
};

enum nature nature_judge(struct reading *r, const struct verdict *so_far)
{
	struct nature_sums sums = nature_sums_of(r);
	for (size_t i = 0; i < sizeof(natures) / sizeof(natures[0]); i++)
		if (natures[i].fits(&sums, so_far))
			return natures[i].nature;
	return NAT_OTHER;
}
