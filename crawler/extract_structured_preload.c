/* Posts from the data that Discourse lays into its pages for its own script. */
#include "crawler/extract_structured.h"

#include <earshot/limits.h>

#include "common/base/json.h"

static void add(struct structured *s, const struct json *topic, const struct json *v)
{
	const struct str cooked = json_str_of(v, "cooked");
	struct extract_post *post = cooked.n == 0 ? NULL : structured_add(s);
	struct arena *a = s->x->a;
	if (post == NULL)
		return;
	structured_text(s->x, cooked, post);
	post->author = json_str_of(v, "username");
	post->author_url = extract_url(s->x, arena_printf(a, "/u/%.*s", STR_FMT(post->author)));
	structured_date(s->x, json_str_of(v, "created_at"), post);
	post->id = json_text_of(a, v, "id");
	post->replies = json_i64_of(v, "reply_count", -1);
	post->views = json_i64_of(v, "reads", -1);
	const struct str number = json_text_of(a, v, "post_number");
	post->url = extract_url(s->x, arena_printf(a, "/t/%.*s/%.*s/%.*s", STR_FMT(json_str_of(topic, "slug")),
					      STR_FMT(json_text_of(a, topic, "id")), STR_FMT(number)));
	for (const struct json *act = json_first(json_get(v, "actions_summary")); act != NULL; act = json_next(act))
		if (json_i64_of(act, "id", 0) == 2) /* 2 is a like */
			post->likes = json_i64_of(act, "count", -1);
}

/* The value of a key is JSON written as a string. */
static void read_topic(struct structured *s, struct str bytes)
{
	struct err e;
	const struct json *topic = json_parse_in(s->x->a, bytes, &e);
	const struct json *posts = json_get(json_get(topic, "post_stream"), "posts");
	for (const struct json *v = json_first(posts); v != NULL; v = json_next(v))
		add(s, topic, v);
	if (s->n != 0 && s->title.n == 0)
		s->title = json_str_of(topic, "title");
}

void structured_preload(struct structured *s)
{
	const struct dom *d = s->x->dom;
	struct err e;
	for (uint32_t n = 1; n < d->n; n++) {
		if (d->node[n].tag == TAG_TEXT || !dom_has_attribute(d, n, "data-preloaded"))
			continue;
		const struct json *all = json_parse_in(s->x->a, dom_attribute(d, n, "data-preloaded"), &e);
		for (const struct json *v = json_first(all); v != NULL; v = json_next(v))
			if (str_starts(json_key(v), STR("topic_")) && json_kind(v) == JSON_STRING)
				read_topic(s, json_str(v));
		return;
	}
}
