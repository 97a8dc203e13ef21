/* Which engines a page may be of: all marks of all rules are looked up in one walk over the page. */
#include "crawler/extract_engine.h"

/* One alternative of one rule's `is`, found by its key; same keys are chained through the slots behind. */
struct engine_mark {
	struct str key; /* p == NULL: an empty slot */
	size_t engine, alternative;
};

static size_t slot_of(const struct engine_book *book, char mark, struct str word)
{
	return (str_hash(word) ^ (uint64_t)(unsigned char)mark * 0x9E3779B97F4A7C15u) >> 7 & (book->nslots - 1);
}

static void add(struct engine_book *book, size_t engine, size_t alternative)
{
	const struct str key = select_key(book->engine[engine].selector[ENGINE_IS], alternative);
	const bool marked = key.n != 0 && (key.p[0] == '#' || key.p[0] == '.' || key.p[0] == '[');
	size_t i = slot_of(book, marked ? key.p[0] : ' ', str_from(key, marked));
	while (book->mark[i].key.p != NULL)
		i = (i + 1) & (book->nslots - 1);
	book->mark[i] = (struct engine_mark){ .key = key, .engine = engine, .alternative = alternative };
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
	for (size_t i = 0; i < book->n; i++) {
		const struct select *is = book->engine[i].selector[ENGINE_IS];
		for (size_t k = 0; k < select_nalternatives(is); k++)
			add(book, i, k);
	}
}

struct walk {
	const struct engine_book *book;
	const struct dom *d;
	bool *found;
	size_t nfound;
	uint32_t node;
};

static bool is_key(struct str key, char mark, struct str word)
{
	return mark == ' ' ? str_eq(key, word) : key.n == word.n + 1 && key.p[0] == mark && str_eq(str_from(key, 1), word);
}

static void look_up(struct walk *w, char mark, struct str word)
{
	const struct engine_book *book = w->book;
	for (size_t i = slot_of(book, mark, word); book->mark[i].key.p != NULL; i = (i + 1) & (book->nslots - 1)) {
		const struct engine_mark *m = &book->mark[i];
		const size_t engine = m->engine;
		if (w->found[engine] || !is_key(m->key, mark, word))
			continue;
		w->found[engine] =
			select_alternative_matches(book->engine[engine].selector[ENGINE_IS], m->alternative, w->d, w->node);
		w->nfound += w->found[engine];
	}
}

static void look_up_classes(struct walk *w, struct str classes)
{
	for (size_t i = 0; i < classes.n;) {
		size_t n = 0;
		while (i + n < classes.n && classes.p[i + n] != ' ' && (classes.p[i + n] < '\t' || classes.p[i + n] > '\r'))
			n++;
		if (n != 0)
			look_up(w, '.', (struct str){ classes.p + i, n });
		i += n + 1;
	}
}

size_t engine_recognise(const struct engine_book *book, const struct dom *d, bool *found)
{
	struct walk w = { .book = book, .d = d, .found = found };
	for (w.node = 1; w.node < d->n; w.node++) {
		const struct dom_node *n = &d->node[w.node];
		if (n->tag == TAG_TEXT)
			continue;
		look_up(&w, ' ', n->name);
		for (uint32_t i = n->attribute; i < n->attribute + n->nattributes; i++) {
			const struct dom_attribute *at = &d->attribute[i];
			look_up(&w, '[', at->name);
			if (str_eqc(at->name, "id"))
				look_up(&w, '#', at->value);
			else if (str_eqc(at->name, "class"))
				look_up_classes(&w, at->value);
		}
	}
	return w.nfound;
}
