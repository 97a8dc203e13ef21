/* earshot label --export: corrected mentions as a table that earshot train reads (detector/labels.h). */
#include "cli/label_walk.h"

#include "common/base/file.h"
#include "common/base/utf8.h"
#include <earshot/limits.h>

#define MODE 0600 /* texts of people, masked as they are */

struct table {
	struct buf out;
	bool has[CORRECTION__N]; /* columns; beside the label only what somebody corrected */
	size_t rows, textless;
};

static void note_columns(void *context, const struct label_seen *seen)
{
	struct table *t = context;
	const struct correction now = corrections_now(seen->word);
	for (int f = 0; f < CORRECTION__N; f++)
		t->has[f] = t->has[f] || now.value[f].n > 0;
}

/* The words by which the post names the brand: toward them it is judged. */
static void write_name(struct buf *out, const struct json *mention)
{
	const struct json *place = json_at(json_get(mention, "places"), 0), *post = json_get(mention, "post");
	const struct str text = json_str_of(post, str_eqc(json_str(json_at(place, 0)), "title") ? "title" : "text");
	int64_t from = 0, to = 0;
	if (!json_i64(json_at(place, 1), &from) || !json_i64(json_at(place, 2), &to) || from < 0 || to <= from)
		return;
	const size_t at = utf8_offset(text, (size_t)from), end = utf8_offset(text, (size_t)to);
	stored_text(out, str_first(str_from(text, at), end - at), LIMIT_TERM_BYTES);
}

/* What nobody corrected stays empty: a model must not learn from itself. */
static void write_values(struct table *t, const struct correction *now)
{
	for (int f = 0; f < CORRECTION__N; f++) {
		const bool is_none = str_eqc(now->value[f], CORRECTION_NO_CATEGORY);
		if (t->has[f])
			buf_addf(&t->out, "%.*s\t", STR_FMT(is_none ? STR("-") : now->value[f]));
	}
}

static void write_row(void *context, const struct label_seen *seen)
{
	struct table *t = context;
	const struct json *post = json_get(seen->mention, "post");
	const struct correction now = corrections_now(seen->word);
	if (json_str_of(post, "text").n + json_str_of(post, "title").n == 0) {
		t->textless++;
		return;
	}
	write_values(t, &now);
	buf_addf(&t->out, "%s\t", str_eqc(json_str_of(post, "kind"), "review") ? "review" : "");
	write_name(&t->out, seen->mention);
	buf_addf(&t->out, "\t%.*s\t", STR_FMT(seen->id));
	label_write_text(&t->out, seen->mention, LIMIT_TEXT_BYTES);
	buf_addc(&t->out, '\n');
	t->rows++;
}

static void write_heading(struct table *t)
{
	t->has[CORRECTION_LABEL] = true; /* earshot train wants the column */
	for (int f = 0; f < CORRECTION__N; f++)
		if (t->has[f])
			buf_addf(&t->out, "%s\t", correction_field_names[f]);
	buf_addz(&t->out, "kind\tbrand\tid\ttext\n");
}

static enum outcome fill(struct table *t, struct stored *s, struct arena *a, struct err *e)
{
	struct label_walk w = { s, a, note_columns, t };
	const enum outcome done = label_walk(&w, e);
	if (done != OK)
		return done;
	write_heading(t);
	w.see = write_row;
	return label_walk(&w, e);
}

enum outcome label_export(struct stored *s, struct arena *a, struct err *e)
{
	const char *path = options_value(&s->session.options, "export");
	struct table t = { 0 };
	buf_init(&t.out, LIMIT_LABELS_BYTES);
	enum outcome done = fill(&t, s, a, e);
	if (done == OK && t.out.overflow)
		done = err_set(
			e, REJECT, "the table would be larger than %u MiB; export one brand at a time", LIMIT_LABELS_BYTES >> 20);
	if (done == OK)
		done = file_write(path, buf_str(&t.out), MODE, e);
	buf_release(&t.out);
	if (done != OK)
		return done;
	buf_addf(&s->out, "%zu corrected posts to %s; earshot train reads it\n", t.rows, path);
	if (t.textless > 0)
		buf_addf(&s->out, "%zu have no text any more\n", t.textless);
	return OK;
}
