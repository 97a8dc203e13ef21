/* Build-time generator: spells out the lists of common/text/split.def into the tables of common/text/split.c.
 *   gen_split > gen/split_table.h
 * Runs at build time only. */
#include "common/base/utf8.h"
#include "common/text/letters.h"
#include "common/text/split.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 32
#define WAYS_MAX 16384
#define COMPONENT_LEAVES '!'

struct way {
	uint32_t cp;
	size_t order; /* as found: the first is the likeliest */
	char text[TEXT_MAX];
};

struct table {
	struct way way[WAYS_MAX];
	size_t n;
};

static struct table splits, emoji;

/* What people type for a component that has no key of its own. */
struct spelling {
	const char *component, *written;
};
static const struct spelling spellings[] = {
	{ "亻", "人" },
	{ "扌", "手" },
	{ "氵", "水" },
	{ "讠", "言" },
	{ "纟", "丝" },
	{ "纟", "糸" },
	{ "忄", "心" },
	{ "钅", "金" },
	{ "饣", "食" },
	{ "衤", "衣" },
	{ "礻", "示" },
	{ "犭", "犬" },
	{ "辶", "走" },
	{ "辶", "辵" },
	{ "刂", "刀" },
	{ "阝", "耳" },
	{ "艹", "草" },
	{ "⺮", "竹" },
	{ "灬", "火" },
	{ "罒", "四" },
	{ "攵", "文" },
};
#define NSPELLINGS (sizeof(spellings) / sizeof(spellings[0]))

static void fail(const char *what, const char *why)
{
	fprintf(stderr, "gen_split: %s: %s; see common/text/split.def\n", what, why);
	exit(1);
}

static void put_letter(char text[TEXT_MAX], uint32_t cp)
{
	const size_t at = strlen(text);
	if (at + 5 > TEXT_MAX)
		fail(text, "is too long");
	text[at + (size_t)utf8_put(text + at, cp)] = 0;
}

static void add_way(struct table *t, uint32_t cp, const char *text)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->way[i].cp == cp && strcmp(t->way[i].text, text) == 0)
			return;
	if (t->n == WAYS_MAX)
		fail(text, "WAYS_MAX is too small");
	struct way *w = &t->way[t->n];
	*w = (struct way){ .cp = cp, .order = t->n++ };
	memcpy(w->text, text, strlen(text) + 1);
}

/* ---- splits ---- */

static void add_folded(uint32_t cp, const char *parts)
{
	char text[TEXT_MAX] = { 0 };
	struct str all = str_of(parts);
	size_t at = 0;
	while (at < all.n) {
		uint32_t letter = letters_of(utf8_next(all, &at));
		if (letter < LETTERS_FIRST)
			fail(parts, "has a part that is no letter");
		put_letter(text, letter);
	}
	if (utf8_count(str_of(text)) < 2)
		fail(parts, "has only one part");
	add_way(&splits, cp, text);
}

/* `parts` with every `component` written as `written`; false when it has none. */
static bool respell(const char *parts, const struct spelling *s, char out[TEXT_MAX])
{
	const char *found = strstr(parts, s->component);
	if (!found)
		return false;
	snprintf(out, TEXT_MAX, "%.*s%s%s", (int)(found - parts), parts, s->written, found + strlen(s->component));
	return true;
}

/* The parts as they stand, with one component spelled in each way, and with all of them spelled. */
static void add_spellings(uint32_t cp, const char *parts)
{
	char each[TEXT_MAX], all[TEXT_MAX], next[TEXT_MAX];
	add_folded(cp, parts);
	snprintf(all, sizeof(all), "%s", parts);
	for (size_t i = 0; i < NSPELLINGS; i++) {
		if (respell(parts, &spellings[i], each))
			add_folded(cp, each);
		if (respell(all, &spellings[i], next))
			memcpy(all, next, sizeof(all));
	}
	add_folded(cp, all);
}

static void add_item(struct str item, const char *before, const char *after)
{
	char parts[TEXT_MAX], turned[TEXT_MAX];
	const bool leaves = item.p[0] == COMPONENT_LEAVES;
	size_t at = leaves;
	uint32_t cp = utf8_next(item, &at);
	struct str rest = str_from(item, at);
	if (letters_of(cp) != cp)
		fail(item.p, "takes a Traditional form apart");
	snprintf(parts, sizeof(parts), "%s%.*s%s", before, STR_FMT(rest), after);
	if (leaves)
		add_folded(cp, parts);
	else
		add_spellings(cp, parts);
	snprintf(turned, sizeof(turned), "%.*s%s", STR_FMT(rest), before);
	if (strcmp(before, "辶") == 0) /* written last, typed first or last */
		add_folded(cp, turned);
}

static void add_items(const char *before, const char *items, const char *after)
{
	struct str rest = str_of(items), item;
	while (str_split(&rest, ' ', &item))
		if (item.n)
			add_item(item, before, after);
}

/* ---- emoji ---- */

static void add_emoji(const char *picture, const char *characters)
{
	char text[TEXT_MAX] = { 0 };
	struct str all = str_of(picture), for_them = str_of(characters);
	for (size_t at = 0; at < all.n;) {
		uint32_t cp = utf8_next(all, &at), letter = letters_of(cp);
		if (letter != LETTER_HIDDEN)
			put_letter(text, letter >= LETTERS_FIRST ? letter : cp);
	}
	for (size_t at = 0; at < for_them.n;)
		add_way(&emoji, utf8_next(for_them, &at), text);
}

static void read_lists(void)
{
#define SPLIT_BY(component, items) add_items(component, items, "");
#define SPLIT_END(component, items) add_items("", items, component);
#define SPLIT_INTO(items) add_items("", items, "");
#define SPLIT_EMOJI(picture, characters) add_emoji(picture, characters);
#include "common/text/split.def"
#undef SPLIT_BY
#undef SPLIT_END
#undef SPLIT_INTO
#undef SPLIT_EMOJI
}

/* ---- writing ---- */

static int by_cp_and_order(const void *a, const void *b)
{
	const struct way *x = a, *y = b;
	if (x->cp != y->cp)
		return x->cp < y->cp ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static size_t same_from(const struct table *t, size_t at)
{
	size_t n = 1;
	while (at + n < t->n && t->way[at + n].cp == t->way[at].cp)
		n++;
	return n;
}

static void write_rows(const char *name, const struct table *t, size_t most, size_t offset)
{
	printf("static const struct split_row %s[] = {\n", name);
	for (size_t at = 0; at < t->n;) {
		size_t n = same_from(t, at);
		printf("\t{ 0x%X, %zu, %zu },\n", t->way[at].cp, offset + at, n < most ? n : most);
		at += n;
	}
	puts("};");
}

static void write_texts(const struct table *t)
{
	for (size_t i = 0; i < t->n; i++)
		printf("\"%s\",%s", t->way[i].text, i % 12 == 11 ? "\n" : " ");
}

int main(void)
{
	read_lists();
	qsort(splits.way, splits.n, sizeof(splits.way[0]), by_cp_and_order);
	qsort(emoji.way, emoji.n, sizeof(emoji.way[0]), by_cp_and_order);
	puts("/* Made by tools/gen_split.c from split.def; included by common/text/split.c alone. */");
	puts("static const char *const split_texts[] = {");
	write_texts(&splits);
	write_texts(&emoji);
	puts("};");
	write_rows("split_rows", &splits, SPLIT_WAYS_MAX, 0);
	write_rows("split_emoji_rows", &emoji, SPLIT_EMOJI_MAX, splits.n);
	return ferror(stdout) || fflush(stdout) ? 1 : 0;
}
