/* Which column of a table, which value of a JSON object is which part of a post: guessed from its name in Chinese or English
 * (crawler/mapping.def), or told: "text=内容, posted=受理时间" by name, "text=3" by number of column, "text=/ticket/body|/note" by
 * JSON pointer (crawler/pointer.h), the first that is there. What is told wins; the rest is guessed. Pure. */
#ifndef EARSHOT_CRAWLER_MAPPING_H
#define EARSHOT_CRAWLER_MAPPING_H

#include "common/base/conf.h"
#include "common/base/json.h"

/* The parts, each with its name for --map and for the `map` of a source. */
#define MAPPING_PARTS(PART)                                                                                                      \
	PART(ID, "id")                                                                                                           \
	PART(TEXT, "text")                                                                                                       \
	PART(HTML, "html") /* the text with its markup */                                                                        \
	PART(TITLE, "title")                                                                                                     \
	PART(AUTHOR, "author")                                                                                                   \
	PART(POSTED, "posted")                                                                                                   \
	PART(URL, "url")                                                                                                         \
	PART(SOURCE, "source")                                                                                                   \
	PART(FAMILY, "family")                                                                                                   \
	PART(KIND, "kind")                                                                                                       \
	PART(BRAND, "brand")                                                                                                     \
	PART(PARENT, "parent")                                                                                                   \
	PART(LANG, "lang")                                                                                                       \
	PART(STARS, "stars")                                                                                                     \
	PART(LIKES, "likes")                                                                                                     \
	PART(REPLIES, "replies")                                                                                                 \
	PART(SHARES, "shares")                                                                                                   \
	PART(VIEWS, "views")                                                                                                     \
	PART(FOLLOWERS, "author_followers")                                                                                      \
	PART(REGION, "region")                                                                                                   \
	PART(VERSION, "app_version")                                                                                             \
	PART(RANK, "rank")

enum draft_part {
#define PART(name, text) DRAFT_##name,
	MAPPING_PARTS(PART)
#undef PART
		DRAFT__N
};
extern const char *const draft_part_names[DRAFT__N];

/* A post before anything is understood: its parts as they were written, "" = not there. */
struct draft {
	struct str part[DRAFT__N];
};

#define MAPPING_WAYS 4 /* alternatives of one part */
struct pointer;
struct mapping_way {
	struct str name; /* folded; "" when it is a number or a pointer */
	int column; /* from 1 */
	const struct pointer *pointer;
};
struct mapping {
	struct mapping_way way[DRAFT__N][MAPPING_WAYS];
	size_t nways[DRAFT__N];
};

/* From "part=where" items; REJECT with the item and a remedy. An empty list is fine: everything is guessed. */
enum outcome mapping_parse(struct arena *a, const struct conf_list *items, struct mapping *out, struct err *e) MUST_CHECK;

/* For each part its column, -1 = none. Returns how many columns have a name that means something: 0 says that the row is no
 * heading. */
size_t mapping_columns(struct arena *a, const struct mapping *m, const struct str *heading, size_t n, int *column);
/* The parts of one JSON object. Strings are borrowed from the document or live in the arena. */
void mapping_object(struct arena *a, const struct mapping *m, const struct json *object, struct draft *out);

#endif
