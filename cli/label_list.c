/* earshot label --list: what people said, for people and for programs. */
#include "cli/label_walk.h"

#include <earshot/limits.h>

#define TEXT_SHOWN 120 /* bytes of a line */

void label_write_text(struct buf *out, const struct json *mention, size_t most_bytes)
{
	const struct json *post = json_get(mention, "post");
	const struct str title = json_str_of(post, "title");
	if (title.n > 0) {
		stored_text(out, title, most_bytes);
		buf_addc(out, ' ');
	}
	stored_text(out, json_str_of(post, "text"), most_bytes);
}

void label_write_word(struct buf *out, const struct json *word)
{
	const struct correction now = corrections_now(word);
	label_write_fields(out, &now);
	buf_addz(out, ", by ");
	stored_text(out, now.by, LIMIT_PERSON_BYTES);
	if (now.note.n > 0) {
		buf_addz(out, ": ");
		stored_text(out, now.note, LIMIT_NOTE_BYTES);
	}
}

static void see_line(void *context, const struct label_seen *seen)
{
	struct stored *s = context;
	struct buf *out = &s->out;
	const struct json *said = json_get(seen->word, "said");
	stored_minute(out, corrections_last(seen->word).at_ms);
	buf_addf(out, "  %.*s %.*s  ", STR_FMT(seen->brand), STR_FMT(seen->id));
	label_write_word(out, seen->word);
	buf_addf(out, "\n                  %.*s had said %.*s, %.*s: ", STR_FMT(json_str_of(said, "model")),
		STR_FMT(json_str_of(said, "label")), STR_FMT(json_str_of(said, "nature")));
	label_write_text(out, seen->mention, TEXT_SHOWN);
	buf_addc(out, '\n');
	stored_flush(s);
}

static void see_json(void *context, const struct label_seen *seen)
{
	struct stored *s = context;
	buf_addc(&s->out, '{');
	buf_json_str(&s->out, "brand", seen->brand);
	buf_json_str(&s->out, "id", seen->id);
	buf_json_key(&s->out, "correction");
	buf_adds(&s->out, seen->word ? seen->record : STR("null"));
	buf_addz(&s->out, "}\n");
	stored_flush(s);
}

enum outcome label_list(struct stored *s, struct arena *a, struct err *e)
{
	const bool is_json = options_has(&s->session.options, "json");
	const struct label_walk w = { s, a, is_json ? see_json : see_line, s };
	return label_walk(&w, e);
}
