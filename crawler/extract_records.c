/* The reader of repeated records: threads, comments, reviews, complaint lists of pages that no rule knows. */
#include "crawler/extract_records.h"

#include <string.h>

#define RECORDS_LEAST 2
#define ANCHORS_LEAST 1.3f /* of date, user and name, at most 2.4 */
#define SHARE_SURE 0.6f /* dates alone will do for so much of it */
#define LONE_SURE 0.5f
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

static size_t posts_squeeze(struct extract_post *posts, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (posts[i].text.n || posts[i].quote.n)
			posts[kept++] = posts[i];
	return kept;
}

static void posts_read(const struct records_marks *m, const struct records_set *set, struct extraction *out)
{
	out->posts = arena_list(m->x->a, struct extract_post, set->n);
	for (size_t i = 0; i < set->n; i++)
		out->posts[i] = (struct extract_post){
			.published_ms = -1, .likes = -1, .replies = -1, .shares = -1, .views = -1, .node = set->record[i].root
		};
	records_read_texts(m, set, out->posts);
	records_read_fields(m, set, out->posts);
	out->nposts = posts_squeeze(out->posts, set->n);
}

static float set_read(const struct records_marks *m, struct records_set *set, struct extraction *out)
{
	const float confidence = set_confidence(set);

	if (confidence <= 0 || records_is_below_article(m, set))
		return 0;
	posts_read(m, set, out);
	return out->nposts >= RECORDS_LEAST && has_fields(out->posts, out->nposts) ? confidence : 0;
}

/* A thread that nobody answered repeats nothing: one node that is called a post, on a page whose address is a forum's. */
static float lone_read(const struct records_marks *m, struct extraction *out)
{
	struct records_set set = { 0 };

	*out = (struct extraction){ .published_ms = -1 };
	if (!records_is_thread_address(m->x->page->url))
		return 0;
	records_find_lone(m, &set);
	if (set.n != 1)
		return 0;
	posts_read(m, &set, out);
	return out->nposts == 1 && out->posts[0].text.n && out->posts[0].author.n && out->posts[0].published.n ? LONE_SURE : 0;
}

/* A list of links to other pages says nothing about what else the page holds: the next best set is asked. */
float extract_records(const struct extract *x, struct extraction *out)
{
	struct records_marks m;
	struct records_set set[LIMIT_RECORDS_SETS];

	if (x->dom->n < 8)
		return 0;
	records_mark(x, &m);
	const size_t n = records_find(&m, set);
	float listed = 0; /* of the page's text */
	for (size_t i = 0; i < n; i++) {
		if (set[i].n < RECORDS_LEAST)
			continue;
		records_find_bodies(&m, &set[i]);
		if (records_is_list(&m, &set[i])) {
			listed += set[i].share;
			continue;
		}
		records_find_opening(&m, &set[i]);
		set[i].share /= 1.01f - (listed < 1 ? listed : 1);
		const float confidence = set_read(&m, &set[i], out);
		return confidence > 0 ? confidence : lone_read(&m, out);
	}
	return lone_read(&m, out);
}
