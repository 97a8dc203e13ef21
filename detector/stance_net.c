/* The convolutional net for texts that name two brands: from tokens to labels. */
#include "detector/stance_net.h"

#include <math.h>

/* ---- filters ---- */

static void answers(const struct stance_net_core *core, const float *seen, float out[STANCE_NET_FILTERS])
{
	memcpy(out, core->bias, sizeof core->bias);
	for (int d = 0; d < STANCE_NET_SEEN; d++)
		for (int f = 0; f < STANCE_NET_FILTERS; f++)
			out[f] += seen[d] * core->filter[d][f];
}

static void pool(struct stance_net_seen *seen, enum stance_pool pool, const float answer[STANCE_NET_FILTERS], int token)
{
	float *most = seen->pooled + pool * STANCE_NET_FILTERS;
	int *at = seen->at + pool * STANCE_NET_FILTERS;
	for (int f = 0; f < STANCE_NET_FILTERS; f++)
		if (answer[f] > most[f]) {
			most[f] = answer[f];
			at[f] = token;
		}
}

void stance_net_pool(const struct stance_net_core *core, const struct stance_net_text *t, struct stance_net_seen *seen)
{
	memset(seen->pooled, 0, sizeof seen->pooled);
	memset(seen->at, 0xFF, sizeof seen->at);
	for (size_t i = 0; i < t->n; i++) {
		float answer[STANCE_NET_FILTERS];
		answers(core, seen->vector + i * STANCE_NET_WIDTH, answer);
		pool(seen, STANCE_POOL_ALL, answer, (int)i);
		if (t->token[i].pool != STANCE_POOL_ALL)
			pool(seen, (enum stance_pool)t->token[i].pool, answer, (int)i);
	}
}

/* ---- labels ---- */

void stance_net_labels(const struct stance_net_core *core, const struct stance_net_seen *seen, double out[LABEL__N])
{
	double most = -INFINITY, all = 0;
	for (int k = 0; k < LABEL__N; k++) {
		float sum = core->label_bias[k];
		for (int i = 0; i < STANCE_NET_POOLED; i++)
			sum += core->label[k][i] * seen->pooled[i];
		out[k] = (double)sum;
		most = fmax(most, out[k]);
	}
	for (int k = 0; k < LABEL__N; k++)
		all += exp(out[k] - most);
	for (int k = 0; k < LABEL__N; k++)
		out[k] -= most + log(all);
}

static void add_word(const struct stance_net *net, unsigned row, float *out)
{
	const int8_t *word = net->word + row * STANCE_NET_WIDTH;
	for (int d = 0; d < STANCE_NET_WIDTH; d++)
		out[d] += (float)word[d] * net->scale;
}

void stance_net_judge(const struct stance_net *net, const struct stance_net_text *t, double out[LABEL__N])
{
	struct stance_net_seen seen;
	memset(seen.vector, 0, (t->n + STANCE_NET_WINDOW - 1) * STANCE_NET_WIDTH * sizeof(float));
	for (size_t i = 0; i < t->n; i++) {
		float *vector = seen.vector + (i + STANCE_NET_WINDOW / 2) * STANCE_NET_WIDTH;
		memcpy(vector, net->core.owner[t->token[i].owner], sizeof net->core.owner[0]);
		add_word(net, t->token[i].word, vector);
		if (t->token[i].stem != 0)
			add_word(net, t->token[i].stem, vector);
	}
	stance_net_pool(&net->core, t, &seen);
	stance_net_labels(&net->core, &seen, out);
}
