/* The one pass over a page that the records reader begins with: weights, signatures, dates, users, strings that repeat. */
#include "crawler/extract_records.h"

#include <stdlib.h>
#include <string.h>

#define STRING_BYTES 80 /* longer texts are no part of a template */
#define NAME_NODES 40
#define NAME_WEIGHT 60 /* longer texts are no names */

/* Eight bytes at a time. The highest bit of each byte says whether it counts: no sum goes over into the next one. */
static uint64_t weigh_eight(const char *p)
{
	const uint64_t ones = 0x0101010101010101ull, high = ones << 7;
	uint64_t x;

	memcpy(&x, p, sizeof(x));
	const uint64_t low = x & ~high, small = low | 0x20 * ones;
	const uint64_t letter = (small + (0x80 - 'a') * ones) & ~(small + (0x7F - 'z') * ones);
	const uint64_t digit = (low + (0x80 - '0') * ones) & ~(low + (0x7F - '9') * ones);

	return (((letter | digit | x) & high) >> 7) * ones >> 56;
}

uint32_t records_weight(struct str text)
{
	uint32_t n = 0;
	size_t at = 0;

	for (; text.n - at >= 8; at += 8)
		n += (uint32_t)weigh_eight(text.p + at);
	for (; at < text.n; at++) {
		const unsigned char c = (unsigned char)text.p[at];

		n += (unsigned)((c | 0x20) - 'a') < 26 || (unsigned)(c - '0') < 10 || c >= 0x80;
	}
	return n;
}

uint64_t records_string(struct str text)
{
	uint64_t h = 0xcbf29ce484222325ull;
	bool any = false, was_digit = false;

	text = str_trim(text);
	if (!text.n || text.n > STRING_BYTES)
		return 0;
	for (size_t i = 0; i < text.n; i++) {
		const unsigned char c = (unsigned char)text.p[i];
		const bool is_digit = records_is_digit(text.p[i]);

		if (is_digit && was_digit)
			continue; /* 7 and 1234 are one number */
		h = (h ^ (is_digit ? '0' : c)) * 0x100000001b3ull;
		any = any || (unsigned)((c | 0x20) - 'a') < 26 || c >= 0x80;
		was_digit = is_digit;
	}
	return any ? h | 1 : 0;
}

static void marks_take(struct records_marks *m, const struct extract *x)
{
	const size_t n = (size_t)x->dom->n + 1;

	*m = (struct records_marks){ .x = x,
		.d = x->dom,
		.plain = arena_list(x->a, uint32_t, n),
		.linked = arena_list(x->a, uint32_t, n),
		.dates = arena_list(x->a, uint32_t, n),
		.users = arena_list(x->a, uint32_t, n),
		.full = arena_list(x->a, uint64_t, n),
		.lead = arena_list(x->a, uint64_t, n),
		.string = arena_list(x->a, uint64_t, n),
		.repeats = arena_list(x->a, uint32_t, n),
		.flag = arena_list(x->a, uint16_t, n),
		.words = records_words_new(x->a, n),
		.shapes = records_shapes_new(x->a) };
}

/* Is the text of this element as short as names are? Looks at few nodes only. */
static bool is_name_short(const struct dom *d, uint32_t node)
{
	uint32_t weight = 0;

	if (d->node[node].end - node > NAME_NODES)
		return false;
	for (uint32_t i = node + 1; i < d->node[node].end; i++)
		if (d->node[i].tag == TAG_TEXT)
			weight += records_weight(d->node[i].text);
	return weight > 0 && weight <= NAME_WEIGHT;
}

/* A class "user" around half a page names nobody. */
static bool is_user(const struct records_marks *m, uint32_t node, bool is_named)
{
	const bool is_link = m->d->node[node].tag == TAG_A;

	if ((!is_named && !is_link) || !is_name_short(m->d, node))
		return false;
	return is_named || records_is_user_address(dom_attribute(m->d, node, "href"));
}

static bool is_hidden(const struct records_marks *m, uint32_t node)
{
	static const bool is_unseen[TAG__N] = { [TAG_SCRIPT] = true,
		[TAG_STYLE] = true,
		[TAG_TEMPLATE] = true,
		[TAG_HEAD] = true,
		[TAG_SELECT] = true,
		[TAG_TEXTAREA] = true,
		[TAG_SVG] = true,
		[TAG_IFRAME] = true,
		[TAG_BUTTON] = true,
		[TAG_CANVAS] = true,
		[TAG_DIALOG] = true };
	const struct dom_node *e = &m->d->node[node];

	if (is_unseen[e->tag] || (e->tag == TAG_NOSCRIPT && !m->reads_noscript))
		return true;
	for (uint32_t i = 0; i < e->nattributes; i++) {
		const struct dom_attribute *a = &m->d->attribute[e->attribute + i];

		if (str_eq(a->name, STR("hidden")))
			return true;
		if (str_eq(a->name, STR("style")) &&
			(str_find(a->value, STR("display:none")) >= 0 || str_find(a->value, STR("display: none")) >= 0))
			return true;
	}
	return false;
}

/* Pages drawn by scripts keep their text for robots in <noscript>: it is read where it is most of the text. */
static bool is_in_noscript(const struct dom *d)
{
	uint32_t inside = 0, outside = 0, end = 0, first = 1;

	while (first < d->n && d->node[first].tag != TAG_NOSCRIPT)
		first++;
	for (uint32_t i = 1; i < d->n && first < d->n; i++) {
		const struct dom_node *e = &d->node[i];

		if (e->tag == TAG_NOSCRIPT && e->end > end)
			end = e->end;
		if (e->tag == TAG_SCRIPT || e->tag == TAG_STYLE || e->tag == TAG_HEAD)
			i = e->end - 1;
		else if (e->tag == TAG_TEXT && i < end)
			inside += records_weight(e->text);
		else if (e->tag == TAG_TEXT)
			outside += records_weight(e->text);
	}
	return inside > outside;
}

static void mark_element(struct records_marks *m, uint32_t i)
{
	const struct dom_node *e = &m->d->node[i];
	uint16_t says;

	if (is_hidden(m, i)) {
		m->flag[i] |= RECORDS_HIDDEN;
		return;
	}
	says = records_read_words(m, i, &m->full[i], &m->lead[i]);
	m->flag[i] |= says & (uint16_t)~RECORDS_USER;
	if (e->tag == TAG_A)
		m->flag[i] |= RECORDS_LINK;
	if (is_user(m, i, says & RECORDS_USER))
		m->flag[i] |= RECORDS_USER;
	if (records_has_date(m, i))
		m->flag[i] |= RECORDS_DATE;
}

static void mark_text(struct records_marks *m, uint32_t i)
{
	const struct dom_node *e = &m->d->node[i];

	m->string[i] = records_string(e->text);
	/* A date in an attribute of the element is not counted again in its text. */
	if (!(m->flag[e->parent] & RECORDS_DATE) && records_has_date(m, i))
		m->flag[i] |= RECORDS_DATE;
}

static void sums_add(struct records_marks *m, uint32_t i)
{
	const struct dom_node *e = &m->d->node[i];
	const bool is_text = e->tag == TAG_TEXT && !(m->flag[i] & RECORDS_HIDDEN);
	const uint32_t weight = is_text ? records_weight(e->text) : 0;
	const bool is_link = m->flag[i] & RECORDS_LINK;

	m->plain[i + 1] = m->plain[i] + (is_link ? 0 : weight);
	m->linked[i + 1] = m->linked[i] + (is_link ? weight : 0);
	m->dates[i + 1] = m->dates[i] + ((m->flag[i] & RECORDS_DATE) != 0);
	m->users[i + 1] = m->users[i] + ((m->flag[i] & RECORDS_USER) != 0);
}

/* Of the nodes with a flag, a list. */
static uint32_t *flagged_list(const struct records_marks *m, uint16_t flag, size_t *n)
{
	const uint32_t *sum = flag == RECORDS_DATE ? m->dates : m->users;
	uint32_t *list = arena_list(m->x->a, uint32_t, (size_t)sum[m->d->n] + 1);

	*n = 0;
	for (uint32_t i = 0; i < m->d->n; i++)
		if (m->flag[i] & flag)
			list[(*n)++] = i;
	return list;
}

static int hash_cmp(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static uint32_t equal_count(const uint64_t *sorted, size_t n, uint64_t h)
{
	size_t low = 0, high = n, first;

	while (low < high) {
		const size_t mid = low + (high - low) / 2;
		if (sorted[mid] < h)
			low = mid + 1;
		else
			high = mid;
	}
	first = low;
	high = n;
	while (low < high) {
		const size_t mid = low + (high - low) / 2;
		if (sorted[mid] <= h)
			low = mid + 1;
		else
			high = mid;
	}
	return (uint32_t)(low - first);
}

static void strings_count(struct records_marks *m)
{
	uint64_t *sorted = arena_list(m->x->a, uint64_t, (size_t)m->d->n + 1);
	size_t n = 0;

	for (uint32_t i = 0; i < m->d->n; i++)
		if (m->string[i])
			sorted[n++] = m->string[i];
	qsort(sorted, n, sizeof(*sorted), hash_cmp);
	for (uint32_t i = 0; i < m->d->n; i++)
		if (m->string[i])
			m->repeats[i] = equal_count(sorted, n, m->string[i]);
}

void records_mark(const struct extract *x, struct records_marks *out)
{
	marks_take(out, x);
	out->reads_noscript = is_in_noscript(x->dom);
	for (uint32_t i = 0; i < x->dom->n; i++) {
		const struct dom_node *e = &x->dom->node[i];

		if (i)
			out->flag[i] = out->flag[e->parent] & (RECORDS_HIDDEN | RECORDS_LINK);
		if (i && !(out->flag[i] & RECORDS_HIDDEN)) {
			if (e->tag == TAG_TEXT)
				mark_text(out, i);
			else
				mark_element(out, i);
		}
		sums_add(out, i);
	}
	strings_count(out);
	out->date = flagged_list(out, RECORDS_DATE, &out->ndate);
	out->user = flagged_list(out, RECORDS_USER, &out->nuser);
}
