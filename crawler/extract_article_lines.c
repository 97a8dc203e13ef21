/* A page as lines of text: what stands between two borders of blocks, with how much of it is linked. */
#include "crawler/extract_article.h"

#include "common/base/bytes.h"

#include <string.h>

struct maker {
	struct article *p;
	struct article_names *names;
	uint32_t *block; /* of each node: the block element around it, or itself */
	char *out; /* all lines, one behind the other */
	size_t n;
	struct article_line *line; /* the open one, NULL = none */
	uint32_t broken; /* block of the last border; a text elsewhere begins a new line */
	uint32_t last_link;
	size_t max_lines;
};

static bool is_invisible(enum dom_tag tag)
{
	switch (tag) {
	case TAG_SCRIPT:
	case TAG_STYLE:
	case TAG_TEMPLATE:
	case TAG_TITLE:
	case TAG_NOSCRIPT:
	case TAG_SVG:
	case TAG_IFRAME:
	case TAG_OBJECT:
	case TAG_CANVAS:
	case TAG_AUDIO:
	case TAG_VIDEO:
	case TAG_SELECT:
	case TAG_OPTION:
	case TAG_TEXTAREA:
	case TAG_BUTTON:
	case TAG_INPUT:
		return true;
	default:
		return false;
	}
}

/* Bytes of white space at s.p[at], 0 = none: ASCII, no-break and ideographic space, zero width space, byte order mark. */
static inline size_t space_at(struct str s, size_t at)
{
	const unsigned char *p = (const unsigned char *)s.p + at;
	if (p[0] <= ' ')
		return 1;
	if (p[0] < 0xC2 || s.n - at < 2)
		return 0;
	if (p[0] == 0xC2)
		return p[1] == 0xA0 ? 2 : 0;
	if (s.n - at < 3)
		return 0;
	const bool is_space = (p[0] == 0xE3 && p[1] == 0x80 && p[2] == 0x80) || (p[0] == 0xE2 && p[1] == 0x80 && p[2] == 0x8B) ||
			      (p[0] == 0xEF && p[1] == 0xBB && p[2] == 0xBF);
	return is_space ? 3 : 0;
}

/* Is this a comma, full stop, colon … ? Latin ones need white space or the end behind them. */
static inline bool mark_at(struct str s, size_t at)
{
	const unsigned char *p = (const unsigned char *)s.p + at;
	if (p[0] < 0x80) {
		const bool is_mark = p[0] == ',' || p[0] == '.' || p[0] == ';' || p[0] == ':' || p[0] == '?' || p[0] == '!';
		return is_mark && (at + 1 >= s.n || p[1] <= ' ' || p[1] == '"' || p[1] >= 0x80);
	}
	if (s.n - at < 3)
		return false;
	if (p[0] == 0xE3)
		return p[1] == 0x80 && (p[2] == 0x81 || p[2] == 0x82);
	return p[0] == 0xEF && p[1] == 0xBC && (p[2] == 0x8C || p[2] == 0x81 || p[2] == 0x9F || p[2] == 0x9B || p[2] == 0x9A);
}

static void end_line(struct maker *m)
{
	struct article_line *line = m->line;
	m->line = NULL;
	if (line == NULL)
		return;
	while (m->out + m->n > line->text.p && (m->out[m->n - 1] == ' ' || m->out[m->n - 1] == '\n'))
		m->n--;
	line->text.n = (size_t)(m->out + m->n - line->text.p);
}

static void begin_line(struct maker *m, uint32_t node)
{
	struct article *p = m->p;
	m->line = &p->line[p->nlines++];
	*m->line = (struct article_line){ .node = node, .block = m->block[node], .text = { m->out + m->n, 0 } };
	m->last_link = 0;
}

/* The elements around the text inside its block, as far as the line has to know. */
static uint32_t link_around(const struct maker *m, uint32_t node)
{
	const struct dom *d = m->p->dom;
	for (uint32_t i = d->node[node].parent; i != 0 && i != m->block[node]; i = d->node[i].parent)
		if (d->node[i].tag == TAG_A)
			return i;
	return 0;
}

/* Letters, digits, bytes inside a character and first bytes of ideographs: no white space and no mark begins with them. */
static inline bool is_plain(unsigned char c)
{
	return (unsigned)((c | 0x20) - 'a') < 26 || (unsigned)(c - 0x80) < 0xC2 - 0x80 || (unsigned)(c - 0xE4) < 0xEF - 0xE4 ||
	       (unsigned)(c - '0') < 10;
}

#ifdef __SSE2__
static inline __m128i are_plain(__m128i x)
{
	const __m128i letter = bytes_range(_mm_or_si128(x, _mm_set1_epi8(0x20)), 'a', 26), digit = bytes_range(x, '0', 10);
	return _mm_or_si128(
		_mm_or_si128(letter, digit), _mm_or_si128(bytes_range(x, 0x80, 0xC2 - 0x80), bytes_range(x, 0xE4, 0xEF - 0xE4)));
}
#endif

/* Bytes from `at` on, which is plain, that are copied as they stand: plain ones, and single blanks between; *blanks: how many of
 * those. */
static size_t plain_length(struct str s, size_t at, size_t *blanks)
{
	const size_t from = at;
#ifdef __SSE2__
	unsigned stop = 0;
	for (; stop == 0 && at + 17 <= s.n; at += stop != 0 ? (size_t)__builtin_ctz(stop) : 16) {
		const __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(s.p + at));
		const __m128i next = _mm_loadu_si128((const __m128i *)(const void *)(s.p + at + 1));
		const unsigned blank = (unsigned)_mm_movemask_epi8(_mm_and_si128(bytes_are(x, ' '), are_plain(next)));
		stop = ((unsigned)_mm_movemask_epi8(are_plain(x)) | blank) ^ 0xFFFF;
		*blanks += (unsigned)__builtin_popcount(blank & (stop - 1) & ~stop & 0xFFFF);
	}
#endif
	while (at < s.n && is_plain((unsigned char)s.p[at]))
		at++;
	return at - from;
}

/* Copies text with white space folded; returns the bytes that are no white space. */
static size_t add_folded(struct maker *m, struct str s, bool keeps_space)
{
	struct article_line *line = m->line;
	size_t size = 0;
	for (size_t at = 0; at < s.n;) {
		if (is_plain((unsigned char)s.p[at])) {
			size_t blanks = 0;
			const size_t n = plain_length(s, at, &blanks);
			memcpy(m->out + m->n, s.p + at, n);
			m->n += n;
			at += n;
			size += n - blanks;
			continue;
		}
		const size_t space = space_at(s, at);
		if (space == 0) {
			line->marks = (uint16_t)(line->marks + (mark_at(s, at) && line->marks < UINT16_MAX));
			m->out[m->n++] = s.p[at++];
			size++;
			continue;
		}
		const bool is_kept = keeps_space && (s.p[at] == '\n' || s.p[at] == ' ');
		if (m->out + m->n > line->text.p && (is_kept || (m->out[m->n - 1] != ' ' && m->out[m->n - 1] != '\n')))
			m->out[m->n++] = is_kept ? s.p[at] : ' ';
		at += space;
	}
	return size;
}

static bool is_blank(struct str s)
{
	size_t at = 0;
	while (at < s.n) {
		const size_t space = space_at(s, at);
		if (space == 0)
			return false;
		at += space;
	}
	return true;
}

static void add_text(struct maker *m, uint32_t node)
{
	const struct str text = m->p->dom->node[node].text;
	const bool keeps_space = m->p->role[m->block[node]] & ROLE_PRE;
	if (m->line != NULL && m->line->block != m->block[node])
		end_line(m);
	if (m->line == NULL && is_blank(text))
		return;
	if (m->line == NULL)
		begin_line(m, node);
	const size_t size = add_folded(m, text, keeps_space);
	m->line->size += (uint32_t)size;
	const uint32_t link = link_around(m, node);
	if (link == 0 && !(m->p->role[m->block[node]] & ROLE_LINK))
		return;
	m->line->link += (uint32_t)size;
	if (link != m->last_link || m->line->links == 0)
		m->line->links = (uint16_t)(m->line->links + (m->line->links < UINT16_MAX));
	m->last_link = link;
}

/* Pre and links go down to the blocks inside, which lines ask for. */
static unsigned inherited(const struct maker *m, uint32_t node)
{
	return m->p->role[m->p->dom->node[node].parent] & (ROLE_PRE | ROLE_LINK);
}

static uint32_t visit(struct maker *m, uint32_t i)
{
	const struct dom_node *node = &m->p->dom->node[i];
	struct article *p = m->p;
	p->first[i] = p->nlines;
	if (node->tag == TAG_TEXT) {
		m->block[i] = m->block[node->parent];
		add_text(m, i);
		return i + 1;
	}
	const bool is_block = dom_is_block(node->tag) || node->tag == TAG_TD || node->tag == TAG_TH || node->tag == TAG_LI;
	m->block[i] = is_block ? i : m->block[node->parent];
	if (is_block || node->tag == TAG_BR)
		end_line(m);
	p->first[i] = p->nlines;
	const unsigned role = is_invisible(node->tag) ? ROLE_HIDDEN : article_role_of(m->names, p->dom, i);
	p->role[i] = role | inherited(m, i);
	if (!(role & ROLE_HIDDEN))
		return i + 1;
	for (uint32_t below = i + 1; below < node->end; below++) {
		p->first[below] = p->nlines;
		p->role[below] = ROLE_HIDDEN;
	}
	return node->end;
}

/* Bytes that all lines can take at most. */
static size_t text_bytes(const struct dom *d)
{
	size_t n = 1;
	for (uint32_t i = 0; i < d->n; i++)
		n += d->node[i].text.n;
	return n;
}

/* Fills role (without what lies around a node), first and line. */
static void make_lines(struct article *p)
{
	const struct dom *d = p->dom;
	struct arena *a = p->x->a;
	struct maker m = { .p = p, .names = article_names_new(a), .out = arena_raw(a, text_bytes(d)) };
	m.block = arena_list(a, uint32_t, d->n + 1);
	p->role = arena_list(a, unsigned, d->n + 1);
	p->first = arena_list(a, uint32_t, d->n + 1);
	p->line = arena_list(a, struct article_line, d->n + 1);
	for (uint32_t i = 1; i < d->n;)
		i = visit(&m, i);
	end_line(&m);
	p->first[d->n] = p->nlines;
}

const struct article *article_lines(const struct extract *x)
{
	if (x->memo != NULL && x->memo->lines != NULL)
		return x->memo->lines;
	struct article *p = arena_new(x->a, struct article);
	*p = (struct article){ .x = x, .dom = x->dom };
	make_lines(p);
	if (x->memo != NULL)
		x->memo->lines = p;
	return p;
}

struct article article_read(const struct extract *x)
{
	if (x->memo != NULL && x->memo->article != NULL)
		return *x->memo->article;
	struct article *p = arena_new(x->a, struct article);
	*p = *article_lines(x);
	article_roles_settle(p);
	if (x->memo != NULL)
		x->memo->article = p;
	return *p;
}
