/* What a recipe read, as JSON. */
#include "crawler/recipe_write.h"

#include "common/base/clock.h"
#include "crawler/recipe_plan.h"

static void write_field(struct buf *out, const struct field_row *row, const struct recipe_post *post)
{
	const void *at = (const char *)post + row->offset;
	switch (row->type) {
	case FIELD_TEXT:
	case FIELD_URL:
	case FIELD_DATE:
		buf_json_opt(out, row->name, *(const struct str *)at);
		break;
	case FIELD_COUNT:
		buf_json_known(out, row->name, *(const int64_t *)at);
		break;
	case FIELD_SMALL:
	case FIELD_STARS:
	case FIELD_YES:
		buf_json_known(out, row->name, *(const int *)at);
		break;
	case FIELD_KIND:
		if (post->post.kind != POST_POST)
			buf_json_str(out, row->name, str_of(post_kind_names[post->post.kind]));
		break;
	}
}

void recipe_write_post(struct buf *out, const struct recipe_post *post)
{
	char iso[32];
	buf_addc(out, '{');
	for (size_t i = 0; i < RECIPE_FIELDS; i++)
		write_field(out, &recipe_fields[i], post);
	if (post->post.posted_ms >= 0)
		buf_json_str(out, "posted", str_of(clock_iso(post->post.posted_ms, iso)));
	if (post->post.date_only)
		buf_json_bool(out, "day_only", true);
	buf_addc(out, '}');
}

void recipe_write(struct buf *out, const struct page *page, const struct recipe_result *result, struct str error)
{
	char iso[32];
	buf_addc(out, '{');
	buf_json_str(out, "url", page->url);
	buf_json_str(out, "fetched", str_of(clock_iso(page->fetched_ms, iso)));
	buf_json_opt(out, "content_type", page->content_type);
	buf_json_opt(out, "error", error);
	buf_json_opt(out, "next", result->next);
	buf_json_key(out, "posts");
	buf_addc(out, '[');
	for (size_t i = 0; i < result->n; i++) {
		buf_addz(out, i > 0 ? ",\n" : "\n");
		recipe_write_post(out, &result->post[i]);
	}
	buf_addz(out, "\n]}\n");
}
