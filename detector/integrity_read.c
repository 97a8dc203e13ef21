/* A window of mention records as posts with the voice they speak in. */
#include "detector/integrity_read.h"

#include <earshot/limits.h>
#include <earshot/verdict.h>

#include "common/base/post.h"

/* How people mark that they pass on another one's words. At the beginning, or anywhere where nobody writes it by chance. */
static const struct {
	const char *text;
	bool anywhere;
} repost_marks[] = {
	{ "转发微博", false },
	{ "轉發微博", false },
	{ "转发：", false },
	{ "轉發：", false },
	{ "转发:", false },
	{ "【转】", false },
	{ "【转发】", false },
	{ "[转]", false },
	{ "转自", false },
	{ "RT @", false },
	{ "Repost:", false },
	{ "Repost @", false },
	{ "//@", true },
	{ "分享自 @", true },
	{ "分享自@", true },
	{ " via @", true },
};

static bool says_repost(struct str text)
{
	for (size_t i = 0; i < sizeof repost_marks / sizeof *repost_marks; i++) {
		const struct str mark = str_of(repost_marks[i].text);
		if (repost_marks[i].anywhere ? str_find(text, mark) >= 0 : str_istarts(text, mark))
			return true;
	}
	return false;
}

static enum integrity_voice voice_of(const struct post *post, const struct json *verdict, struct str text)
{
	if (json_bool(json_get(verdict, "own"), false))
		return VOICE_OWN;
	if (post->kind == POST_ARTICLE || str_eqc(post->family, "news"))
		return VOICE_PRESS;
	return post->kind == POST_REPOST || says_repost(text) ? VOICE_REPOST : VOICE_PERSON;
}

static int name_index(const char *const *names, int n, struct str name, int absent)
{
	for (int i = 0; i < n; i++)
		if (str_eqc(name, names[i]))
			return i;
	return absent;
}

bool integrity_read_record(struct arena *a, const struct posts_found *found, struct integrity_post *out)
{
	struct json *record = json_parse(found->record, NULL);
	const struct json *verdict = json_get(record, "verdict");
	struct post post;
	const bool is_readable = json_get(record, "post") != NULL && post_read(a, json_get(record, "post"), &post, NULL) == OK;
	if (is_readable) {
		const struct str text = post.text.n > 0 ? post.text : post.title;
		*out = (struct integrity_post){ .id = arena_copy(a, found->post_id),
			.author = arena_copy(a, post.author),
			.source = arena_copy(a, post.source),
			.story = json_copy_of(a, record, "story"),
			.text = arena_copy(a, str_cut_utf8(text, LIMIT_INTEGRITY_TEXT_BYTES)),
			.at_ms = found->count_ms,
			.author_since_ms = post.author_since_ms,
			.voice = voice_of(&post, verdict, text),
			.complaint = json_double(json_get(verdict, "complaint"), 0),
			.nature = (enum nature)name_index(nature_names, NAT__N, json_str_of(verdict, "nature"), NAT_OTHER),
			.urgency = (enum urgency)name_index(urgency_names, URG__N, json_str_of(verdict, "urgency"), URG_NORMAL) };
	}
	json_free(record);
	return is_readable;
}

void integrity_read_found(
	struct arena *a, struct integrity_span span, const struct posts_found *found, size_t n, struct integrity_read *out)
{
	*out = (struct integrity_read){ .is_sample = n == span.most };
	out->window = (struct integrity_window){ arena_list(a, struct integrity_post, n + 1), 0, span.from_ms, span.to_ms };
	for (size_t i = 0; i < n; i++) {
		if (integrity_read_record(a, &found[i], &out->window.post[out->window.n]))
			out->window.n++;
		else
			out->erased++;
	}
	if (out->is_sample && n > 0)
		out->window.from_ms = found[n - 1].count_ms;
}

enum outcome integrity_read(const struct partition *p, struct integrity_span span, struct integrity_read *out, struct err *e)
{
	struct posts_found *found = NULL;
	size_t n = 0;
	const struct posts_span asked = { span.from_ms, span.to_ms, span.most };
	const enum outcome done = posts_find(p, asked, &found, &n, e);
	if (done == OK)
		integrity_read_found(p->arena, span, found, n, out);
	return done;
}
