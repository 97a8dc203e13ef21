/* Who, when and where of each record: the nodes that stand at the same place in most records and say so. */
#include "crawler/extract_records_fields.h"

static uint32_t node_at(const struct readings *readings, const struct records_range *r, uint64_t signature)
{
	const struct records_marks *m = readings->m;

	for (uint32_t node = r->start; signature && node < r->end; node++)
		if (records_place(m, node) == signature && !places_is_in_body(m, r, node) && !(m->flag[node] & RECORDS_HIDDEN) &&
			m->d->node[node].end <= r->end && readings_of(readings, node)->merit > 0)
			return node;
	return 0;
}

/* An opening post of another build has places of its own: the node that says most. */
static uint32_t node_alone(const struct readings *readings, const struct records_range *r)
{
	const struct records_marks *m = readings->m;
	uint32_t best = 0;
	double merit = 0;

	for (uint32_t node = r->start; node < r->end; node++) {
		double here;

		if (places_is_in_body(m, r, node) || (m->flag[node] & RECORDS_HIDDEN))
			continue;
		here = readings_of(readings, node)->merit;
		if (here > merit) {
			merit = here;
			best = node;
		}
	}
	return merit >= 1.0 ? best : 0;
}

/* ---- filling ---- */

static void fill_author(const struct records_marks *m, uint32_t node, struct extract_post *post)
{
	struct str href = dom_attribute(m->d, node, "href");
	const struct dom_node *e = &m->d->node[node];

	for (uint32_t i = node + 1; !href.n && i < e->end; i++)
		if (m->d->node[i].tag == TAG_A)
			href = dom_attribute(m->d, i, "href");
	for (uint32_t i = e->parent; !href.n && i && m->flag[i] & RECORDS_LINK; i = m->d->node[i].parent)
		href = dom_attribute(m->d, i, "href");
	post->author = records_name(m, node);
	post->author_url = href.n ? extract_url(m->x, href) : (struct str){ 0 };
}

static void fill_url(const struct records_marks *m, uint32_t node, struct extract_post *post)
{
	const struct str href = str_trim(dom_attribute(m->d, node, "href"));
	const struct str fragment = readings_fragment(href);

	post->url = extract_url(m->x, href);
	if (readings_has_digit(fragment))
		post->id = fragment;
}

/* Anchors are there to be linked to: <a id="comment-7">, <a name="7">. */
static struct str anchor_of(const struct records_marks *m, uint32_t node)
{
	const struct str id = dom_attribute(m->d, node, "id"), name = dom_attribute(m->d, node, "name");

	if (m->d->node[node].tag != TAG_A)
		return (struct str){ 0 };
	return readings_has_digit(name) ? name : readings_has_digit(id) ? id : (struct str){ 0 };
}

/* What the page calls the record: an anchor before or in it, else an id with a number around it or in it. */
static struct str id_in(const struct records_marks *m, const struct records_range *r)
{
	const uint32_t before = m->d->node[r->root].previous;
	struct str found = before ? anchor_of(m, before) : (struct str){ 0 };
	uint32_t up = r->root;

	for (uint32_t i = r->start; i < r->end && !found.n; i++)
		found = anchor_of(m, i);
	for (int i = 0; i < 3 && up >= r->start && !found.n; i++, up = m->d->node[up].parent)
		found = readings_has_digit(dom_attribute(m->d, up, "id")) ? dom_attribute(m->d, up, "id") : found;
	for (uint32_t i = r->start; i < r->end && !found.n; i++)
		found = readings_has_digit(dom_attribute(m->d, i, "id")) ? dom_attribute(m->d, i, "id") : found;
	return found;
}

static bool says_number_of(struct str url, struct str id)
{
	size_t n = id.n;

	while (n && records_is_digit(id.p[n - 1]))
		n--;
	return id.n - n >= 2 && str_find(url, str_from(id, n)) >= 0;
}

static void fill_id(const struct records_marks *m, const struct records_range *r, struct extract_post *post)
{
	const struct str page = records_page_of(m->x->page->url), own = records_page_of(post->url);

	if (!post->id.n)
		post->id = id_in(m, r);
	if (!post->id.n)
		return;
	/* This page with the number of the post as a parameter, and an anchor of that number in it: the anchor is the place. */
	if (post->url.n && str_eq(page, own) && str_findc(post->url, '#') < 0 &&
		says_number_of(str_from(post->url, own.n), post->id))
		post->url = arena_join(m->x->a, (const struct str[]){ post->url, STR("#"), post->id }, 3);
	if (!post->url.n)
		post->url = extract_url(m->x, arena_join(m->x->a, (const struct str[]){ STR("#"), post->id }, 2));
}

static void fill(const struct records_marks *m, enum field field, uint32_t node, struct extract_post *post)
{
	if (field == FIELD_AUTHOR)
		fill_author(m, node, post);
	else if (field == FIELD_TIME)
		(void)records_read_date(m, node, post);
	else
		fill_url(m, node, post);
}

/* The node of one record that says the field; 0 = none does. */
static uint32_t node_of(const struct readings *readings, const struct records_set *set, size_t i, const uint64_t best[FIELD_BEST])
{
	uint32_t node = 0;

	for (size_t k = 0; k < FIELD_BEST && !node && (k == 0 || readings->field != FIELD_URL); k++)
		node = node_at(readings, &set->record[i], best[k]);
	if (!node && i == 0 && set->has_opening)
		node = node_alone(readings, &set->record[i]);
	return node;
}

static void read_field(
	const struct readings *readings, struct places *places, const struct records_set *set, struct extract_post *posts)
{
	uint64_t best[FIELD_BEST];

	places_best(places, readings, set, best);
	for (size_t i = 0; i < set->n; i++) {
		const uint32_t node = node_of(readings, set, i, best);

		if (node)
			fill(readings->m, readings->field, node, &posts[i]);
	}
}

void records_read_fields(const struct records_marks *m, const struct records_set *set, struct extract_post *posts)
{
	struct places *places = places_new(m->x->a);

	for (enum field field = FIELD_AUTHOR; field <= FIELD_URL; field++) {
		const struct readings readings = { m, field, arena_list(m->x->a, struct reading, m->d->n) };

		read_field(&readings, places, set, posts);
	}
	for (size_t i = 0; i < set->n; i++)
		fill_id(m, &set->record[i], &posts[i]);
}
