/* Configuration files: UTF-8 text (BOM tolerated) of `[kind name]` sections with `key = value` lines and `#` comments at
 * the start of a line or after white space. A list value is separated by commas (in a block, by line ends, too).
 * `key = """` … `"""` holds several lines, or on one line a value with ` #` in it; nothing inside is a comment.
 * One parser for earshot.conf, the files of feeds/ and rules/. What a section may hold is a table of options: one row gives
 * parsing, default, bounds, help and docs. Unknown keys are errors with the nearest name. */
#ifndef EARSHOT_BASE_CONF_H
#define EARSHOT_BASE_CONF_H

#include "common/base/problems.h"

enum conf_type {
	CONF_STR, /* struct str */
	CONF_LIST, /* struct conf_list */
	CONF_INT, /* int64_t, bounds min…max */
	CONF_NUMBER, /* double, bounds min…max */
	CONF_BOOL, /* bool: yes/no/true/false/on/off */
	CONF_DURATION, /* int64_t milliseconds: 500ms 60s 5m 2h 1d; bounds in ms */
	CONF_SIZE, /* int64_t bytes: 10, 10k, 64m, 2g */
	CONF_CHOICE, /* int: index into `choices` */
	CONF_SECRET, /* struct str; written `key_file = PATH` or `key_env = NAME`, never as a value */
};

struct conf_list {
	struct str *item;
	size_t n;
};
#define CONF_ITEMS 256 /* of one list */
bool conf_list_has(const struct conf_list *list, struct str item);

struct conf_option {
	const char *name;
	enum conf_type type;
	size_t offset; /* in the struct that conf_fill() fills */
	const char *fallback; /* as it would be written; NULL = the empty or zero value */
	double min, max; /* both 0: no bounds */
	const char *const *choices; /* NULL-terminated, for CONF_CHOICE */
	bool required;
	const char *help; /* one line, for --help and docs */
};

/* `line` and `column` (code points, from 1) are where the value starts: of a block, its first line. A loader that reads an
 * entry by itself sets `used`, and conf_fill() then passes over it. */
struct conf_entry {
	struct str key, value;
	int line, column, key_line, key_column;
	bool used;
};
struct conf_section {
	struct str kind, name;
	const char *file;
	int line;
	struct conf_entry *entry;
	size_t n;
};
struct conf_file {
	const char *path;
	struct conf_section *section;
	size_t n;
};

/* Splits bytes into sections; strings live in `a` (copied). Problems go to `p`; never NULL. Entries before the first
 * section header belong to a section with an empty kind. */
struct conf_file *conf_parse(struct arena *a, struct str bytes, const char *path, struct problems *p);
/* Reads a file (cap LIMIT_CONF_BYTES) and parses it; NULL with a problem added when it cannot be read. */
struct conf_file *conf_load(struct arena *a, const char *path, struct problems *p);
/* Fills `into` from a section by the table: defaults, bounds, unknown and repeated keys, required keys. */
void conf_fill(struct arena *a, const struct conf_section *s, const struct conf_option *options, size_t noptions, void *into,
	struct problems *p);
/* The same for one of two tables that share a section (what all sources have; what this kind has): keys that are not in
 * the table are left unused, for a conf_fill() with the other table that follows. */
void conf_fill_known(struct arena *a, const struct conf_section *s, const struct conf_option *options, size_t noptions,
	void *into, struct problems *p);
/* Fills `into` with the defaults alone. */
void conf_defaults(struct arena *a, const struct conf_option *options, size_t noptions, void *into);

#endif
