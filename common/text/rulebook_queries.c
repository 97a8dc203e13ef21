/* Queries on their way into a rulebook: *.query files, and what brands.conf and searches hand over.
 *
 *   # comment
 *   [@trouble]
 *   query = broken OR 坏了
 *   [battery fire]
 *   list = complaint
 *   category = safety
 *   weight = 0.9
 *   query = (battery OR 电池) AND
 *           (fire OR 起火 OR @trouble)
 *
 * A query goes on up to the next section or key. */
#include "common/text/query_node.h"

#include "common/base/names.h"
#include "common/base/utf8.h"
#include <earshot/limits.h>

#include <string.h>

/* ---- the texts ---- */

static struct draft_queries *queries_of(struct rulebook_draft *d)
{
	if (!d->queries) {
		d->queries = arena_new(d->a, struct draft_queries);
		*d->queries = (struct draft_queries){ .draft = d, .a = d->a, .p = d->p };
	}
	return d->queries;
}

static bool is_same_text(const struct query_text *a, const struct query_text *b)
{
	return a->rule.list == b->rule.list && a->rule.brand == b->rule.brand && str_eq(a->name, b->name);
}

/* The slot of a text of this name, list and brand, or the empty one where it belongs. */
static uint32_t *text_slot(const struct query_texts *list, const struct query_text *text)
{
	size_t at = str_hash(text->name) & (list->nslots - 1);
	while (list->slot[at] && !is_same_text(&list->at[list->slot[at] - 1], text))
		at = (at + 1) & (list->nslots - 1);
	return &list->slot[at];
}

static struct query_text *text_find(const struct query_texts *list, const struct query_text *text)
{
	const uint32_t number = list->nslots ? *text_slot(list, text) : 0;
	return number ? &list->at[number - 1] : NULL;
}

static void texts_grow(struct arena *a, struct query_texts *list)
{
	list->cap = list->cap ? list->cap * 2 : 32;
	struct query_text *bigger = arena_list(a, struct query_text, list->cap);
	if (list->n)
		memcpy(bigger, list->at, list->n * sizeof(*bigger));
	list->at = bigger;
	list->nslots = list->cap * 2;
	list->slot = arena_list(a, uint32_t, list->nslots);
	for (size_t i = 0; i < list->n; i++)
		*text_slot(list, &list->at[i]) = (uint32_t)i + 1;
}

/* One of the same name: a later folder's replaces it silently, in one folder it is a slip. */
static bool texts_replace(struct draft_queries *q, struct query_texts *list, const struct query_text *text)
{
	struct query_text *old = text_find(list, text);
	if (!old)
		return false;
	if (old->folder == text->folder)
		query_tell(q->p, QUERY_W105, text->place,
			"\"%.*s\" is already in line %d of %s, and this one replaces it; rename one", STR_FMT(text->name),
			old->place.line, old->place.file);
	*old = *text;
	return true;
}

static void texts_add(struct draft_queries *q, struct query_texts *list, size_t most, struct query_text text)
{
	if (texts_replace(q, list, &text))
		return;
	if (list->n == most) {
		query_tell(q->p, QUERY_Q017, text.place, "more than %zu queries or macros; remove some", most);
		return;
	}
	if (list->n == list->cap)
		texts_grow(q->a, list);
	*text_slot(list, &text) = (uint32_t)list->n + 1;
	list->at[list->n++] = text;
}

static struct query_text text_of(struct rulebook_draft *d, struct str name, struct str text, struct draft_place place)
{
	place.file = arena_cstr(d->a, str_of(place.file));
	return (struct query_text){
		.name = arena_copy(d->a, name), .text = arena_copy(d->a, text), .place = place, .folder = d->folder
	};
}

void draft_query(struct rulebook_draft *d, struct str name, struct str text, struct draft_place place, struct rule rule)
{
	struct query_text t = text_of(d, name, text, place);
	rule.term = t.name;
	rule.file = t.place.file;
	rule.line = place.line;
	t.rule = rule;
	struct draft_queries *q = queries_of(d);
	texts_add(q, &q->queries, LIMIT_QUERIES, t);
}

void draft_macro(struct rulebook_draft *d, struct str name, struct str text, struct draft_place place)
{
	struct query_text t = text_of(d, name, text, place);
	t.rule = (struct rule){ .list = LIST_LEAF, .brand = -1 };
	struct draft_queries *q = queries_of(d);
	texts_add(q, &q->macros, LIMIT_QUERY_MACROS, t);
}

struct query_text *query_macro_find(struct draft_queries *q, struct str name)
{
	const struct query_text wanted = { .name = name, .rule = { .list = LIST_LEAF, .brand = -1 } };
	return text_find(&q->macros, &wanted);
}

/* ---- a file ---- */

struct section {
	struct str name;
	bool is_macro, has_weight;
	struct draft_place place, query_place;
	struct str query;
	struct rule rule;
	struct str brand;
	struct draft_place brand_place;
};

struct reading {
	struct rulebook_draft *d;
	struct section now;
	bool has_section, in_query;
};

static void tell(struct rulebook_draft *d, struct draft_place at, const char *what, struct str value, const char *remedy)
{
	query_tell(d->p, QUERY_Q023, at, "%s \"%.*s\"; %s", what, STR_FMT(value), remedy);
}

static bool read_name(struct reading *r, struct str value, struct draft_place at, const char *const *names, int n)
{
	const int index = names_index(names, n, value);
	if (index >= 0)
		return true;
	const char *near = problems_nearest(value, names, (size_t)n);
	query_tell(r->d->p, QUERY_Q023, at, "nothing is called \"%.*s\" here%s%s%s; docs/rules.md lists the names",
		STR_FMT(value), near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
	return false;
}

static void key_list(struct reading *r, struct str value, struct draft_place at)
{
	static const char *const names[] = { "complaint", "urgency", "sensitive", "nature", "watch", "brand", "exclude" };
	if (read_name(r, value, at, names, 7))
		r->now.rule.list = (enum rule_list)names_index(rule_list_names, LIST__N, value);
}

static void key_brand(struct reading *r, struct str value, struct draft_place at)
{
	r->now.brand = value; /* brands may be read later than this file */
	r->now.brand_place = at;
}

static void key_category(struct reading *r, struct str value, struct draft_place at)
{
	if (read_name(r, value, at, category_names, CAT__N))
		r->now.rule.category = (enum category)names_index(category_names, CAT__N, value);
}

static void key_urgency(struct reading *r, struct str value, struct draft_place at)
{
	if (read_name(r, value, at, urgency_names, URG__N))
		r->now.rule.urgency = (enum urgency)names_index(urgency_names, URG__N, value);
}

static void key_nature(struct reading *r, struct str value, struct draft_place at)
{
	if (read_name(r, value, at, nature_names, NAT__N))
		r->now.rule.nature = (enum nature)names_index(nature_names, NAT__N, value);
}

static void key_weight(struct reading *r, struct str value, struct draft_place at)
{
	double weight = 0;
	r->now.has_weight = true;
	if (str_to_double(value, &weight) && weight >= 0 && weight <= 1)
		r->now.rule.weight = (float)weight;
	else
		tell(r->d, at, "this is no weight:", value, "write a number from 0 to 1");
}

static void key_note(struct reading *r, struct str value, struct draft_place at)
{
	(void)r, (void)value, (void)at;
}

/* "+pinyin -leet": changes to the default. */
static void key_folds(struct reading *r, struct str value, struct draft_place at)
{
	struct str rest = value, word;
	unsigned folds = FOLDS_DEFAULT;
	while (str_split(&rest, ' ', &word)) {
		if (word.n == 0)
			continue;
		const bool is_off = word.p[0] == '-';
		const struct str name = str_from(word, is_off || word.p[0] == '+');
		if (!read_name(r, name, at, fold_names, FOLD__N))
			return;
		const unsigned bit = 1u << names_index(fold_names, FOLD__N, name);
		folds = is_off ? folds & ~bit : folds | bit;
	}
	r->now.rule.folds = folds | FOLDS_PLAIN;
}

static void key_query(struct reading *r, struct str value, struct draft_place at)
{
	if (r->now.query.p)
		tell(r->d, at, "this section has two queries:", r->now.name, "join them, or make two sections");
	r->now.query = value;
	r->now.query_place = at;
	r->in_query = true;
}

static const struct {
	const char *name;
	bool of_macros;
	void (*read)(struct reading *r, struct str value, struct draft_place at);
} keys[] = {
	{ "list", false, key_list },
	{ "brand", false, key_brand },
	{ "category", false, key_category },
	{ "urgency", false, key_urgency },
	{ "nature", false, key_nature },
	{ "weight", false, key_weight },
	{ "folds", true, key_folds },
	{ "note", true, key_note },
	{ "query", true, key_query },
};
#define NKEYS (sizeof(keys) / sizeof(keys[0]))

/* ---- the end of a section ---- */

static const char *missing_of(const struct rule *rule)
{
	if (rule->list == LIST_COMPLAINT && rule->category == CAT_NONE)
		return "category";
	return NULL;
}

static float usual_weight(enum rule_list list)
{
	return list == LIST_COMPLAINT || list == LIST_URGENCY ? 0.7f : list == LIST_NATURE ? 0.8f : 1.0f;
}

static void close_section(struct reading *r)
{
	struct section *s = &r->now;
	struct rulebook_draft *d = r->d;
	r->in_query = false;
	if (!r->has_section)
		return;
	r->has_section = false;
	if (str_trim(s->query).n == 0) {
		tell(d, s->place, "there is no query in section", s->name, "write `query = …`");
		return;
	}
	if (s->is_macro) {
		draft_macro(d, s->name, s->query, s->query_place);
		return;
	}
	if (missing_of(&s->rule)) {
		query_tell(d->p, QUERY_Q023, s->place, "a query of the list complaint needs a %s; write `%s = quality`",
			missing_of(&s->rule), missing_of(&s->rule));
		return;
	}
	if (!s->has_weight)
		s->rule.weight = usual_weight(s->rule.list);
	draft_query(d, s->name, s->query, s->query_place, s->rule);
	struct draft_queries *q = queries_of(d);
	struct query_text wanted = { .name = s->name, .rule = s->rule }, *text = text_find(&q->queries, &wanted);
	if (text) {
		text->brand = arena_copy(d->a, s->brand);
		text->brand_place = s->brand_place;
		text->brand_place.file = text->place.file;
	}
}

/* ---- lines ---- */

static bool is_header(struct str line)
{
	line = str_trim(line);
	return line.n > 2 && line.p[0] == '[' && line.p[line.n - 1] == ']' && str_find(line, STR(" TO ")) < 0;
}

static void open_section(struct reading *r, struct str line, struct draft_place at)
{
	close_section(r);
	line = str_trim(line);
	struct str name = str_trim((struct str){ line.p + 1, line.n - 2 });
	r->now = (struct section){ .place = at, .rule = { .list = LIST_WATCH, .urgency = URG_NORMAL, .brand = -1 } };
	r->now.is_macro = str_starts(name, STR("@"));
	r->now.name = str_trim(str_from(name, r->now.is_macro));
	r->has_section = true;
	if (r->now.name.n == 0)
		tell(r->d, at, "this section has no name:", line, "write [name], or [@name] for a part of other queries");
}

/* `key = value` of a key that exists; otherwise the line belongs to the query. */
static int key_of(struct str line, struct str *value)
{
	const ptrdiff_t equal = str_findc(line, '=');
	if (equal < 0)
		return -1;
	const struct str name = str_trim(str_first(line, (size_t)equal));
	*value = str_from(line, (size_t)equal + 1);
	for (size_t i = 0; i < NKEYS; i++)
		if (str_eqc(name, keys[i].name))
			return (int)i;
	return -1;
}

static void tell_stray(struct reading *r, struct str line, struct draft_place at)
{
	const char *names[NKEYS];
	const ptrdiff_t equal = str_findc(line, '=');
	const struct str name = str_trim(str_first(line, equal < 0 ? line.n : (size_t)equal));
	for (size_t i = 0; i < NKEYS; i++)
		names[i] = keys[i].name;
	const char *near = problems_nearest(name, names, NKEYS);
	query_tell(r->d->p, QUERY_Q023, at,
		"this line is neither a [section] nor one of its keys%s%s%s; the keys are list brand "
		"category urgency nature weight folds note query",
		near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

/* Places of values are those of their first character. */
static void read_key(struct reading *r, int key, struct str line, struct str value, struct draft_place at)
{
	r->in_query = false;
	if (!r->has_section) {
		query_tell(r->d->p, QUERY_Q023, at, "this key stands in no section; begin with [name]");
		return;
	}
	if (r->now.is_macro && !keys[key].of_macros) {
		query_tell(r->d->p, QUERY_Q023, at, "a macro has no %s; the query that uses it says so", keys[key].name);
		return;
	}
	at.column = (int)utf8_count((struct str){ line.p, (size_t)(value.p - line.p) }) + 1;
	keys[key].read(r, value, at);
}

static void read_line(struct reading *r, struct str line, struct draft_place at)
{
	struct str value;
	const struct str trimmed = str_trim(line);
	if (is_header(line)) {
		open_section(r, line, at);
		return;
	}
	const int key = key_of(line, &value);
	if (key >= 0) {
		read_key(r, key, line, str_trim(value), at);
	} else if (r->in_query) {
		r->now.query.n = (size_t)(line.p + line.n - r->now.query.p);
	} else if (trimmed.n > 0 && trimmed.p[0] != '#' && trimmed.p[0] != ';') {
		tell_stray(r, trimmed, at);
	}
}

void rulebook_parse_queries(struct rulebook_draft *d, struct str bytes, const char *path)
{
	struct str rest, line;
	struct reading r = { .d = d };
	struct draft_place at = { arena_cstr(d->a, str_of(path)), 0, 1 };
	if (!draft_text(d, bytes, path, &rest))
		return;
	while (str_split(&rest, '\n', &line)) {
		at.line++;
		read_line(&r, line, at);
	}
	close_section(&r);
}

/* ---- when all files are read ---- */

/* `query = …` of brands.conf. */
void draft_take_brand_queries(struct rulebook_draft *d)
{
	for (size_t i = 0; i < d->nbrands; i++)
		if (d->brand_query[i].text.n)
			draft_query(d, d->brand[i].id, d->brand_query[i].text, d->brand_query[i].place,
				(struct rule){ .list = LIST_BRAND, .weight = 1, .urgency = URG_NORMAL, .brand = (int)i });
}

void queries_settle_brands(struct draft_queries *q)
{
	for (size_t i = 0; i < q->queries.n; i++) {
		struct query_text *text = &q->queries.at[i];
		for (size_t b = 0; b < q->draft->nbrands && text->brand.n; b++)
			if (str_eq(q->draft->brand[b].id, text->brand))
				text->rule.brand = (int)b;
		if (text->brand.n && text->rule.brand < 0)
			query_tell(q->p, QUERY_Q023, text->brand_place, "no brand has the id \"%.*s\"; see brands.conf",
				STR_FMT(text->brand));
		if (text->rule.list == LIST_BRAND && text->rule.brand < 0 && text->brand.n == 0)
			query_tell(q->p, QUERY_Q023, text->place, "a query of the list brand needs a brand; write `brand = ID`");
	}
}
