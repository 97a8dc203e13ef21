/* Posts as JSON: an object a line, of any number, or one array of objects. */
#include "crawler/import.h"

#include "common/base/file.h"

#include <earshot/limits.h>

struct json_state {
	struct lines lines; /* used unless `item` or `is_array` is set */
	bool is_array;
	const struct json *item; /* the next of the array */
	struct str at; /* pointer of it in the file, for its line */
};

static int first_sign(FILE *in)
{
	int c = fgetc(in);
	while (c == ' ' || c == '\n' || c == '\r' || c == '\t')
		c = fgetc(in);
	if (c != EOF)
		(void)ungetc(c, in);
	return c;
}

static enum outcome open_array(struct import *i, struct json_state *s, struct err *e)
{
	struct err why = { 0 };
	const enum outcome done = import_read_all(i, LIMIT_IMPORT_JSON_BYTES, e);
	if (done != OK)
		return done;
	const struct json *doc = json_parse_in(&i->arena, i->bytes, &why);
	if (doc == NULL)
		return err_set(e, REJECT, "%s: %s", i->options->path, why.text);
	s->is_array = true;
	s->item = json_first(doc);
	return OK;
}

static enum outcome json_open(struct import *i, struct err *e)
{
	struct json_state *s = arena_new(&i->arena, struct json_state);
	i->state = s;
	if (first_sign(i->in) == '[')
		return open_array(i, s, e);
	lines_init(&s->lines, i->in, LIMIT_JSONL_BYTES);
	return OK;
}

static enum outcome next_item(struct import *i, struct json_state *s, struct arena *a, struct draft *out, struct err *e)
{
	const struct json *item = s->item;
	if (item == NULL)
		return SKIP;
	i->line++;
	s->item = json_next(item);
	if (json_kind(item) != JSON_OBJECT)
		return err_set(e, REJECT, "item %lu of the array is no object", i->line);
	mapping_object(a, &i->options->mapping, item, out);
	return OK;
}

static enum outcome import_json_next(struct import *i, struct arena *a, struct draft *out, struct err *e)
{
	struct json_state *s = i->state;
	struct str line;
	if (s->is_array)
		return next_item(i, s, a, out, e);
	do {
		if (!lines_next(&s->lines, &line))
			return SKIP;
	} while (!s->lines.too_long && str_trim(line).n == 0);
	i->line = s->lines.number;
	if (s->lines.too_long)
		return err_set(e, REJECT, "the line is longer than %u bytes", LIMIT_JSONL_BYTES);
	const struct json *doc = json_parse_in(a, arena_copy(a, line), e);
	if (doc == NULL)
		return REJECT;
	if (json_kind(doc) != JSON_OBJECT)
		return err_set(e, REJECT, "the line is no JSON object");
	mapping_object(a, &i->options->mapping, doc, out);
	return OK;
}

static void json_close(struct import *i)
{
	struct json_state *s = i->state;
	if (s != NULL && !s->is_array)
		lines_release(&s->lines);
}

const struct import_format import_json = { "jsonl", "one JSON object a line, or an array of them", false, json_open,
	import_json_next, json_close };
