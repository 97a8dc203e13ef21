/* What an alert says: names, shares, and the three posts that show best what people are upset about. */
#include "detector/herald.h"

#include <earshot/limits.h>

#include "common/base/clock.h"
#include "common/base/json.h"
#include "common/base/post.h"
#include "common/store/buckets.h"
#include "common/store/outbox.h"
#include "detector/integrity_read.h"

#include <math.h>
#include <string.h>

#define CANDIDATES 200
#define USUAL_HOURS (7 * 24)

struct candidate {
	struct excerpt excerpt;
	struct str story;
	double worth;
};

#define TAKEN (-1e10) /* worth of what is quoted, and of what says the same */

/* Usual negative share: the week of hours before the onset. -1 when there was too little to say. */
static enum outcome usual_share(const struct partition *p, int64_t onset_ms, double *share, struct err *e)
{
	struct series all, negative;
	const int64_t from = onset_ms - onset_ms % MS_PER_HOUR - USUAL_HOURS * MS_PER_HOUR;
	buckets_hours_queue(p, STR("all"), from, USUAL_HOURS);
	buckets_hours_queue(p, STR("negative"), from, USUAL_HOURS);
	enum outcome done = redis_flush(p->redis, e);
	if (done == OK)
		done = buckets_hours_take(p->redis, p->arena, from, USUAL_HOURS, &all, e);
	if (done == OK)
		done = buckets_hours_take(p->redis, p->arena, from, USUAL_HOURS, &negative, e);
	if (done != OK)
		return done;
	double total = 0, bad = 0;
	for (size_t i = 0; i < USUAL_HOURS; i++) {
		total += all.value[i];
		bad += negative.value[i];
	}
	*share = total >= 10 ? bad / total : -1;
	return OK;
}

/* Negative posts that many people saw come first; without numbers, the most negative ones. */
static double worth_of(const struct post *p, double sentiment)
{
	const int64_t seen =
		(p->likes > 0 ? p->likes : 0) + 2 * (p->replies > 0 ? p->replies : 0) + 3 * (p->shares > 0 ? p->shares : 0);
	return -sentiment + 0.25 * log1p((double)seen);
}

static bool read_candidate(struct arena *a, const struct posts_found *found, struct candidate *out)
{
	struct json *doc = json_parse(found->record, NULL);
	struct post p;
	const bool readable = doc != NULL && post_read(a, json_get(doc, "post"), &p, NULL) == OK;
	if (readable) {
		const double sentiment = json_double(json_get(json_get(doc, "verdict"), "sentiment"), 0);
		out->worth = worth_of(&p, sentiment);
		out->story = arena_copy(a, json_str_of(doc, "story"));
		out->excerpt = (struct excerpt){
			.post_id = arena_copy(a, p.id),
			.title = arena_copy(a, str_cut_utf8(p.title, 300)),
			.text = arena_copy(a, str_cut_utf8(p.text, 600)),
			.url = arena_copy(a, p.url),
			.family = arena_copy(a, p.family),
			.lang = arena_copy(a, p.lang),
			.sentiment = sentiment,
			.posted_ms = found->count_ms,
		};
	}
	json_free(doc);
	return readable;
}

/* Copies of one text say the same thing three times. Texts too short for a story are compared by how they begin. */
static bool same_story(const struct candidate *x, const struct candidate *y)
{
	const struct excerpt *p = &x->excerpt, *q = &y->excerpt;
	const struct str a = str_first(p->text.n > 0 ? p->text : p->title, 48),
			 b = str_first(q->text.n > 0 ? q->text : q->title, 48);
	return (x->story.n > 0 && str_eq(x->story, y->story)) || str_eq(a, b);
}

static void choose(struct alert *alert, struct candidate *c, size_t n)
{
	while (alert->nexcerpts < INCIDENT_EXCERPTS) {
		const struct candidate *best = NULL;
		for (size_t i = 0; i < n; i++)
			if (c[i].worth > TAKEN && (best == NULL || c[i].worth > best->worth))
				best = &c[i];
		if (best == NULL)
			return;
		alert->excerpt[alert->nexcerpts++] = best->excerpt;
		for (size_t i = 0; i < n; i++)
			if (same_story(best, &c[i]))
				c[i].worth = TAKEN;
	}
}

/* Of what was read for the excerpts, so that an alert costs no further trip. */
static void judge_integrity(
	struct arena *a, struct posts_span span, const struct posts_found *found, size_t n, struct alert_integrity *out)
{
	struct integrity_read read;
	struct integrity verdict;
	integrity_read_found(a, (struct integrity_span){ span.from_ms, span.to_ms, span.max }, found, n, &read);
	integrity_judge(a, &read.window, &verdict);
	if (verdict.posts < INTEGRITY_FEWEST)
		return;
	out->word = str_of(integrity_word_names[verdict.word]);
	out->estimate = verdict.estimate;
	out->posts = (int64_t)verdict.posts;
	out->coordinated = (int64_t)verdict.coordinated;
}

static enum outcome read_posts(const struct partition *p, struct posts_span span, struct alert *alert, struct err *e)
{
	struct posts_found *found = NULL;
	size_t n = 0;
	const enum outcome done = posts_find(p, span, &found, &n, e);
	if (done != OK)
		return done;
	struct candidate *candidate = arena_list(p->arena, struct candidate, n + 1);
	size_t kept = 0;
	for (size_t i = 0; i < n; i++)
		kept += read_candidate(p->arena, &found[i], &candidate[kept]);
	choose(alert, candidate, kept);
	judge_integrity(p->arena, span, found, n, &alert->integrity);
	return OK;
}

enum outcome herald_alert(const struct detector *d, struct arena *a, const struct detector_brand *b,
	const struct decision *decision, struct str *json, struct err *e)
{
	const struct step *step = decision->step;
	const struct partition p = detector_partition(d, a, b);
	const struct brand *brand = &d->book->brand[b->index];
	const struct incident *i = &step->next;
	struct alert alert = {
		.event_id = arena_printf(a, "%s:%lld", i->id, (long long)i->revision),
		.brand = brand->id,
		.brand_name = brand->name,
		.brand_name_en = brand->name_en.n > 0 ? brand->name_en : brand->name,
		.incident = *i,
		.from = step->from,
		.event = step->event,
		.negative_share = i->posts > 0 ? i->negative / i->posts : -1,
		.usual_negative_share = -1,
		.rulebook = str_of(d->book->version),
		.at_ms = decision->at_ms,
	};
	enum outcome done = usual_share(&p, i->onset_ms, &alert.usual_negative_share, e);
	if (done == OK)
		done = read_posts(&p, (struct posts_span){ i->onset_ms, decision->at_ms, CANDIDATES }, &alert, e);
	if (done != OK)
		return done;
	struct buf out;
	buf_init(&out, LIMIT_ALERT_BYTES);
	alert_write(&out, &alert);
	while (out.overflow && alert.nexcerpts > 0) { /* endless addresses in excerpts must not keep the alert from leaving */
		alert.nexcerpts--;
		buf_clear(&out);
		alert_write(&out, &alert);
	}
	*json = arena_copy(a, buf_str(&out));
	const bool too_large = out.overflow;
	buf_release(&out);
	return too_large ? err_set(e, REJECT, "the alert of %s is larger than %u bytes", i->id, LIMIT_ALERT_BYTES) : OK;
}
