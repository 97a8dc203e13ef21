/* What the tag, class, id, role and itemprop of an element say about what it holds. */
#include "crawler/extract_article.h"

#include <string.h>

#define MEMO 1024 /* names kept; a power of two */
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

struct article_names {
	struct str name[MEMO]; /* p == NULL: free */
	unsigned role[MEMO];
	uint32_t letters[NROWS]; /* of each row, one bit a letter: a name without one of them cannot hold it */
};

static uint32_t letters_of(const char *p, size_t n)
{
	uint32_t letters = 0;
	for (size_t i = 0; i < n; i++)
		if (p[i] >= 'a' && p[i] <= 'z')
			letters |= 1u << (p[i] - 'a');
	return letters;
}

struct article_names *article_names_new(struct arena *a)
{
	struct article_names *names = arena_new(a, struct article_names);
	for (size_t i = 0; i < NROWS; i++)
		names->letters[i] = letters_of(rows[i].name.p, rows[i].name.n);
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

/* Two forms of a name: words with one blank on each side (" entry content "), and each blank-separated name without its
 * separators (" entrycontent "). */
struct forms {
	char words[2 * NAME_MAX_BYTES + 4], joined[NAME_MAX_BYTES + 4];
	size_t nwords, njoined;
};

static void make_forms(struct str name, struct forms *f)
{
	char last = ' ';
	f->nwords = f->njoined = 0;
	f->words[f->nwords++] = f->joined[f->njoined++] = ' ';
	for (size_t i = 0; i < name.n && i < NAME_MAX_BYTES; i++) {
		const char c = name.p[i];
		const bool begins = is_upper(c) && !is_upper(last);
		if ((!is_letter(c) || begins) && f->words[f->nwords - 1] != ' ')
			f->words[f->nwords++] = ' ';
		if (is_letter(c)) {
			const char small = is_upper(c) ? (char)(c | 0x20) : c;
			f->words[f->nwords++] = small;
			f->joined[f->njoined++] = small;
		} else if (c <= ' ' && f->joined[f->njoined - 1] != ' ') {
			f->joined[f->njoined++] = ' ';
		}
		last = c;
	}
	f->words[f->nwords++] = f->joined[f->njoined++] = ' ';
}

static bool has_word(const struct forms *f, struct str word)
{
	const char *name = word.p;
	const size_t n = word.n;
	const char *at = f->words;
	const char *end = f->words + f->nwords;
	for (;;) {
		at = memmem(at, (size_t)(end - at), name, n);
		if (at == NULL)
			return false;
		if (at[-1] == ' ' && at[n] == ' ')
			return true;
		at++;
	}
}

unsigned article_names_role(struct article_names *names, struct str name)
{
	const size_t slot = str_hash(name) % MEMO;
	if (names->name[slot].p != NULL && str_eq(names->name[slot], name))
		return names->role[slot];
	struct forms f;
	unsigned role = 0;
	make_forms(name, &f);
	const uint32_t letters = letters_of(f.joined, f.njoined);
	for (size_t i = 0; i < NROWS; i++) {
		const struct str row = rows[i].name;
		if ((names->letters[i] & ~letters) != 0)
			continue;
		if (rows[i].is_part ? memmem(f.joined, f.njoined, row.p, row.n) != NULL : has_word(&f, row))
			role |= rows[i].role;
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

unsigned article_role_of(struct article_names *names, const struct dom *d, uint32_t node)
{
	const struct dom_node *n = &d->node[node];
	unsigned role = 0;
	for (uint16_t i = 0; i < n->nattributes; i++)
		role |= role_of_attribute(names, &d->attribute[n->attribute + i]);
	if (n->tag == TAG_HTML || n->tag == TAG_BODY)
		return 0;
	if (n->tag == TAG_A)
		role &= ~(unsigned)(ROLE_CONTENT | ROLE_BODY | ROLE_SURE);
	if (role & ROLE_BODY)
		role &= ~(unsigned)ROLE_META;
	return role | role_of_tag(n->tag);
}
