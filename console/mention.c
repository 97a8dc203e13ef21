/* Mention record -> what a list shows of it. */
#include "console/mention.h"

#include "common/base/json.h"
#include "common/base/post.h"
#include "common/base/utf8.h"
#include "common/store/corrections.h"

/* How much of each field is shown; code points, as places are. */
static const uint32_t shown_chars[POST_FIELD__N] = { [POST_TITLE] = MENTION_TITLE_CHARS, [POST_TEXT] = MENTION_TEXT_CHARS };

static struct str cut_chars(struct str s, uint32_t chars)
{
	return str_first(s, utf8_offset(s, chars));
}

/* ---- places ---- */

struct place {
	struct str field, term;
	int64_t from, to;
	const char *kind;
	double effect;
};

static bool place_is_shown(const struct place *p)
{
	for (int f = 0; f < POST_FIELD__N; f++)
		if (str_eqc(p->field, post_field_names[f]))
			return p->from >= 0 && p->from < p->to && p->to <= (int64_t)shown_chars[f];
	return false;
}

static void write_place(struct buf *out, const struct place *p, size_t *left)
{
	if (!place_is_shown(p) || *left == 0)
		return;
	*left -= 1;
	buf_json_comma(out);
	buf_addc(out, '{');
	buf_json_str(out, "field", p->field);
	buf_json_int(out, "from", p->from);
	buf_json_int(out, "to", p->to);
	buf_json_str(out, "kind", str_of(p->kind));
	buf_json_str(out, "term", p->term);
	buf_json_double(out, "effect", p->effect, 3);
	buf_addc(out, '}');
}

/* Where the brand was seen: ["text",from,to,"term"]. */
static void write_brand_places(struct buf *out, const struct json *places, size_t *left)
{
	for (const struct json *v = json_first(places); v != NULL; v = json_next(v)) {
		struct place p = { .field = json_str(json_at(v, 0)), .term = json_str(json_at(v, 3)), .kind = "brand" };
		if (json_i64(json_at(v, 1), &p.from) && json_i64(json_at(v, 2), &p.to))
			write_place(out, &p, left);
	}
}

static const char *kind_of(struct str list, double effect)
{
	const bool has_side = str_eqc(list, "sentiment") || str_eqc(list, "model.label");
	if (!has_side || effect == 0)
		return "reason";
	return effect < 0 ? "negative" : "positive";
}

/* What the verdict hung on: ["text",from,to,"term","list",effect]. */
static void write_reasons(struct buf *out, const struct json *reasons, size_t *left)
{
	for (const struct json *v = json_first(reasons); v != NULL; v = json_next(v)) {
		struct place p = {
			.field = json_str(json_at(v, 0)), .term = json_str(json_at(v, 3)), .effect = json_double(json_at(v, 5), 0)
		};
		p.kind = kind_of(json_str(json_at(v, 4)), p.effect);
		if (json_i64(json_at(v, 1), &p.from) && json_i64(json_at(v, 2), &p.to))
			write_place(out, &p, left);
	}
}

static void write_places(struct buf *out, const struct json *record)
{
	size_t left = MENTION_PLACES;
	buf_json_key(out, "places");
	buf_addc(out, '[');
	write_brand_places(out, json_get(record, "places"), &left);
	write_reasons(out, json_get(json_get(record, "verdict"), "reasons"), &left);
	buf_addc(out, ']');
}

/* ---- post and verdict ---- */

static bool is_web_url(struct str url)
{
	return str_istarts(url, STR("http://")) || str_istarts(url, STR("https://"));
}

static void write_post(struct buf *out, const struct post *p)
{
	const struct str title = cut_chars(p->title, MENTION_TITLE_CHARS), text = cut_chars(p->text, MENTION_TEXT_CHARS);
	buf_json_known(out, "posted_ms", p->posted_ms);
	buf_json_str(out, "title", title);
	buf_json_str(out, "text", text);
	buf_json_bool(out, "is_cut", title.n < p->title.n || text.n < p->text.n);
	buf_json_str(out, "url", is_web_url(p->url) ? p->url : (struct str){ 0 });
	buf_json_str(out, "source", p->source);
	buf_json_str(out, "family", p->family);
	buf_json_str(out, "kind", str_of(post_kind_names[p->kind]));
	buf_json_str(out, "lang", p->lang);
	buf_json_known(out, "stars", p->stars);
}

static void write_verdict(struct buf *out, const struct json *v)
{
	static const char *const words[] = { "label", "category", "nature", "urgency" };
	static const char *const numbers[] = { "sentiment", "confidence", "complaint" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		buf_json_str(out, words[i], json_str_of(v, words[i]));
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		buf_json_double(out, numbers[i], json_double(json_get(v, numbers[i]), 0), 3);
}

/* The counters of the latest sight: the observation's, else the post's own. */
static void write_counters(struct buf *out, const struct post *p, struct str observation)
{
	struct json *sight = observation.n > 0 ? json_parse(observation, NULL) : NULL;
	buf_json_known(out, "likes", json_i64_of(sight, "likes", p->likes));
	buf_json_known(out, "replies", json_i64_of(sight, "replies", p->replies));
	buf_json_known(out, "shares", json_i64_of(sight, "shares", p->shares));
	buf_json_known(out, "views", json_i64_of(sight, "views", p->views));
	buf_json_bool(out, "is_edited", json_bool(json_get(sight, "edited"), false));
	json_free(sight);
}

/* What a person said it is; the verdict stays beside it. */
static void write_correction(struct buf *out, struct str correction)
{
	struct json *record = correction.n > 0 ? json_parse(correction, NULL) : NULL;
	const struct correction now = corrections_now(record);
	if (record != NULL) {
		buf_json_key(out, "correction");
		buf_addc(out, '{');
		for (int f = 0; f < CORRECTION__N; f++)
			buf_json_opt(out, correction_field_names[f], now.value[f]);
		buf_json_str(out, "by", now.by);
		buf_json_int(out, "at_ms", now.at_ms);
		buf_addc(out, '}');
	}
	json_free(record);
}

void mention_write(struct arena *a, struct buf *out, const struct posts_found *found, struct str correction)
{
	struct json *record = json_parse(found->record, NULL);
	struct post post;
	const bool is_readable = record != NULL && post_read(a, json_get(record, "post"), &post, NULL) == OK;
	buf_addc(out, '{');
	buf_json_str(out, "id", found->post_id);
	buf_json_int(out, "at_ms", found->count_ms);
	if (is_readable) {
		write_post(out, &post);
		write_verdict(out, json_get(record, "verdict"));
		write_correction(out, correction);
		write_counters(out, &post, found->observation);
		buf_json_bool(out, "own", json_bool(json_get(record, "own"), false));
		write_places(out, record);
	} else {
		buf_json_bool(out, "unreadable", true);
		if (json_bool(json_get(record, "erased"), false))
			buf_json_bool(out, "erased", true);
	}
	buf_addc(out, '}');
	json_free(record);
}
