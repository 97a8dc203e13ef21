/* The reader of repeated records: threads, comments, reviews, complaint lists of pages that no rule knows. */
#include "crawler/extract_records.h"

#include <string.h>

#define RECORDS_LEAST 2
#define ANCHORS_LEAST 1.3f /* of date, user and name, at most 2.4 */
#define SHARE_SURE 0.6f /* dates alone will do for so much of it */
#define SHARE_LEAST 0.25f /* of the page's text outside of links */

static float set_confidence(const struct records_set *s)
{
	const float anchors = s->dated + s->signed_ + 0.4f * s->named;

	if (s->n < RECORDS_LEAST || s->share < SHARE_LEAST)
		return 0;
	if (anchors >= ANCHORS_LEAST && (s->dated >= 0.6f || s->signed_ >= 0.6f))
		return 0.3f + 0.15f * anchors + 0.3f * s->share;
	if (s->n > RECORDS_LEAST && s->dated >= 0.9f && s->share >= SHARE_SURE)
		return 0.5f + 0.2f * s->share;
	return 0;
}

/* A second look when the fields are read: dates and names have to stand beside the bodies; two records have to have both. */
static bool has_fields(const struct extract_post *posts, size_t n)
{
	size_t dated = 0, with_author = 0;

	for (size_t i = 0; i < n; i++) {
		dated += posts[i].published.n > 0;
		with_author += posts[i].author.n > 0;
	}
	if (n <= RECORDS_LEAST)
		return dated == n && with_author == n;
	return 2 * dated >= n || (2 * with_author >= n && 3 * dated >= n) || (10 * with_author >= 9 * n);
}

static struct str posts_text(struct arena *a, const struct extract_post *posts, size_t n)
{
	struct buf all;
	struct str text;

	buf_init(&all, SIZE_MAX / 2);
	for (size_t i = 0; i < n; i++) {
		if (posts[i].quote.n) {
			buf_addz(&all, all.n ? "\n\n" : "");
			buf_adds(&all, posts[i].quote);
		}
		buf_addz(&all, all.n ? "\n\n" : "");
		buf_adds(&all, posts[i].text);
	}
	text = arena_copy(a, buf_str(&all));
	buf_release(&all);
	return text;
}

static size_t posts_squeeze(struct extract_post *posts, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (posts[i].text.n || posts[i].quote.n)
			posts[kept++] = posts[i];
	return kept;
}

float extract_records(const struct extract *x, struct extraction *out)
{
	struct records_marks m;
	struct records_set set;
	float confidence;

	if (x->dom->n < 8)
		return 0;
	records_mark(x, &m);
	records_find(&m, &set);
	if (set.n < RECORDS_LEAST)
		return 0;
	confidence = set_confidence(&set);
	if (confidence <= 0)
		return 0;
	records_find_bodies(&m, &set);
	if (records_is_list(&m, &set))
		return 0;
	records_find_opening(&m, &set);
	if (records_is_below_article(&m, &set))
		return 0;
	out->posts = arena_list(x->a, struct extract_post, set.n);
	for (size_t i = 0; i < set.n; i++)
		out->posts[i] = (struct extract_post){
			.published_ms = -1, .likes = -1, .replies = -1, .shares = -1, .views = -1, .node = set.record[i].root
		};
	records_read_texts(&m, &set, out->posts);
	records_read_fields(&m, &set, out->posts);
	out->nposts = posts_squeeze(out->posts, set.n);
	if (out->nposts < RECORDS_LEAST || !has_fields(out->posts, out->nposts))
		return 0;
	out->text = posts_text(x->a, out->posts, out->nposts);
	return confidence;
}
