/* What the tag, class, id, role and itemprop of an element say about what it holds. */
#include "crawler/extract_article.h"

#include <string.h>

#define MEMO 256 /* names kept; a power of two */
#define NAME_MAX_BYTES 160 /* of class and id together; utility classes fill more and say nothing */

struct name_row {
	struct str name;
	unsigned role;
	bool is_part;
};

static const struct name_row rows[] = {
#define WORD(name, role) { { name, sizeof(name) - 1 }, role, false },
#define PART(name, role) { { name, sizeof(name) - 1 }, role, true },
#include "crawler/extract_article_names.def"
#undef WORD
#undef PART
};
#define NROWS (sizeof rows / sizeof *rows)

/* 1 + row: the rows that begin with a letter, one behind the other; 0 = none. */
struct name_index {
	uint16_t first[26], next[NROWS];
	bool is_made;
};

static const struct name_index *name_index(void)
{
	static struct name_index index;
	for (size_t i = 0; i < NROWS && !index.is_made; i++) {
		uint16_t *first = &index.first[rows[i].name.p[0] - 'a'];
		index.next[i] = *first;
		*first = (uint16_t)(i + 1);
	}
	index.is_made = true;
	return &index;
}

struct article_names {
	struct str name[MEMO]; /* p == NULL: free */
	unsigned role[MEMO];
	const struct name_index *index;
};

struct article_names *article_names_new(struct arena *a)
{
	struct article_names *names = arena_new(a, struct article_names);
	names->index = name_index();
	return names;
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || is_upper(c) || (unsigned char)c >= 0x80;
}

/* The letters of a name, small, one blank between those that white space parts, and one around: " entrycontent wide ". */
struct forms {
	char joined[NAME_MAX_BYTES + 4];
	bool begins[NAME_MAX_BYTES + 4]; /* does a word begin at this letter, which - _ a digit or a capital part? */
	size_t n;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void make_forms(struct str name, struct forms *f)
{
	char last = ' ';
	bool begins = true;
	f->n = 0;
	f->begins[f->n] = true;
	f->joined[f->n++] = ' ';
	for (size_t i = 0; i < name.n && i < NAME_MAX_BYTES; i++) {
		const char c = name.p[i];
		const bool is_glued = is_digit(c) && i + 1 < name.n && is_letter(name.p[i + 1]); /* "5cd3ad80f" holds no "ad" */
		begins = is_letter(c) ? begins || (is_upper(c) && !is_upper(last)) : !is_glued;
		if (is_letter(c) || (c <= ' ' && f->joined[f->n - 1] != ' ')) {
			f->begins[f->n] = begins;
			f->joined[f->n++] = is_upper(c) ? (char)(c | 0x20) : is_letter(c) ? c : ' ';
		}
		if (is_letter(c))
			begins = false;
		last = c;
	}
	f->begins[f->n] = true;
	f->joined[f->n++] = ' ';
}

/* A word stands alone. A part that says where the article is begins with a word: no "post-content" in "huffpost-content". */
static bool fits_at(const struct forms *f, size_t at, const struct name_row *row)
{
	const size_t end = at + row->name.n;
	if (end >= f->n || memcmp(f->joined + at, row->name.p, row->name.n) != 0)
		return false;
	if (!row->is_part)
		return f->begins[at] && f->begins[end];
	return f->begins[at] || !(row->role & ROLE_BODY);
}

unsigned article_names_role(struct article_names *names, struct str name)
{
	const size_t slot = str_hash(name) % MEMO;
	if (names->name[slot].p != NULL && str_eq(names->name[slot], name))
		return names->role[slot];
	struct forms f;
	unsigned role = 0;
	make_forms(name, &f);
	for (size_t at = 0; at < f.n; at++) {
		const char c = f.joined[at];
		for (size_t i = c >= 'a' && c <= 'z' ? names->index->first[c - 'a'] : 0; i != 0; i = names->index->next[i - 1])
			role |= fits_at(&f, at, &rows[i - 1]) ? rows[i - 1].role : 0;
	}
	names->name[slot] = name;
	names->role[slot] = role;
	return role;
}

static unsigned role_of_tag(enum dom_tag tag)
{
	switch (tag) {
	case TAG_A:
		return ROLE_LINK;
	case TAG_H1:
		return ROLE_HEADING | ROLE_TITLE;
	case TAG_H2:
	case TAG_H3:
	case TAG_H4:
	case TAG_H5:
	case TAG_H6:
		return ROLE_HEADING;
	case TAG_LI:
		return ROLE_ITEM;
	case TAG_TD:
	case TAG_TH:
		return ROLE_CELL;
	case TAG_FIGCAPTION:
		return ROLE_CAPTION;
	case TAG_PRE:
		return ROLE_PRE;
	case TAG_NAV:
	case TAG_FOOTER:
	case TAG_ASIDE:
	case TAG_FORM:
	case TAG_DIALOG:
		return ROLE_BOILER;
	case TAG_ARTICLE:
	case TAG_MAIN:
		return ROLE_CONTENT;
	default:
		return 0;
	}
}

static unsigned role_of_aria(struct str role)
{
	static const char *const boiler[] = { "navigation", "banner", "contentinfo", "complementary", "search", "dialog",
		"alertdialog", "menu", "menubar", "toolbar" };
	for (size_t i = 0; i < sizeof boiler / sizeof *boiler; i++)
		if (str_ieq(role, str_of(boiler[i])))
			return ROLE_BOILER;
	return str_ieq(role, STR("main")) || str_ieq(role, STR("article")) ? ROLE_CONTENT : 0;
}

/* display:none, as the style says; white space may stand behind the colon. */
static bool is_hidden_by_style(struct str style)
{
	static const struct str what[][2] = { { { "display", 7 }, { "none", 4 } }, { { "visibility", 10 }, { "hidden", 6 } } };
	for (size_t i = 0; i < 2; i++) {
		const ptrdiff_t at = str_find(style, what[i][0]);
		if (at < 0)
			continue;
		struct str rest = str_trim(str_from(style, (size_t)at + what[i][0].n));
		if (rest.n > 0 && rest.p[0] == ':' && str_starts(str_trim(str_from(rest, 1)), what[i][1]))
			return true;
	}
	return false;
}

static unsigned role_of_attribute(struct article_names *names, const struct dom_attribute *at)
{
	if (str_eqc(at->name, "class") || str_eqc(at->name, "id"))
		return article_names_role(names, at->value);
	if (str_eqc(at->name, "role"))
		return role_of_aria(at->value);
	if (str_eqc(at->name, "hidden"))
		return ROLE_UNSEEN;
	if (str_eqc(at->name, "style"))
		return is_hidden_by_style(at->value) ? ROLE_UNSEEN : 0;
	if (str_eqc(at->name, "itemprop"))
		return str_ieq(at->value, STR("articleBody")) || str_ieq(at->value, STR("blogPost")) ? ROLE_BODY | ROLE_SURE : 0;
	return 0;
}

/* Their ids are made of what they say. */
static bool is_heading(enum dom_tag tag)
{
	return tag == TAG_H1 || tag == TAG_H2 || tag == TAG_H3 || tag == TAG_H4 || tag == TAG_H5 || tag == TAG_H6;
}

unsigned article_role_of(struct article_names *names, const struct dom *d, uint32_t node)
{
	const struct dom_node *n = &d->node[node];
	unsigned role = 0;
	for (uint16_t i = 0; i < n->nattributes; i++)
		if (!(is_heading(n->tag) && str_eqc(d->attribute[n->attribute + i].name, "id")))
			role |= role_of_attribute(names, &d->attribute[n->attribute + i]);
	if (n->tag == TAG_HTML || n->tag == TAG_BODY)
		return 0;
	if (n->tag == TAG_A)
		role &= ~(unsigned)(ROLE_CONTENT | ROLE_BODY | ROLE_SURE);
	if (role & ROLE_BODY)
		role &= ~(unsigned)ROLE_META;
	return role | role_of_tag(n->tag);
}
