/* Engine rules: how the pages of forum software are read. The rules are data (feeds/NAME.engine, sections of common/base/conf.h
 * with the keys of extract_engine.def) and travel inside the binary; a new engine needs a file there and no C.
 *
 * A page is looked at once to see which engines' marks (`is`) it bears. Each of those is tried; the list of posts that holds
 * best wins. Posts without authors and dates, or fewer bodies than posts, say that the rule does not fit: low confidence. */
#ifndef EARSHOT_CRAWLER_EXTRACT_ENGINE_H
#define EARSHOT_CRAWLER_EXTRACT_ENGINE_H

#include "common/base/problems.h"
#include "crawler/extract.h"
#include "crawler/select.h"

/* Where a value stands: ways tried in turn. */
struct engine_way {
	const struct select *where; /* NULL: the post itself */
	enum { ENGINE_TEXT, ENGINE_OWN, ENGINE_ATTRIBUTE } what;
	struct str attribute;
	struct str member; /* "" or names with / between: the attribute holds a JSON object, and the value stands there in it */
};
struct engine_pick {
	struct engine_way *way;
	size_t n;
};

enum engine_selector {
#define SELECTOR(id, key, required, help) ENGINE_##id,
#define PICK(id, key, help)
#include "crawler/extract_engine.def"
#undef SELECTOR
#undef PICK
	ENGINE_SELECTORS
};
enum engine_field {
#define SELECTOR(id, key, required, help)
#define PICK(id, key, help) ENGINE_##id,
#include "crawler/extract_engine.def"
#undef SELECTOR
#undef PICK
	ENGINE_FIELDS
};

/* thread: the page is its posts. comments: posts below something else, which is the page's text unless they outweigh it. entries:
 * marks that many kinds of pages bear: two at least, and they must outweigh the rest. */
enum engine_kind { ENGINE_THREAD, ENGINE_COMMENTS, ENGINE_ENTRIES };

struct engine {
	struct str name; /* of the section up to a slash: [engine vbulletin/3] is a layout of vbulletin */
	const char *file;
	int line;
	int kind;
	const struct select *selector[ENGINE_SELECTORS]; /* NULL = none */
	struct engine_pick pick[ENGINE_FIELDS];
};

struct engine_lengths;
struct engine_mark; /* a slot of the table that finds engines by what their pages bear */
struct engine_book {
	struct engine *engine;
	size_t n;
	struct engine_mark *mark;
	struct engine_lengths *lengths;
	size_t nmarks, nslots; /* nslots: a power of two */
};

/* Reads the sections of one file into *engines; problems with file, line and column go to `p`. Everything lives in `a`. */
size_t engine_parse(struct arena *a, struct str bytes, const char *path, struct engine **engines, struct problems *p);
/* The rules inside the binary, compiled at the first call; kept until engine_release(). */
const struct engine_book *engine_builtin(void);
/* Parses the rules inside the binary once more, for the test that they are right. */
size_t engine_builtin_parse(struct arena *a, struct engine **engines, struct problems *p);
void engine_release(void);

void engine_index(struct arena *a, struct engine_book *book); /* fills book->mark */
/* Sets found[i] for the engines whose marks the page bears: one walk. Returns how many. The page gets its sketch when a mark is seen. */
size_t engine_recognise(struct arena *a, const struct engine_book *book, struct select_page *page, bool *found);

/* Reads a page by one rule. 0 = no posts. */
float engine_apply(const struct extract *x, const struct engine *rule, struct extraction *out);
/* By the best of these rules. */
float engine_read(const struct extract *x, const struct engine_book *book, struct extraction *out);

#endif
