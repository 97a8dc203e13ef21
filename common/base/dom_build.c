/* Makes the flat list of a page's nodes from the events of a tree builder. */
#include "common/base/dom_build.h"

#include <earshot/limits.h>

#include <string.h>

#define NODES_LEAST 64
#define BYTES_LEAST 4096

static const char *const tag_names[] = {
	[TAG_OTHER] = "",
	[TAG_TEXT] = "",
#define TAG(id, name) [TAG_##id] = name,
#include "common/base/dom_tags.def"
#undef TAG
};

/* The names of dom_tags.def stand in byte order behind the two that are none. */
static enum dom_tag tag_of(struct str name)
{
	size_t low = TAG_TEXT + 1, high = TAG__N;

	while (low < high) {
		const size_t middle = (low + high) / 2;
		const int order = str_cmp(str_of(tag_names[middle]), name);
		if (order == 0)
			return (enum dom_tag)middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return TAG_OTHER;
}

const struct dom_name *dom_build_name(struct dom_build *b, struct str name)
{
	const size_t middle = name.n / 2;
	const size_t hash =
		name.n == 0 ? 0 : (size_t)name.p[0] * 31 + (size_t)name.p[middle] * 7 + (size_t)name.p[name.n - 1] + name.n;
	struct dom_name *entry = &b->names[hash % DOM_BUILD_NAMES];

	if (entry->name.p && str_eq(entry->name, name))
		return entry;
	entry->tag = tag_of(name);
	entry->name = entry->tag == TAG_OTHER ? arena_copy(b->arena, name) : str_of(tag_names[entry->tag]);
	return entry;
}

/* How many bytes of the word are `<`: the top bit of each such byte is left alone by its carries (Hacker's Delight, 6-1). */
static unsigned count_in_word(uint64_t word)
{
	const uint64_t low = 0x7F7F7F7F7F7F7F7Fu, x = word ^ 0x3C3C3C3C3C3C3C3Cu;

	return (unsigned)((~(((x & low) + low) | x | low) >> 7) * 0x0101010101010101u >> 56);
}

static size_t count_tags(struct str html)
{
	size_t n = 0, at = 0;
	uint64_t word;

	for (; at + sizeof(word) <= html.n; at += sizeof(word)) {
		memcpy(&word, html.p + at, sizeof(word));
		n += count_in_word(word);
	}
	for (; at < html.n; at++)
		n += html.p[at] == '<';
	return n;
}

/* Room for twice as many, the first n copied. */
static void *grown(struct arena *a, const void *list, uint32_t n, uint32_t cap, size_t size)
{
	void *room = arena_raw(a, (size_t)cap * 2 * size);

	memcpy(room, list, (size_t)n * size);
	return room;
}

static struct dom_node *add_node(struct dom_build *b, enum dom_tag tag, struct str name)
{
	struct dom *d = b->dom;
	struct dom_node *node, *parent;

	if (d->n == b->node_cap) {
		d->node = grown(b->arena, d->node, d->n, b->node_cap, sizeof(*d->node));
		b->node_cap *= 2;
	}
	parent = &d->node[b->open];
	node = &d->node[d->n];
	*node = (struct dom_node){ .tag = tag, .parent = b->open, .name = name, .text = { "", 0 } };
	node->previous = parent->end;
	node->depth = (uint16_t)(parent->depth + 1);
	node->attribute = d->nattributes;
	parent->end = d->n++;
	return node;
}

void dom_build_init(struct dom_build *b, struct arena *a, struct str html, struct dom *out)
{
	const size_t tags = count_tags(html);
	const size_t nodes = tags > LIMIT_HTML_NODES / 2 ? LIMIT_HTML_NODES : 2 * tags + NODES_LEAST;

	*out = (struct dom){ .n = 1 };
	*b = (struct dom_build){ .arena = a, .dom = out };
	b->node_cap = (uint32_t)nodes;
	b->attribute_cap = (uint32_t)nodes;
	b->cap = html.n + BYTES_LEAST;
	out->node = arena_raw(a, nodes * sizeof(*out->node));
	out->attribute = arena_raw(a, nodes * sizeof(*out->attribute));
	b->bytes = arena_raw(a, b->cap);
	out->node[0] = (struct dom_node){ .tag = TAG_OTHER, .name = { "", 0 }, .text = { "", 0 } };
}

bool dom_build_is_full(const struct dom_build *b)
{
	return b->dom->n >= LIMIT_HTML_NODES;
}

void dom_build_open(struct dom_build *b, const struct dom_name *name)
{
	if (b->skipped > 0 || b->dom->node[b->open].depth >= LIMIT_HTML_DEPTH || dom_build_is_full(b)) {
		b->dom->cut = true;
		b->skipped++;
		return;
	}
	(void)add_node(b, name->tag, name->name);
	b->open = b->dom->n - 1;
}

/* Room for n bytes at the end of what is written; `keep` bytes before stay in front of it. */
static char *room_for(struct dom_build *b, size_t n, size_t keep)
{
	if (b->cap - b->used < n) {
		const size_t cap = (n + keep) * 2 + BYTES_LEAST;
		char *bytes = arena_raw(b->arena, cap);
		memcpy(bytes, b->bytes + b->used - keep, keep);
		b->bytes = bytes;
		b->used = keep;
		b->cap = cap;
	}
	return b->bytes + b->used;
}

static struct str keep(struct dom_build *b, struct str s)
{
	char *p = room_for(b, s.n, 0);

	memcpy(p, s.p, s.n);
	b->used += s.n;
	return (struct str){ p, s.n };
}

void dom_build_attribute(struct dom_build *b, struct str name, struct str value)
{
	struct dom *d = b->dom;
	struct dom_node *node = &d->node[b->open];

	if (b->skipped > 0)
		return;
	if (node->nattributes >= LIMIT_XML_ATTRIBUTES) {
		d->cut = true;
		return;
	}
	if (d->nattributes == b->attribute_cap) {
		d->attribute = grown(b->arena, d->attribute, d->nattributes, b->attribute_cap, sizeof(*d->attribute));
		b->attribute_cap *= 2;
	}
	d->attribute[d->nattributes++] = (struct dom_attribute){ dom_build_name(b, name)->name, keep(b, value) };
	node->nattributes++;
}

void dom_build_text(struct dom_build *b, struct str text)
{
	struct dom *d = b->dom;
	struct dom_node *last = &d->node[d->n - 1];

	if (text.n == 0)
		return;
	if (last->tag == TAG_TEXT && last->parent == b->open) {
		last->text.p = room_for(b, text.n, last->text.n) - last->text.n;
		memcpy(b->bytes + b->used, text.p, text.n);
		b->used += text.n;
		last->text.n += text.n;
		return;
	}
	if (dom_build_is_full(b)) {
		d->cut = true;
		return;
	}
	last = add_node(b, TAG_TEXT, str_of(""));
	last->end = d->n;
	last->text = keep(b, text);
}

void dom_build_close(struct dom_build *b)
{
	struct dom_node *node = &b->dom->node[b->open];

	if (b->skipped > 0) {
		b->skipped--;
		return;
	}
	if (b->open == 0)
		return;
	node->end = b->dom->n;
	b->open = node->parent;
}

void dom_build_end(struct dom_build *b)
{
	b->skipped = 0;
	while (b->open > 0)
		dom_build_close(b);
	b->dom->node[0].end = b->dom->n;
}
