/* Which format a file of posts has, and the way through it. */
#include "crawler/import.h"

#include <earshot/limits.h>
#include <errno.h>
#include <string.h>

#define READ_BYTES (1u << 20)

const struct import_format *const import_formats[] = { &import_json, &import_table, &import_mbox, NULL };

static const struct import_format *format_named(const char *name)
{
	for (const struct import_format *const *f = import_formats; *f; f++)
		if (strcmp((*f)->name, name) == 0)
			return *f;
	return NULL;
}

/* A mailbox begins with its "From " line, JSON with a bracket; all else is a table. */
static enum outcome guess_format(struct import *i, struct err *e)
{
	const int first = fgetc(i->in);
	if (first == EOF)
		return err_set(e, REJECT, "%s is empty", i->options->path);
	(void)ungetc(first, i->in);
	const struct str path = str_of(i->options->path);
	i->format = &import_table;
	if (first == '{' || first == '[' || str_ends(path, STR(".jsonl")) || str_ends(path, STR(".json")) ||
		str_ends(path, STR(".ndjson")))
		i->format = &import_json;
	else if (str_ends(path, STR(".mbox")) || str_ends(path, STR(".eml")) ||
		 (first == 'F' && !str_ends(path, STR(".csv")) && !str_ends(path, STR(".tsv"))))
		i->format = &import_mbox;
	return OK;
}

enum outcome import_open(struct import *i, const struct import_options *options, struct err *e)
{
	*i = (struct import){ .options = options };
	arena_init(&i->arena, 8 * (size_t)LIMIT_IMPORT_BYTES);
	i->in = strcmp(options->path, "-") == 0 ? stdin : fopen(options->path, "re");
	if (i->in == NULL)
		return err_set(e, REJECT, "%s cannot be read: %s", options->path, strerror(errno));
	enum outcome done = OK;
	if (options->format != NULL)
		i->format = format_named(options->format);
	else
		done = guess_format(i, e);
	if (done == OK && i->format == NULL)
		return err_set(e, REJECT, "there is no format \"%s\"; use jsonl, csv or mbox", options->format);
	return done == OK ? i->format->open(i, e) : done;
}

enum outcome import_next(struct import *i, struct arena *a, struct draft *out, struct err *e)
{
	*out = (struct draft){ 0 };
	return i->format->next(i, a, out, e);
}

void import_close(struct import *i)
{
	if (i->format != NULL && i->format->close != NULL)
		i->format->close(i);
	if (i->in != NULL && i->in != stdin)
		(void)fclose(i->in); /* only read from */
	arena_release(&i->arena);
}

enum outcome import_read_all(struct import *i, size_t most, struct err *e)
{
	struct buf all;
	buf_init(&all, most);
	char *piece = arena_take(&i->arena, READ_BYTES);
	size_t n = 1;
	while (n > 0 && !all.overflow) {
		n = fread(piece, 1, READ_BYTES, i->in);
		buf_add(&all, piece, n);
	}
	enum outcome done = OK;
	if (all.overflow)
		done = err_set(e, REJECT, "%s has more than %zu MiB; split it, or write JSONL, which may be of any size",
			i->options->path, most >> 20);
	else if (ferror(i->in))
		done = err_set(e, REJECT, "%s cannot be read: %s", i->options->path, strerror(errno));
	else
		i->bytes = arena_copy(&i->arena, buf_str(&all));
	buf_release(&all);
	return done;
}
