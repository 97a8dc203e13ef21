/* The class heads of the trained model, asked once a reading. */
#include "detector/heads.h"

#include "common/text/weights.h"
#include "detector/traits.h"

#include <math.h>
#include <string.h>

#define LEAST_CHANCE 0.001f

void heads_judge(struct reading *r, const struct verdict *so_far, struct heads *out)
{
	float score[CLASSES_MOST];
	struct classes_input in;
	*out = (struct heads){ 0 };
	if (!r->book->weights || r->book->weights->classes.ngroups == 0)
		return;
	const struct classes *c = &r->book->weights->classes;
	float *const chances[CLASSES_KNOWN__N] = {
		[CLASSES_NATURE] = out->nature,
		[CLASSES_CATEGORY] = out->category + 1, /* without CAT_NONE */
		[CLASSES_URGENCY] = out->urgency,
		[CLASSES_LABEL] = out->label,
	};
	traits_make(r, so_far, &in);
	classes_score(c, &in, score);
	for (int k = 0; k < CLASSES_KNOWN__N; k++) {
		const struct classes_group *group = classes_known(c, (enum classes_known)k);
		out->knows[k] = group != NULL;
		if (group)
			classes_chances(score + group->first, group->n, chances[k]);
	}
}

static int likeliest(const float *chance, int from, int n)
{
	int best = from;
	for (int k = from + 1; k < n; k++)
		if (chance[k] > chance[best])
			best = k;
	return best;
}

/* Irony complains in bright words, but nobody praises in words that are surely dark. */
enum nature heads_nature(const struct heads *heads, const struct verdict *so_far)
{
	float chance[NAT__N];
	memcpy(chance, heads->nature, sizeof chance);
	if (so_far->label == LABEL_NEGATIVE)
		chance[NAT_PRAISE] *= 1 - (float)so_far->confidence;
	return (enum nature)likeliest(chance, 0, NAT__N);
}

enum category heads_category(const struct heads *heads)
{
	return (enum category)likeliest(heads->category, CAT_NONE + 1, CAT__N);
}

/* How often a post of each nature is negative, neutral and positive toward its brand: of models/texts, rounded. */
static const float label_of_nature[NAT__N][LABEL__N] = {
	[NAT_OTHER] = { 0.09f, 0.79f, 0.12f },
	[NAT_COMPLAINT] = { 0.98f, 0.02f, 0 },
	[NAT_QUESTION] = { 0, 1, 0 },
	[NAT_PRAISE] = { 0, 0, 1 },
	[NAT_SUGGESTION] = { 0, 0.98f, 0.02f },
	[NAT_RUMOUR] = { 0.9f, 0.07f, 0.03f },
	[NAT_NEWS] = { 0.6f, 0.15f, 0.25f },
	[NAT_ADVERTISEMENT] = { 0.13f, 0.31f, 0.56f },
};

/* The two opinions count alike (writers held out: macro-F1 .75 by the head alone, .77 together). */
void heads_label(const struct heads *heads, float chance[LABEL__N])
{
	float score[LABEL__N];
	for (int k = 0; k < LABEL__N; k++) {
		float by_nature = LEAST_CHANCE;
		for (int n = 0; n < NAT__N && heads->knows[CLASSES_NATURE]; n++)
			by_nature += heads->nature[n] * label_of_nature[n][k];
		score[k] = (logf(heads->label[k] + LEAST_CHANCE) + logf(by_nature)) / 2;
	}
	classes_chances(score, LABEL__N, chance);
}
