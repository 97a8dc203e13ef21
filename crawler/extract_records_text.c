/* The words of each record: its text, what it quotes, what its author signs with. */
#include "crawler/extract_records.h"

#include <string.h>

struct view {
	const struct records_marks *m;
	uint32_t body;
	uint16_t wanted; /* flag whose nodes are left out */
	bool is_clean; /* the body holds no names and dates of its own */
};

/* A marked node that is nearly all of the body is the body: some sites write posts as <blockquote>. */
static bool is_all(const struct view *v, uint32_t node)
{
	const struct records_marks *m = v->m;
	const struct dom_node *body = &m->d->node[v->body];
	const uint32_t all = records_between(m->plain, v->body, body->end) + records_between(m->linked, v->body, body->end);
	const uint32_t part =
		records_between(m->plain, node, m->d->node[node].end) + records_between(m->linked, node, m->d->node[node].end);

	return 20 * (uint64_t)part >= 19 * (uint64_t)all;
}

static bool is_left_out(const void *context, uint32_t node)
{
	const struct view *v = context;
	const uint16_t flag = v->m->flag[node];

	if (node == v->body)
		return false;
	if (flag & (RECORDS_HIDDEN | RECORDS_TOOL))
		return true;
	if (!v->is_clean && (flag & (RECORDS_DATE | RECORDS_USER)))
		return true;
	return (flag & v->wanted) && !is_all(v, node);
}

/* All quotes (or signatures) below a body, blank lines between. */
static struct str marked_text(const struct records_marks *m, uint32_t body, uint16_t wanted)
{
	const struct view v = { .m = m, .body = body };
	struct str all = { 0 };

	for (uint32_t i = body + 1; i < m->d->node[body].end; i++) {
		struct str text;

		if (!(m->flag[i] & wanted) || is_all(&v, i))
			continue;
		text = dom_text(m->x->a, m->d, i);
		if (text.n)
			all = all.n ? arena_printf(m->x->a, "%.*s\n\n%.*s", STR_FMT(all), STR_FMT(text)) : text;
		i = m->d->node[i].end - 1;
	}
	return all;
}

static bool bodies_clean(const struct records_marks *m, const struct records_set *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct records_range *r = &s->record[i];

		n += records_between(m->dates, r->body, m->d->node[r->body].end) > 0 &&
		     records_between(m->users, r->body, m->d->node[r->body].end) > 0;
	}
	return 2 * n < s->n;
}

/* An opening post without an element of its own: its paragraphs stand one after the other before the answers. */
static struct str paragraphs_text(const struct records_marks *m, const struct records_range *r)
{
	struct arena *a = m->x->a;
	struct str all = { 0 };

	for (uint32_t i = r->start; i < r->end; i = m->d->node[i].end) {
		const struct view v = { .m = m, .body = i, .is_clean = true };
		struct str text;

		if (!records_is_paragraph(m, i) || m->flag[i] & RECORDS_HIDDEN)
			continue;
		text = str_trim(dom_text_without(a, m->d, i, is_left_out, &v));
		if (text.n)
			all = all.n ? arena_printf(a, "%.*s\n\n%.*s", STR_FMT(all), STR_FMT(text)) : text;
	}
	return all;
}

void records_read_texts(const struct records_marks *m, const struct records_set *set, struct extract_post *posts)
{
	const bool is_clean = bodies_clean(m, set);

	for (size_t i = 0; i < set->n; i++) {
		const struct view v = { m, set->record[i].body, RECORDS_QUOTE | RECORDS_SIGNATURE, is_clean };

		posts[i].text = str_trim(dom_text_without(m->x->a, m->d, v.body, is_left_out, &v));
		if (i == 0 && set->has_opening && v.body == set->record[0].root && records_is_paragraph(m, v.body))
			posts[i].text = paragraphs_text(m, &set->record[0]);
		posts[i].quote = marked_text(m, v.body, RECORDS_QUOTE);
		posts[i].signature = marked_text(m, v.body, RECORDS_SIGNATURE);
	}
}
