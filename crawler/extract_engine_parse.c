/* Engine rules from their files: sections of keys to compiled selectors. */
#include "crawler/extract_engine.h"

#include <earshot/limits.h>

#include "common/base/conf.h"

#include "gen/engines.h"

#include <string.h>

/* A section as written. */
struct written {
	struct str selector[ENGINE_SELECTORS];
	struct str pick[ENGINE_FIELDS];
	int kind;
};

static const char *const kinds[] = { "thread", "comments", "entries", NULL };

static const struct conf_option options[] = {
#define SELECTOR(id, key, must, about)                                                                                           \
	{ .name = key,                                                                                                           \
		.type = CONF_STR,                                                                                                \
		.offset = offsetof(struct written, selector[ENGINE_##id]),                                                       \
		.required = must,                                                                                                \
		.help = about },
#define PICK(id, key, about)                                                                                                     \
	{ .name = key, .type = CONF_STR, .offset = offsetof(struct written, pick[ENGINE_##id]), .help = about },
#include "crawler/extract_engine.def"
#undef SELECTOR
#undef PICK
	{ .name = "kind",
		.type = CONF_CHOICE,
		.offset = offsetof(struct written, kind),
		.fallback = "thread",
		.choices = kinds,
		.help = "thread: the page is its posts; comments: posts below an article; entries: a list of posts of no known "
			"engine" },
};
#define NOPTIONS (sizeof options / sizeof *options)

struct reading {
	struct arena *a;
	const struct conf_section *section;
	struct problems *problems;
};

/* Says what is wrong with a value, `at` bytes behind its start: its line and column in the file. */
static void complain(const struct reading *r, const char *key, struct str value, size_t at, const char *what)
{
	for (size_t i = 0; i < r->section->n; i++) {
		const struct conf_entry *entry = &r->section->entry[i];
		int line = entry->line, column = entry->column;
		if (!str_eqc(entry->key, key))
			continue;
		for (size_t k = 0; k < at && k < value.n; k++) {
			line += value.p[k] == '\n';
			column = value.p[k] == '\n' ? 1 : column + (((unsigned char)value.p[k] & 0xC0) != 0x80);
		}
		problems_add(r->problems, r->section->file, line, column, "%s: %s", key, what);
		return;
	}
}

static const struct select *selector(const struct reading *r, const char *key, struct str whole, struct str text)
{
	struct err e;
	size_t at = 0;
	const struct select *s = select_parse(r->a, text, &at, &e);
	if (s == NULL)
		complain(r, key, whole, (size_t)(text.p - whole.p) + at, e.text);
	return s;
}

/* The place of `mark` outside brackets and quotes, -1 when there is none. */
static ptrdiff_t outside(struct str s, char mark)
{
	char quote = '\0';
	int depth = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (quote != '\0')
			quote = s.p[i] == quote ? '\0' : quote;
		else if (s.p[i] == '"' || s.p[i] == '\'')
			quote = s.p[i];
		else if (s.p[i] == mark && depth == 0)
			return (ptrdiff_t)i;
		else
			depth += (s.p[i] == '[') - (s.p[i] == ']' && depth > 0);
	}
	return -1;
}

static struct engine_way way(const struct reading *r, const char *key, struct str whole, struct str text)
{
	struct engine_way w = { .what = ENGINE_TEXT };
	text = str_trim(text);
	const ptrdiff_t at = outside(text, '@');
	const struct str where = at < 0 ? text : str_trim(str_first(text, (size_t)at));
	if (at >= 0)
		w.attribute = arena_copy(r->a, str_trim(str_from(text, (size_t)at + 1)));
	const ptrdiff_t slash = str_findc(w.attribute, '/');
	if (slash > 0) {
		w.member = arena_copy(r->a, str_from(w.attribute, (size_t)slash + 1));
		w.attribute = arena_copy(r->a, str_first(w.attribute, (size_t)slash));
	}
	if (at >= 0 && w.attribute.n == 0)
		complain(r, key, whole, (size_t)(text.p - whole.p) + (size_t)at, "an attribute's name is missing behind @");
	if (at >= 0)
		w.what = str_eqc(w.attribute, "own") ? ENGINE_OWN : str_eqc(w.attribute, "text") ? ENGINE_TEXT : ENGINE_ATTRIBUTE;
	if (where.n != 0 || at < 0)
		w.where = selector(r, key, whole, where);
	return w;
}

static struct engine_pick pick(const struct reading *r, const char *key, struct str text)
{
	struct engine_pick p = { .way = arena_list(r->a, struct engine_way, LIMIT_ENGINE_WAYS) };
	struct str rest = text;
	while (p.n < LIMIT_ENGINE_WAYS) {
		const ptrdiff_t bar = outside(rest, '|');
		p.way[p.n++] = way(r, key, text, bar < 0 ? rest : str_first(rest, (size_t)bar));
		if (bar < 0)
			return p;
		rest = str_from(rest, (size_t)bar + 1);
	}
	complain(r, key, text, (size_t)(rest.p - text.p), "more ways than anybody needs; leave out what never happens");
	return p;
}

static void compile(const struct reading *r, const struct written *w, struct engine *e)
{
	static const char *const selector_keys[] = {
#define SELECTOR(id, key, required, help) key,
#define PICK(id, key, help)
#include "crawler/extract_engine.def"
#undef SELECTOR
#undef PICK
	};
	static const char *const pick_keys[] = {
#define SELECTOR(id, key, required, help)
#define PICK(id, key, help) key,
#include "crawler/extract_engine.def"
#undef SELECTOR
#undef PICK
	};
	for (size_t i = 0; i < ENGINE_SELECTORS; i++)
		if (w->selector[i].n != 0)
			e->selector[i] = selector(r, selector_keys[i], w->selector[i], w->selector[i]);
	for (size_t i = 0; i < ENGINE_FIELDS; i++)
		if (w->pick[i].n != 0)
			e->pick[i] = pick(r, pick_keys[i], w->pick[i]);
}

/* A mark that every page bears would have every page read by this rule. */
static void check_marks(const struct reading *r, const struct written *w, const struct engine *e)
{
	const struct select *is = e->selector[ENGINE_IS];
	for (size_t i = 0; is != NULL && i < select_nalternatives(is); i++)
		if (select_key(is, i).n == 0)
			complain(r, "is", w->selector[ENGINE_IS], 0,
				"every element is one; name a tag, #id, .class or [attribute]");
}

static struct engine one_engine(const struct reading *r)
{
	struct written w = { 0 };
	const struct conf_section *s = r->section;
	const ptrdiff_t slash = str_findc(s->name, '/');
	conf_fill(r->a, s, options, NOPTIONS, &w, r->problems);
	struct engine e = {
		.name = slash < 0 ? s->name : str_first(s->name, (size_t)slash), .file = s->file, .line = s->line, .kind = w.kind
	};
	if (e.name.n == 0)
		problems_add(r->problems, s->file, s->line, 1, "an engine needs a name: [engine phpbb]");
	compile(r, &w, &e);
	check_marks(r, &w, &e);
	return e;
}

size_t engine_parse(struct arena *a, struct str bytes, const char *path, struct engine **engines, struct problems *p)
{
	const struct conf_file *file = conf_parse(a, bytes, path, p);
	size_t n = 0;
	*engines = arena_list(a, struct engine, file->n + 1);
	for (size_t i = 0; i < file->n; i++) {
		const struct conf_section *s = &file->section[i];
		const struct reading r = { .a = a, .section = s, .problems = p };
		if (str_eqc(s->kind, "engine"))
			(*engines)[n++] = one_engine(&r);
		else if (s->kind.n != 0 || s->n != 0)
			problems_add(p, s->file, s->line, 1, "\"%.*s\" is no section of an engine file; write [engine NAME]",
				STR_FMT(s->kind));
	}
	return n;
}

size_t engine_builtin_parse(struct arena *a, struct engine **engines, struct problems *p)
{
	const size_t nfiles = sizeof engine_files / sizeof *engine_files;
	size_t n = 0;
	*engines = arena_list(a, struct engine, LIMIT_ENGINES);
	for (size_t i = 0; i < nfiles; i++) {
		struct engine *some = NULL;
		const struct str bytes = { (const char *)engine_files[i].bytes, engine_files[i].n };
		const size_t nsome = engine_parse(a, bytes, engine_files[i].path, &some, p);
		for (size_t k = 0; k < nsome && n < LIMIT_ENGINES; k++)
			(*engines)[n++] = some[k];
	}
	return n;
}
