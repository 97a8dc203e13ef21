/* The hot path: a stream entry end to end, without Redis, clock or log. */
#include "detector/pipeline.h"

#include <earshot/bucket.h>
#include <earshot/limits.h>

#include "common/base/post.h"
#include "detector/count.h"
#include "detector/judge.h"
#include "detector/situation.h"

#include <string.h>

/* What a back-fill counts again was not seen now: the same counts once more under names of their own, so that a tick can take
 * them off what it sees (tick.c). Only the series that are watched. */
static size_t add_history(const char **out, size_t n)
{
	size_t more = 0;
	for (int w = 0; w < WATCH__N; w++)
		for (size_t i = 0; i < n; i++)
			if (strcmp(out[i], watched_names[w]) == 0)
				out[n + more++] = history_names[w];
	return n + more;
}

/* A post that was admitted without a date when its source was seen for the first time is history, not news. */
static size_t choose_dimensions(
	struct arena *a, const struct json *entry, const struct post *post, const struct verdict *v, const char **out)
{
	if (json_bool(json_get(entry, "backfill"), false)) {
		out[0] = "backfill";
		return 1;
	}
	const size_t n = count_dimensions(a, post, v, out);
	return json_bool(json_get(entry, "history"), false) ? add_history(out, n) : n;
}

void pipeline_text_init(struct buf *text)
{
	buf_init(text, LIMIT_STREAM_ENTRY_BYTES * 2);
}

/* The entry without its closing brace, then what we found. Empty when it would be too large. */
static struct str write_record(const struct pipeline *p, struct str body, const struct verdict *v, const struct posts_mention *m,
	const struct story *story)
{
	struct buf *out = p->text;
	buf_clear(out);
	buf_add(out, body.p, body.n - 1);
	buf_addz(out, ",\"verdict\":{");
	verdict_write(out, v);
	if (p->book->weights)
		buf_json_str(out, "model", str_of(rulebook_model(p->book)));
	buf_addz(out, "},\"counted\":[");
	for (size_t i = 0; i < m->ndimensions; i++) {
		buf_addz(out, i > 0 ? "," : "");
		buf_json_string(out, str_of(m->dimension[i]));
	}
	buf_addc(out, ']');
	if (story != NULL)
		buf_json_str(out, "story", str_of(story->id));
	buf_json_int(out, "count_ms", m->count_ms);
	buf_addc(out, '}');
	return out->overflow ? STR("") : arena_copy(p->keep, buf_str(out));
}

/* Kept beside the record when the post was known already: the counters of this sight, and the text when it was edited. */
static struct str write_observation(const struct pipeline *p, const struct json *entry, const struct post *post)
{
	struct buf *out = p->text;
	const bool is_edited = json_bool(json_get(entry, "edited"), false);
	if (post->likes < 0 && post->replies < 0 && post->shares < 0 && post->views < 0 && !is_edited)
		return STR("");
	buf_clear(out);
	buf_addc(out, '{');
	buf_json_int(out, "fetched_ms", post->fetched_ms);
	buf_json_known(out, "likes", post->likes);
	buf_json_known(out, "replies", post->replies);
	buf_json_known(out, "shares", post->shares);
	buf_json_known(out, "views", post->views);
	if (is_edited) {
		buf_json_bool(out, "edited", true);
		buf_json_str(out, "title", post->title);
		buf_json_str(out, "text", post->text);
	}
	buf_addc(out, '}');
	return arena_copy(p->keep, buf_str(out));
}

static enum outcome check_post(const struct posts_entry *entry, const struct post *p, struct err *e)
{
	if (p->id.n != POST_ID_DIGITS)
		return err_set(e, REJECT, "entry %.*s: the post id has %zu digits, not %d", STR_FMT(entry->entry_id), p->id.n,
			POST_ID_DIGITS);
	if (p->fetched_ms < 0)
		return err_set(e, REJECT, "entry %.*s: the post has no fetched_ms", STR_FMT(entry->entry_id));
	return OK;
}

/* The text says which story it is; a title does where there is nothing else, as answers of a thread share theirs. */
static const struct story *join_story(const struct pipeline *p, const struct post *post)
{
	const struct stories_post mine = { post->id, post->text.n > 0 ? post->text : post->title, post_count_ms(post) };
	return stories_join(p->stories, &mine);
}

static struct posts_story story_part(struct arena *keep, const struct story *story, const struct post *post)
{
	if (story == NULL || !story->has_copies)
		return (struct posts_story){ .id = STR("") };
	return (struct posts_story){ arena_copy(keep, str_of(story->id)), arena_copy(keep, post->source),
		arena_copy(keep, post->author) };
}

static enum outcome fill_mention(const struct pipeline *p, const struct posts_entry *entry, const struct json *doc,
	struct posts_mention *out, struct err *e)
{
	struct post post;
	enum outcome done = post_read(p->scratch, json_get(doc, "post"), &post, e);
	if (done == OK)
		done = check_post(entry, &post, e);
	if (done != OK)
		return done;
	struct scanned scanned;
	struct verdict verdict;
	scan_post(p->scratch, p->book, &post, &scanned);
	judge(p->scratch, p->book, p->brand, &post, &scanned, &verdict);
	verdict.own = json_bool(json_get(doc, "own"), false);

	const bool is_history = json_bool(json_get(doc, "history"), false);
	const struct story *story = join_story(p, &post);
	const char **dimension = arena_list(p->keep, const char *, DIMENSIONS_OF_MENTION);
	*out = (struct posts_mention){
		.entry_id = entry->entry_id,
		.post_id = arena_copy(p->keep, post.id),
		.count_ms = post_count_ms(&post),
		.seen_ms = post.fetched_ms,
		.dimension = dimension,
		.ndimensions = choose_dimensions(p->keep, doc, &post, &verdict, dimension),
		.counter = { post.likes, post.replies, post.shares, post.views },
		.story = story_part(p->keep, story, &post),
		.rulebook = is_history ? STR("") : arena_copy(p->keep, json_str_of(doc, "rulebook")),
		.observation = is_history ? STR("") : write_observation(p, doc, &post),
	};
	out->record = write_record(p, entry->body, &verdict, out, story);
	if (out->record.n == 0)
		return err_set(e, REJECT, "entry %.*s: the record would be larger than %u bytes", STR_FMT(entry->entry_id),
			LIMIT_STREAM_ENTRY_BYTES * 2);
	return OK;
}

enum outcome pipeline_mention(const struct pipeline *p, const struct posts_entry *entry, struct posts_mention *out, struct err *e)
{
	if (entry->body.n > LIMIT_STREAM_ENTRY_BYTES)
		return err_set(e, REJECT, "entry %.*s has %zu bytes, at most %u are read", STR_FMT(entry->entry_id),
			entry->body.n, LIMIT_STREAM_ENTRY_BYTES);
	arena_reset(p->scratch);
	const struct posts_entry trimmed = { entry->entry_id, str_trim(entry->body) };
	const struct json *doc = json_parse_in(p->scratch, trimmed.body, e);
	if (doc == NULL)
		return REJECT;
	if (json_kind(doc) != JSON_OBJECT)
		return err_set(e, REJECT, "entry %.*s is not a JSON object", STR_FMT(entry->entry_id));
	return fill_mention(p, &trimmed, doc, out, e);
}
