/* Configuration files, first half: bytes become sections and entries with their places. What they mean is conf_option.c. */
#include "common/base/conf.h"

#include <earshot/limits.h>

#include "common/base/file.h"
#include "common/base/utf8.h"

#include <string.h>

#define BLOCK STR("\"\"\"")

struct reader {
	struct arena *a;
	struct problems *p;
	struct conf_file *file;
	struct str rest; /* lines still to come; p == NULL at the end */
	int line; /* number of the line taken last */
	size_t sections_cap, entries_cap;
	bool encoding_told;
};

bool conf_list_has(const struct conf_list *list, struct str item)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->item[i], item))
			return true;
	return false;
}

/* A piece of the present line and the whole of it, so that a column can be told. */
static int column_of(struct str line, struct str piece)
{
	return (int)utf8_count(str_first(line, (size_t)(piece.p - line.p))) + 1;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Cuts a comment off: `#` after white space. In `color=#fff` it is part of the value. */
static struct str without_comment(struct str s)
{
	for (size_t i = 1; i < s.n; i++)
		if (s.p[i] == '#' && is_blank(s.p[i - 1]))
			return str_trim(str_first(s, i));
	return str_trim(s);
}

static bool reader_line(struct reader *r, struct str *line)
{
	if (r->rest.n == 0 || !str_split(&r->rest, '\n', line))
		return false;
	r->line++;
	if (str_ends(*line, STR("\r")))
		line->n--;
	bool clean = utf8_valid(*line) && str_findc(*line, 0) < 0;
	if (!clean && !r->encoding_told)
		problems_add(r->p, r->file->path, r->line, 1, "this line is not UTF-8 text; save the file as UTF-8");
	r->encoding_told = r->encoding_told || !clean; /* a file in GBK would fill the list with it */
	*line = utf8_repair(r->a, *line);
	return true;
}

/* ---- growing lists ---- */

static struct conf_section *section_push(struct reader *r, struct str kind, struct str name)
{
	struct conf_file *f = r->file;
	if (f->n == r->sections_cap) {
		size_t cap = f->n ? f->n * 2 : 16;
		struct conf_section *bigger = arena_list(r->a, struct conf_section, cap);
		if (f->n > 0)
			memcpy(bigger, f->section, f->n * sizeof(*bigger));
		f->section = bigger;
		r->sections_cap = cap;
	}
	struct conf_section *s = &f->section[f->n++];
	*s = (struct conf_section){ .kind = kind, .name = name, .file = f->path, .line = r->line };
	r->entries_cap = 0;
	return s;
}

static struct conf_entry *entry_push(struct reader *r)
{
	struct conf_section *s = r->file->n ? &r->file->section[r->file->n - 1] : section_push(r, STR(""), STR(""));
	if (s->n == r->entries_cap) {
		size_t cap = s->n ? s->n * 2 : 16;
		struct conf_entry *bigger = arena_list(r->a, struct conf_entry, cap);
		if (s->n > 0)
			memcpy(bigger, s->entry, s->n * sizeof(*bigger));
		s->entry = bigger;
		r->entries_cap = cap;
	}
	return &s->entry[s->n++];
}

/* ---- lines ---- */

static void parse_header(struct reader *r, struct str line, struct str text)
{
	struct conf_section *s = section_push(r, STR(""), STR("")); /* even a wrong one: its entries are not those of the last */
	ptrdiff_t end = str_findc(text, ']');
	if (end < 0) {
		problems_add(r->p, r->file->path, r->line, column_of(line, text), "the section is not closed; end it with \"]\"");
		return;
	}
	struct str behind = str_from(text, (size_t)end + 1);
	if (without_comment(behind).n > 0)
		problems_add(
			r->p, r->file->path, r->line, column_of(line, behind), "text behind \"]\"; put it on a line of its own");
	struct str inside = str_trim((struct str){ text.p + 1, (size_t)end - 1 });
	size_t n = 0;
	while (n < inside.n && !is_blank(inside.p[n]))
		n++;
	s->kind = str_first(inside, n);
	s->name = str_trim(str_from(inside, n));
	if (s->kind.n == 0)
		problems_add(r->p, r->file->path, r->line, column_of(line, text), "the section has no kind; write [kind name]");
}

/* The value of `key = """`: what stands between the marks, line by line as it is. */
static struct str parse_block(struct reader *r, struct conf_entry *e)
{
	struct buf text;
	struct str line;
	bool first = true, closed = false;
	int opened = r->line;
	buf_init(&text, LIMIT_CONF_BYTES * 3);
	e->line = r->line + 1;
	e->column = 1;
	while (!closed && reader_line(r, &line)) {
		closed = str_eq(without_comment(line), BLOCK);
		if (closed)
			break;
		if (!first)
			buf_addc(&text, '\n');
		first = false;
		buf_adds(&text, line);
	}
	if (!closed)
		problems_add(
			r->p, r->file->path, opened, 1, "the block that starts here has no end; close it with a line of \"\"\"");
	struct str value = arena_copy(r->a, buf_str(&text));
	buf_release(&text);
	return value;
}

/* `"""value"""` on one line, or the start of a block. */
static struct str parse_quoted(struct reader *r, struct conf_entry *e, struct str line, struct str text)
{
	struct str inside = str_from(text, BLOCK.n);
	ptrdiff_t end = str_find(inside, BLOCK);
	struct str behind = end < 0 ? inside : str_from(inside, (size_t)end + BLOCK.n);
	if (without_comment(behind).n > 0)
		problems_add(r->p, r->file->path, r->line, column_of(line, behind),
			"text on the line of \"\"\"; start the block on the next line, or close it on this one");
	if (end < 0)
		return parse_block(r, e);
	e->column = column_of(line, inside);
	return str_first(inside, (size_t)end);
}

static bool is_key(struct str key)
{
	if (key.n == 0)
		return false;
	for (size_t i = 0; i < key.n; i++)
		if ((unsigned char)key.p[i] <= ' ' || strchr("\"[]#", key.p[i]))
			return false;
	return true;
}

static void parse_entry(struct reader *r, struct str line, struct str text)
{
	ptrdiff_t equals = str_findc(text, '=');
	struct str key = equals < 0 ? text : str_trim(str_first(text, (size_t)equals));
	if (equals < 0 || !is_key(key)) {
		problems_add(r->p, r->file->path, r->line, column_of(line, text),
			"neither \"key = value\" nor \"[kind name]\"; a comment starts with #");
		return;
	}
	struct conf_entry *e = entry_push(r);
	struct str raw = str_from(text, (size_t)equals + 1);
	struct str value = without_comment(raw);
	*e = (struct conf_entry){
		.key = key, .value = value, .key_line = r->line, .key_column = column_of(line, key), .line = r->line
	};
	e->column = column_of(line, value.n > 0 ? value : raw);
	if (str_starts(value, BLOCK))
		e->value = parse_quoted(r, e, line, str_trim(raw));
}

struct conf_file *conf_parse(struct arena *a, struct str bytes, const char *path, struct problems *p)
{
	struct conf_file *file = arena_new(a, struct conf_file);
	file->path = arena_cstr(a, str_of(path));
	if (str_starts(bytes, STR("\xEF\xBB\xBF")))
		bytes = str_from(bytes, 3);
	struct reader r = { .a = a, .p = p, .file = file, .rest = arena_copy(a, bytes) };
	struct str line;
	while (reader_line(&r, &line)) {
		struct str text = str_trim(line);
		if (text.n == 0 || text.p[0] == '#')
			continue;
		if (text.p[0] == '[')
			parse_header(&r, line, text);
		else
			parse_entry(&r, line, text);
	}
	return file;
}

struct conf_file *conf_load(struct arena *a, const char *path, struct problems *p)
{
	struct str bytes;
	struct err e;
	if (file_read(a, path, LIMIT_CONF_BYTES, &bytes, &e) == OK)
		return conf_parse(a, bytes, path, p);
	/* The sentence starts with the path, which a problem names by itself. */
	struct str text = str_of(e.text), prefix = str_of(path);
	if (str_starts(text, prefix) && str_starts(str_from(text, prefix.n), STR(": ")))
		text = str_from(text, prefix.n + 2);
	problems_add(p, path, 0, 0, "%.*s", STR_FMT(text));
	return NULL;
}
