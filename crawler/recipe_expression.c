/* Expressions of recipes, first half: from text to ways and templates, every mistake with its column. */
#include "crawler/recipe_expression.h"

#include <earshot/limits.h>

#include <string.h>

/* ---- where a way starts ---- */

static bool parse_way(struct expression_reader *r, struct recipe_way *way);

/* The literal up to the next brace or the closing mark; {{ and }} are braces, \" is a mark. */
static bool take_literal(struct expression_reader *r, struct str *out)
{
	char *p = arena_take(r->d->a, r->text.n + 1);
	size_t n = 0;
	for (; r->at < r->text.n && r->text.p[r->at] != '"'; r->at++) {
		const char c = r->text.p[r->at], next = r->at + 1 < r->text.n ? r->text.p[r->at + 1] : '\0';
		if (c == '}' && next != '}')
			return FAIL(r, P_TEMPLATE, r->at, "a \"}\" without its \"{\"; write }} for a brace as text");
		if (c == '{' && next != '{')
			break;
		r->at += c == '{' || c == '}' || (c == '\\' && next != '\0');
		p[n++] = r->text.p[r->at];
	}
	*out = (struct str){ p, n };
	return true;
}

static bool take_braces(struct expression_reader *r, struct recipe_part *part)
{
	const size_t from = r->at++;
	part->way = arena_new(r->d->a, struct recipe_way);
	if (r->depth > 0)
		return FAIL(r, P_TEMPLATE, from, "a template inside a template; write the inner one as a field of its own");
	r->depth++;
	reader_skip_space(r);
	if (r->at < r->text.n && r->text.p[r->at] == '}')
		return FAIL(
			r, P_TEMPLATE, from, "nothing between the braces; write what belongs there, or {{ for a brace as text");
	const bool fine = parse_way(r, part->way);
	r->depth--;
	if (fine && (r->at >= r->text.n || r->text.p[r->at] != '}'))
		return FAIL(r, P_TEMPLATE, from, "this brace is not closed; end it with \"}\"");
	r->at++;
	return fine;
}

#define TEMPLATE_PARTS 16

static bool parse_template(struct expression_reader *r, struct recipe_way *way)
{
	const size_t from = r->at++;
	way->from = FROM_TEMPLATE;
	way->part = arena_list(r->d->a, struct recipe_part, TEMPLATE_PARTS + 2);
	while (r->at < r->text.n && r->text.p[r->at] != '"') {
		if (way->nparts >= TEMPLATE_PARTS)
			return FAIL(r, P_TOO_MANY, from, "more than %d pieces in a template; shorten it", TEMPLATE_PARTS);
		struct recipe_part *part = &way->part[way->nparts++];
		const bool is_brace = r->text.p[r->at] == '{' && !str_starts(reader_rest(r), STR("{{"));
		if (!(is_brace ? take_braces(r, part) : take_literal(r, &part->text)))
			return false;
	}
	if (r->at >= r->text.n)
		return FAIL(r, P_QUOTE, from, "this template does not end; close it with \"");
	r->at++;
	return true;
}

static const struct {
	const char *word;
	enum way_from from;
} words[] = { { "<page>", FROM_PAGE }, { "<place>", FROM_PLACE }, { "<url>", FROM_URL } };

/* What does not depend on the item is asked once. */
static void keep_way(struct expression_reader *r, struct recipe_way *way)
{
	if (way->keep == 0)
		way->keep = ++r->d->recipe->plan->nkept;
}

static bool parse_word(struct expression_reader *r, struct str text, size_t from, struct recipe_way *way)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (!str_eqc(text, words[i].word))
			continue;
		way->from = words[i].from;
		if (way->from != FROM_PLACE)
			keep_way(r, way);
		return true;
	}
	return FAIL(r, P_WORD, from, "there is no \"%.*s\"; there are <page>, <place> and <url>", STR_FMT(text));
}

static bool parse_feed_field(struct expression_reader *r, struct str text, size_t from, struct recipe_way *way)
{
	const char *names[32];
	way->from = FROM_FEED;
	for (size_t i = 0; i < recipe_nfeed_fields; i++) {
		names[i] = recipe_feed_fields[i].name;
		way->feed_field = i;
		if (str_eqc(text, names[i]))
			return true;
	}
	const char *near = problems_nearest(text, names, recipe_nfeed_fields);
	return FAIL(r, P_FEED_FIELD, from, "an entry of a feed has no \"%.*s\"; %s%s%s", STR_FMT(text),
		near != NULL ? "did you mean \"" : "docs/recipes.md lists what it has", near != NULL ? near : "",
		near != NULL ? "\"?" : "");
}

static bool is_xpath(struct str text)
{
	return str_starts(text, STR("/")) || str_starts(text, STR("./")) || str_starts(text, STR("@"));
}

/* A pointer, a selector, an XPath, a field of a feed: by what the place in the recipe speaks. */
static bool parse_source(struct expression_reader *r, struct str text, size_t from, struct recipe_way *way)
{
	if (r->language == LANGUAGE_FEED)
		return parse_feed_field(r, text, from, way);
	way->from = r->language == LANGUAGE_JSON ? FROM_POINTER : FROM_SELECT;
	if (r->language == LANGUAGE_JSON)
		return reader_pointer(r, text, from, &way->pointer);
	if (!is_xpath(text))
		return reader_selector(r, text, from, &way->select);
	if (!reader_xpath(r, text, from, way, &way->select))
		return false;
	way->from = way->select == NULL ? FROM_ITEM : FROM_SELECT;
	return true;
}

static enum value_kind kind_of(const struct expression_reader *r, const struct recipe_way *way)
{
	const bool is_text = way->from >= FROM_FEED || way->nfilters > 0;
	return is_text ? VALUE_TEXT : r->language == LANGUAGE_HTML ? VALUE_NODE : VALUE_JSON;
}

static bool parse_start(struct expression_reader *r, struct recipe_way *way)
{
	const bool of_document = str_starts(reader_rest(r), STR("^"));
	r->at += of_document;
	reader_skip_space(r);
	const size_t from = r->at;
	if (str_starts(reader_rest(r), STR("\"")))
		return parse_template(r, way);
	const struct str text = reader_bare(r);
	if (text.n == 0)
		return FAIL(r, P_EMPTY, from, "nothing stands here; write where the value comes from");
	if (of_document)
		keep_way(r, way);
	if (text.p[0] == '<')
		return parse_word(r, text, from, way);
	if (str_eqc(text, ".")) {
		way->from = FROM_ITEM;
		return true;
	}
	return parse_source(r, text, from, way);
}

static bool parse_way(struct expression_reader *r, struct recipe_way *way)
{
	if (!parse_start(r, way))
		return false;
	enum value_kind kind = kind_of(r, way);
	while (!reader_is_way_end(r, r->at)) {
		if (!reader_is_filter_start(r, r->at))
			return FAIL(r, P_QUOTE, r->at, "text behind the end of what came before; begin a filter with \" | \"");
		r->at = reader_behind_blanks(r, r->at) + 1;
		if (!reader_filter(r, way, &kind))
			return false;
	}
	return true;
}

/* From behind one way to the start of the next. */
static void skip_separator(struct expression_reader *r)
{
	reader_skip_space(r);
	if (reader_is_mark(r, r->at, STR("||")))
		r->at += 2;
}

void expression_parse(struct recipe_draft *d, const struct conf_entry *at, enum language language, struct recipe_expression *out)
{
	struct expression_reader r = { .d = d, .entry = at, .text = at->value, .language = language };
	out->way = arena_list(d->a, struct recipe_way, LIMIT_RECIPE_WAYS + 1);
	out->n = 0;
	for (;;) {
		reader_skip_space(&r);
		if (out->n >= LIMIT_RECIPE_WAYS) {
			(void)FAIL(&r, P_TOO_MANY, r.at, "more than %d alternatives; take some away", LIMIT_RECIPE_WAYS);
			return;
		}
		if (!parse_way(&r, &out->way[out->n++]))
			return;
		if (reader_behind_blanks(&r, r.at) >= r.text.n)
			return;
		skip_separator(&r);
	}
}
