/* Sample posts: drawn by hashed id, kept as a place with some text around it. */
#include "detector/sample.h"

#include "common/base/tally.h"
#include "common/base/utf8.h"

#include <string.h>

/* Kept on one line: what breaks or steers a terminal becomes a space. */
static struct str one_line(struct arena *a, struct str s)
{
	char *out = arena_take(a, s.n + 1);
	for (size_t i = 0; i < s.n; i++)
		out[i] = (unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7F ? ' ' : s.p[i];
	return (struct str){ out, s.n };
}

static struct str slice(struct arena *a, struct str text, size_t from, size_t to)
{
	const size_t begin = utf8_offset(text, from), end = utf8_offset(text, to);
	return one_line(a, (struct str){ text.p + begin, end - begin });
}

static void cut_out(struct sample *s, struct arena *a, const struct sample_offer *o)
{
	const struct match *m = o->place;
	const bool is_title = m != NULL ? m->field == POST_TITLE : o->post->text.n == 0;
	const struct str text = is_title ? o->post->title : o->post->text;
	const size_t n = utf8_count(text), from = m != NULL ? m->from : 0, to = m != NULL ? m->to : 0;
	const size_t first = from > SAMPLE_AROUND ? from - SAMPLE_AROUND : 0;
	const size_t hit_end = to - from > SAMPLE_HIT ? from + SAMPLE_HIT : to;
	const size_t last = to + SAMPLE_AROUND < n ? to + SAMPLE_AROUND : n;
	s->field = is_title ? POST_TITLE : POST_TEXT;
	s->before = slice(a, text, first, from);
	s->hit = slice(a, text, from, hit_end);
	s->after = slice(a, text, to, last);
	s->cut_before = first > 0;
	s->cut_after = last < n;
}

void samples_offer(struct samples *s, struct arena *a, const struct sample_offer *o)
{
	const uint64_t order = tally_mix(str_hash(o->post->id));
	if (o->max == 0 || (s->n == o->max && order >= s->item[s->n - 1].order))
		return;
	if (s->item == NULL)
		s->item = arena_list(a, struct sample, o->max);
	size_t at = s->n < o->max ? s->n++ : s->n - 1;
	for (; at > 0 && s->item[at - 1].order > order; at--)
		s->item[at] = s->item[at - 1];
	s->item[at] = (struct sample){
		.order = order,
		.id = arena_copy(a, o->post->id),
		.url = arena_copy(a, o->post->url),
		.lang = arena_copy(a, o->post->lang),
		.source = arena_copy(a, o->post->source),
		.at_ms = post_count_ms(o->post),
		.rule = o->place != NULL ? o->place->rule : NULL,
		.cause = o->cause,
		.folds = o->place != NULL ? o->place->folds : 0,
	};
	cut_out(&s->item[at], a, o);
}
