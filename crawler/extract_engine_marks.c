/* Which engines a page may be of: all marks of all rules are looked up in one walk over the page. */
#include "crawler/extract_engine.h"

#include <earshot/limits.h>

/* One alternative of one rule's `is`, found by what its matches bear; same words are chained through the slots behind. */
enum mark_kind { MARK_TAG, MARK_ID, MARK_CLASS, MARK_ATTRIBUTE, MARK_ID_PART, MARK_CLASS_PART, MARK_KINDS };
struct engine_mark {
	enum mark_kind kind;
	struct str word; /* p == NULL: an empty slot */
	size_t engine;
};

/* Which lengths the words of a kind have that begin with a byte: most words of a page are known to be no mark without hashing. */
struct engine_lengths {
	uint32_t bit[MARK_KINDS][256];
};

static uint32_t length_bit(struct str word)
{
	return 1u << (word.n < 31 ? word.n : 31);
}

static size_t slot_of(const struct engine_book *book, enum mark_kind kind, struct str word)
{
	return (str_hash(word) ^ (uint64_t)kind * 0x9E3779B97F4A7C15u) >> 7 & (book->nslots - 1);
}

static struct engine_mark mark_of(const struct select *is, size_t alternative)
{
	const struct str key = select_key(is, alternative), part = select_key_part(is, alternative);
	const struct str word = str_from(key, 1);
	if (part.n != 0)
		return (struct engine_mark){ str_eqc(word, "id") ? MARK_ID_PART : MARK_CLASS_PART, part, 0 };
	switch (key.n == 0 ? '\0' : key.p[0]) {
	case '#':
		return (struct engine_mark){ MARK_ID, word, 0 };
	case '.':
		return (struct engine_mark){ MARK_CLASS, word, 0 };
	case '[':
		return (struct engine_mark){ MARK_ATTRIBUTE, word, 0 };
	default:
		return (struct engine_mark){ MARK_TAG, key, 0 };
	}
}

static void add(struct engine_book *book, struct engine_mark mark)
{
	size_t i = slot_of(book, mark.kind, mark.word);
	if (mark.word.n == 0)
		return;
	while (book->mark[i].word.p != NULL)
		i = (i + 1) & (book->nslots - 1);
	book->mark[i] = mark;
	book->lengths->bit[mark.kind][(unsigned char)mark.word.p[0]] |= length_bit(mark.word);
	book->nmarks++;
}

void engine_index(struct arena *a, struct engine_book *book)
{
	size_t n = 0;
	for (size_t i = 0; i < book->n; i++)
		n += select_nalternatives(book->engine[i].selector[ENGINE_IS]);
	book->nslots = 64;
	while (book->nslots < n * 3)
		book->nslots *= 2;
	book->mark = arena_list(a, struct engine_mark, book->nslots);
	book->lengths = arena_list(a, struct engine_lengths, 1);
	for (size_t i = 0; i < book->n; i++) {
		const struct select *is = book->engine[i].selector[ENGINE_IS];
		for (size_t k = 0; k < select_nalternatives(is); k++) {
			struct engine_mark mark = mark_of(is, k);
			mark.engine = i;
			add(book, mark);
		}
	}
}

struct walk {
	const struct engine_book *book;
	struct arena *a;
	struct select_page *page;
	bool *found;
	size_t nfound;
	uint32_t node;
};

static void look_up(struct walk *w, enum mark_kind kind, struct str word)
{
	const struct engine_book *book = w->book;
	if (word.n == 0 || (book->lengths->bit[kind][(unsigned char)word.p[0]] & length_bit(word)) == 0)
		return;
	for (size_t i = slot_of(book, kind, word); book->mark[i].word.p != NULL; i = (i + 1) & (book->nslots - 1)) {
		const size_t engine = book->mark[i].engine;
		if (w->found[engine] || book->mark[i].kind != kind || !str_eq(book->mark[i].word, word))
			continue;
		if (*w->page->climbed > LIMIT_ENGINE_CLIMBS)
			return;
		if (w->page->sketch == NULL)
			w->page->sketch = select_sketch(w->a, w->page->dom);
		w->found[engine] = select_matches_on(book->engine[engine].selector[ENGINE_IS], w->page, 0, w->node);
		w->nfound += w->found[engine];
	}
}

static void look_up_classes(struct walk *w, struct str classes)
{
	for (size_t i = 0; i < classes.n;) {
		size_t n = 0;
		while (i + n < classes.n && classes.p[i + n] != ' ' && (classes.p[i + n] < '\t' || classes.p[i + n] > '\r'))
			n++;
		look_up(w, MARK_CLASS, (struct str){ classes.p + i, n });
		i += n + 1;
	}
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The runs of letters of a value. */
static void look_up_parts(struct walk *w, enum mark_kind kind, struct str value)
{
	for (size_t i = 0; i < value.n;) {
		size_t n = 0;
		while (i + n < value.n && is_letter(value.p[i + n]))
			n++;
		look_up(w, kind, (struct str){ value.p + i, n });
		i += n + 1;
	}
}

size_t engine_recognise(struct arena *a, const struct engine_book *book, struct select_page *page, bool *found)
{
	const struct dom *d = page->dom;
	struct walk w = { .book = book, .a = a, .page = page, .found = found };
	for (w.node = 1; w.node < d->n; w.node++) {
		const struct dom_node *n = &d->node[w.node];
		if (n->tag == TAG_TEXT)
			continue;
		look_up(&w, MARK_TAG, n->name);
		for (uint32_t i = n->attribute; i < n->attribute + n->nattributes; i++) {
			const struct dom_attribute *at = &d->attribute[i];
			look_up(&w, MARK_ATTRIBUTE, at->name);
			if (at->name.n == 2 && str_eq(at->name, STR("id"))) {
				look_up(&w, MARK_ID, at->value);
				look_up_parts(&w, MARK_ID_PART, at->value);
			} else if (at->name.n == 5 && str_eq(at->name, STR("class"))) {
				look_up_classes(&w, at->value);
				look_up_parts(&w, MARK_CLASS_PART, at->value);
			}
		}
	}
	return w.nfound;
}
