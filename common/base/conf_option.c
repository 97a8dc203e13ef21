/* Configuration files, second half: a section fills a struct by a table of options. */
#include "common/base/conf.h"

#include "common/base/clock.h"
#include "common/base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECRET_BYTES (64u << 10)

/* One value on its way into the struct. */
struct fill {
	struct arena *a;
	const struct conf_section *section;
	const struct conf_entry *entry;
	const struct conf_option *option;
	void *into;
	struct problems *p;
};

#define FILL_WRONG(f, fmt, ...)                                                                                                  \
	problems_add((f)->p, (f)->section->file, (f)->entry->line, (f)->entry->column, "%s: " fmt, (f)->option->name, __VA_ARGS__)

static void store(const struct fill *f, const void *value, size_t size)
{
	memcpy((char *)f->into + f->option->offset, value, size);
}

static bool is_bounded(const struct conf_option *o)
{
	return o->min != 0 || o->max != 0;
}

/* ---- numbers with units ---- */

struct unit {
	const char *name;
	int64_t factor;
};

static const struct unit durations[] = { { "ms", 1 }, { "s", MS_PER_SECOND }, { "m", MS_PER_MINUTE }, { "h", MS_PER_HOUR },
	{ "d", MS_PER_DAY } };
static const struct unit sizes[] = { { "", 1 }, { "k", 1LL << 10 }, { "m", 1LL << 20 }, { "g", 1LL << 30 } };
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* Digits, then the name of a unit in either case. "0" needs no unit. */
static bool parse_units(struct str s, const struct unit *units, size_t n, int64_t *out)
{
	size_t digits = 0;
	while (digits < s.n && s.p[digits] >= '0' && s.p[digits] <= '9')
		digits++;
	int64_t number = 0;
	if (!str_to_i64(str_first(s, digits), &number))
		return false;
	struct str name = str_trim(str_from(s, digits));
	if (number == 0 && name.n == 0) {
		*out = 0;
		return true;
	}
	for (size_t i = 0; i < n; i++)
		if (str_ieq(name, str_of(units[i].name)))
			return !__builtin_mul_overflow(number, units[i].factor, out);
	return false;
}

/* A bound as a person would write it: 60000 ms is "1m". */
static void write_units(char text[48], double value, const struct unit *units, size_t n)
{
	int64_t whole = (int64_t)value;
	size_t i = n - 1;
	while (i > 0 && (whole < units[i].factor || whole % units[i].factor != 0))
		i--;
	(void)snprintf(text, 48, "%lld%s", (long long)(whole / units[i].factor), units[i].name);
}

static void write_bound(char text[48], const struct conf_option *o, double value)
{
	if (o->type == CONF_DURATION)
		write_units(text, value, durations, COUNT(durations));
	else if (o->type == CONF_SIZE)
		write_units(text, value, sizes, COUNT(sizes));
	else
		(void)snprintf(text, 48, "%.15g", value);
}

static bool check_bounds(const struct fill *f, double value, struct str written)
{
	char low[48], high[48];
	if (!is_bounded(f->option) || (value >= f->option->min && value <= f->option->max))
		return true;
	write_bound(low, f->option, f->option->min);
	write_bound(high, f->option, f->option->max);
	FILL_WRONG(f, "\"%.*s\" is out of bounds; write a value from %s to %s", STR_FMT(written), low, high);
	return false;
}

/* ---- one function a type ---- */

static void fill_str(const struct fill *f, struct str value)
{
	store(f, &value, sizeof(value));
}

static void fill_int(const struct fill *f, struct str value)
{
	int64_t v = 0;
	if (!str_to_i64(value, &v))
		FILL_WRONG(f, "\"%.*s\" is not a whole number; write it in digits, as 42", STR_FMT(value));
	else if (check_bounds(f, (double)v, value))
		store(f, &v, sizeof(v));
}

static void fill_number(const struct fill *f, struct str value)
{
	double v = 0;
	if (!str_to_double(value, &v))
		FILL_WRONG(f, "\"%.*s\" is not a number; write it as 0.75", STR_FMT(value));
	else if (check_bounds(f, v, value))
		store(f, &v, sizeof(v));
}

static void fill_duration(const struct fill *f, struct str value)
{
	int64_t v = 0;
	if (!parse_units(value, durations, COUNT(durations), &v))
		FILL_WRONG(f, "\"%.*s\" is not a duration; write a number with ms, s, m, h or d, as 90s", STR_FMT(value));
	else if (check_bounds(f, (double)v, value))
		store(f, &v, sizeof(v));
}

static void fill_size(const struct fill *f, struct str value)
{
	int64_t v = 0;
	if (!parse_units(value, sizes, COUNT(sizes), &v))
		FILL_WRONG(f, "\"%.*s\" is not a size; write bytes, or a number with k, m or g, as 64m", STR_FMT(value));
	else if (check_bounds(f, (double)v, value))
		store(f, &v, sizeof(v));
}

static void fill_bool(const struct fill *f, struct str value)
{
	static const char *const words[] = { "no", "yes", "false", "true", "off", "on" };
	for (size_t i = 0; i < COUNT(words); i++) {
		if (!str_ieq(value, str_of(words[i])))
			continue;
		bool v = i % 2 == 1;
		store(f, &v, sizeof(v));
		return;
	}
	FILL_WRONG(f, "\"%.*s\" is neither yes nor no; write one of them", STR_FMT(value));
}

static void fill_choice(const struct fill *f, struct str value)
{
	struct buf all;
	int n = 0;
	for (; f->option->choices[n]; n++) {
		if (!str_eqc(value, f->option->choices[n]))
			continue;
		store(f, &n, sizeof(n));
		return;
	}
	buf_init(&all, 512);
	for (int i = 0; i < n; i++)
		buf_addf(&all, "%s%s", i > 0 ? ", " : "", f->option->choices[i]);
	const char *near = problems_nearest(value, f->option->choices, (size_t)n);
	if (near)
		FILL_WRONG(
			f, "\"%.*s\" is not a choice; did you mean \"%s\"? There are %s", STR_FMT(value), near, buf_str(&all).p);
	else
		FILL_WRONG(f, "\"%.*s\" is not a choice; write one of %s", STR_FMT(value), buf_str(&all).p);
	buf_release(&all);
}

/* Takes the next item of a list: up to a comma or the end of a line. */
static bool next_item(struct str *rest, struct str *item)
{
	size_t n = 0;
	if (rest->n == 0)
		return false;
	while (n < rest->n && rest->p[n] != ',' && rest->p[n] != '\n')
		n++;
	*item = str_trim(str_first(*rest, n));
	*rest = str_from(*rest, n + 1);
	return true;
}

/* Items a list can have at most: one more than separators. */
static size_t items_at_most(struct str value)
{
	size_t n = 1;
	for (size_t i = 0; i < value.n; i++)
		n += value.p[i] == ',' || value.p[i] == '\n';
	return n < CONF_ITEMS ? n : CONF_ITEMS;
}

static void fill_list(const struct fill *f, struct str value)
{
	struct conf_list list = { arena_list(f->a, struct str, items_at_most(value)), 0 };
	struct str rest = value, item;
	while (next_item(&rest, &item)) {
		if (item.n == 0)
			continue; /* a comma at the end, or before a line end */
		if (list.n == CONF_ITEMS) {
			FILL_WRONG(f, "more than %d items in one list; split the section", CONF_ITEMS);
			return;
		}
		list.item[list.n++] = item;
	}
	if (list.n == 1 && (str_find(value, STR("，")) >= 0 || str_find(value, STR("、")) >= 0))
		problems_warn(f->p, f->section->file, f->entry->line, f->entry->column,
			"%s: one item with a full-width comma in it; items are separated by \",\"", f->option->name);
	store(f, &list, sizeof(list));
}

/* ---- secrets ---- */

static void secret_from_env(const struct fill *f, struct str variable)
{
	const char *text = getenv(arena_cstr(f->a, variable));
	if (!text || !*text)
		FILL_WRONG(f, "the environment variable %.*s is not set; set it where earshot is started, or use %s_file",
			STR_FMT(variable), f->option->name);
	else
		fill_str(f, arena_copy(f->a, str_of(text)));
}

static void secret_from_file(const struct fill *f, struct str path)
{
	struct str text;
	struct err e;
	struct str full = file_join(f->a, file_folder(f->a, f->section->file), path);
	if (file_read(f->a, arena_cstr(f->a, full), SECRET_BYTES, &text, &e) != OK) {
		FILL_WRONG(f, "%s", e.text);
		return;
	}
	text = str_trim(text);
	if (text.n == 0)
		FILL_WRONG(f, "%.*s is empty; write the secret into it", STR_FMT(full));
	else
		fill_str(f, text);
}

/* A message about a secret never holds the value: it may be the secret itself. */
static void fill_secret(const struct fill *f)
{
	struct str suffix = str_from(f->entry->key, strlen(f->option->name));
	if (str_eqc(suffix, "_file"))
		secret_from_file(f, f->entry->value);
	else if (str_eqc(suffix, "_env"))
		secret_from_env(f, f->entry->value);
	else
		FILL_WRONG(f, "a secret is never written into a configuration file; write %s_file = PATH or %s_env = VARIABLE",
			f->option->name, f->option->name);
}

static void fill_value(const struct fill *f, struct str value)
{
	switch (f->option->type) {
	case CONF_STR:
		fill_str(f, value);
		break;
	case CONF_LIST:
		fill_list(f, value);
		break;
	case CONF_INT:
		fill_int(f, value);
		break;
	case CONF_NUMBER:
		fill_number(f, value);
		break;
	case CONF_BOOL:
		fill_bool(f, value);
		break;
	case CONF_DURATION:
		fill_duration(f, value);
		break;
	case CONF_SIZE:
		fill_size(f, value);
		break;
	case CONF_CHOICE:
		fill_choice(f, value);
		break;
	case CONF_SECRET:
		fill_secret(f);
		break;
	}
}

/* ---- the table ---- */

static void fill_empty(const struct fill *f)
{
	static const char zero[sizeof(struct conf_list)];
	static const size_t size_of[] = {
		[CONF_STR] = sizeof(struct str),
		[CONF_LIST] = sizeof(struct conf_list),
		[CONF_INT] = sizeof(int64_t),
		[CONF_NUMBER] = sizeof(double),
		[CONF_BOOL] = sizeof(bool),
		[CONF_DURATION] = sizeof(int64_t),
		[CONF_SIZE] = sizeof(int64_t),
		[CONF_CHOICE] = sizeof(int),
		[CONF_SECRET] = sizeof(struct str),
	};
	store(f, zero, size_of[f->option->type]);
}

void conf_defaults(struct arena *a, const struct conf_option *options, size_t noptions, void *into)
{
	const struct conf_section none = { .file = "the built-in default" };
	const struct conf_entry nowhere = { .line = 0 };
	struct problems p;
	struct buf text;
	problems_init(&p);
	for (size_t i = 0; i < noptions; i++) {
		const struct fill f = { a, &none, &nowhere, &options[i], into, &p };
		fill_empty(&f);
		if (options[i].fallback && options[i].type != CONF_SECRET)
			fill_value(&f, str_of(options[i].fallback));
	}
	if (problems_any_error(&p)) {
		buf_init(&text, SECRET_BYTES);
		problems_write(&p, &text);
		(void)fprintf(stderr, "earshot: bug: %s", buf_str(&text).p);
		abort();
	}
	problems_release(&p);
}

static bool is_name_of(const struct conf_option *o, struct str key)
{
	struct str name = str_of(o->name);
	if (!str_starts(key, name))
		return false;
	struct str suffix = str_from(key, name.n);
	return suffix.n == 0 || (o->type == CONF_SECRET && (str_eqc(suffix, "_file") || str_eqc(suffix, "_env")));
}

static size_t option_find(const struct conf_option *options, size_t n, struct str key)
{
	size_t i = 0;
	while (i < n && !is_name_of(&options[i], key))
		i++;
	return i;
}

static void report_unknown(const struct fill *f, const struct conf_option *options, size_t noptions)
{
	const struct conf_entry *e = f->entry;
	const char **names = arena_list(f->a, const char *, noptions * 2 + 1);
	size_t n = 0;
	for (size_t i = 0; i < noptions; i++) {
		if (options[i].type != CONF_SECRET) {
			names[n++] = options[i].name;
			continue;
		}
		names[n++] = arena_printf(f->a, "%s_file", options[i].name).p;
		names[n++] = arena_printf(f->a, "%s_env", options[i].name).p;
	}
	struct str where = f->section->kind.n > 0 ? f->section->kind : STR("top");
	const char *near = problems_nearest(e->key, names, n);
	if (near)
		problems_add(f->p, f->section->file, e->key_line, e->key_column,
			"unknown key \"%.*s\" in a %.*s section; did you mean \"%s\"?", STR_FMT(e->key), STR_FMT(where), near);
	else
		problems_add(f->p, f->section->file, e->key_line, e->key_column,
			"unknown key \"%.*s\" in a %.*s section; remove it, or see docs/options.md for the keys there are",
			STR_FMT(e->key), STR_FMT(where));
}

/* Values of the entries; `first[i]` becomes the entry that gave option i. */
static void fill_entries(
	struct fill *f, const struct conf_option *options, size_t noptions, const struct conf_entry **first, bool report)
{
	for (size_t i = 0; i < f->section->n; i++) {
		struct conf_entry *e = &f->section->entry[i];
		if (e->used)
			continue;
		f->entry = e;
		size_t at = option_find(options, noptions, e->key);
		if (at == noptions && report)
			report_unknown(f, options, noptions);
		if (at == noptions)
			continue;
		f->option = &options[at];
		e->used = true;
		if (first[at])
			problems_add(f->p, f->section->file, e->key_line, e->key_column,
				"\"%.*s\" was set in line %d already; keep one of the two", STR_FMT(e->key), first[at]->key_line);
		else
			fill_value(f, e->value);
		first[at] = first[at] ? first[at] : e;
	}
}

static void require_one(const struct fill *f, const struct conf_option *o, const struct conf_entry *written)
{
	const struct conf_section *s = f->section;
	const bool is_text = o->type == CONF_STR || o->type == CONF_LIST; /* of the others an empty value is no value anyway */
	if (written != NULL && is_text && str_trim(written->value).n == 0)
		problems_add(f->p, s->file, written->line, written->column,
			"\"%s\" is empty (%s); write a value (what stands behind \" #\" is a comment)", o->name,
			o->help ? o->help : "");
	if (written == NULL)
		problems_add(f->p, s->file, s->line, 1, "the %.*s section \"%.*s\" lacks \"%s\" (%s); add %s%s", STR_FMT(s->kind),
			STR_FMT(s->name), o->name, o->help ? o->help : "", o->name,
			o->type == CONF_SECRET ? "_file = PATH" : " = …");
}

static void fill_section(struct fill *f, const struct conf_option *options, size_t noptions, bool report)
{
	const struct conf_entry **first = arena_list(f->a, const struct conf_entry *, noptions + 1);
	conf_defaults(f->a, options, noptions, f->into);
	fill_entries(f, options, noptions, first, report);
	for (size_t i = 0; i < noptions; i++)
		if (options[i].required)
			require_one(f, &options[i], first[i]);
}

void conf_fill(struct arena *a, const struct conf_section *s, const struct conf_option *options, size_t noptions, void *into,
	struct problems *p)
{
	struct fill f = { .a = a, .section = s, .into = into, .p = p };
	fill_section(&f, options, noptions, true);
}

void conf_fill_known(struct arena *a, const struct conf_section *s, const struct conf_option *options, size_t noptions,
	void *into, struct problems *p)
{
	struct fill f = { .a = a, .section = s, .into = into, .p = p };
	fill_section(&f, options, noptions, false);
}
