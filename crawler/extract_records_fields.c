/* Who, when and where of each record: the nodes that stand at the same place in most records and say so. */
#include "crawler/extract_records.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define NAME_BYTES 100
#define BEST 4 /* places of one field that are remembered */
#define WORD(literal)                                                                                                            \
	{                                                                                                                        \
		literal, sizeof(literal) - 1                                                                                     \
	}
#define FIRST_PLACES 32 /* room for so many, then for half more each time */

enum field { FIELD_AUTHOR, FIELD_TIME, FIELD_URL };

/* What is known of the nodes of one signature outside of the bodies. */
struct place {
	uint64_t signature;
	uint16_t slot; /* in places.slot */
	uint32_t records, last; /* records with it; the last one, from 1 */
	uint32_t several; /* records with more than one */
	uint32_t rising, falling; /* dates: against the record before */
	uint32_t different; /* values that differ from the one before */
	uint64_t value; /* hash of the last one */
	int64_t at_ms;
	uint32_t first; /* how far into the record, at the first */
	double merit; /* sum over records */
};

struct places {
	uint16_t slot[LIMIT_RECORDS_FIELD_PLACES]; /* by signature: 1 + index into `place`, 0 = free */
	struct place *place;
	size_t n, room;
};

struct reading { /* one node read as a field: what it is worth, 0 = it is none */
	double merit;
	uint64_t value;
	int64_t at_ms;
	bool is_read; /* else it was not asked for yet */
};

typedef struct reading read_node(const struct records_marks *m, uint32_t node);

/* The nodes of a page as one field, each read once. */
struct readings {
	const struct records_marks *m;
	read_node *read;
	struct reading *known; /* of each node */
};

static const struct reading *reading_of(const struct readings *r, uint32_t node)
{
	struct reading *known = &r->known[node];

	if (!known->is_read)
		*known = r->read(r->m, node);
	known->is_read = true;
	return known;
}

static bool is_in_body(const struct records_marks *m, const struct records_range *r, uint32_t node)
{
	return node >= r->body && node < m->d->node[r->body].end && r->body != r->root;
}

static bool has_letter(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (isalnum((unsigned char)s.p[i]) || (unsigned char)s.p[i] >= 0x80)
			return true;
	return false;
}

/* "by", "作者:" before a name. */
static bool is_before_name(struct str s)
{
	static const char *const words[] = { "by", "von", "de", "par", "posted by", "written by", "author", "作者", "发表者",
		"楼主", "用户", "by:", NULL };

	while (s.n && (s.p[s.n - 1] == ':' || s.p[s.n - 1] == ' '))
		s.n--;
	for (const char *const *w = words; *w; w++)
		if (str_ieq(s, str_of(*w)))
			return true;
	return !has_letter(s) || str_eqc(s, "：") || str_eqc(s, "作者：");
}

struct str records_name(const struct records_marks *m, uint32_t node)
{
	const struct dom_node *e = &m->d->node[node];

	if (e->tag == TAG_A && e->end - node <= 3)
		return str_trim(dom_text(m->x->a, m->d, node));
	for (uint32_t i = node + 1; i < e->end; i++)
		if (m->d->node[i].tag == TAG_TEXT && !(m->flag[i] & RECORDS_HIDDEN) &&
			!is_before_name(str_trim(m->d->node[i].text)))
			return str_trim(dom_text(m->x->a, m->d, i));
	return (struct str){ 0 };
}

/* ---- author ---- */

/* Names without a link stand in one of these. */
static bool may_hold_name(enum dom_tag tag)
{
	return tag == TAG_STRONG || tag == TAG_B || tag == TAG_CITE || tag == TAG_DT || tag == TAG_H4 || tag == TAG_H5;
}

/* How well the element itself says that it names a person. */
static double author_merit(const struct records_marks *m, uint32_t node)
{
	const struct str href = dom_attribute(m->d, node, "href");
	const bool is_link = m->d->node[node].tag == TAG_A;

	return 0.3 + (is_link ? 0.4 : 0) + (m->flag[node] & RECORDS_USER ? 1.0 : 0) +
	       (is_link && records_is_user_address(href) ? 0.8 : 0) +
	       (dom_has_attribute(m->d, node, "class") || dom_has_attribute(m->d, node, "itemprop") ? 0.2 : 0);
}

static struct reading read_author(const struct records_marks *m, uint32_t node)
{
	const struct dom_node *e = &m->d->node[node];
	const bool is_user = m->flag[node] & RECORDS_USER;
	struct reading found = { 0 };
	struct str name;

	if ((e->tag != TAG_A && !is_user && !may_hold_name(e->tag)) || e->end - node > 40 || (m->flag[node] & RECORDS_DATE))
		return found;
	if (!is_user && records_between(m->dates, node, e->end))
		return found;
	name = records_name(m, node);
	if (!name.n || name.n > NAME_BYTES || !has_letter(name) || str_findc(name, '\n') >= 0)
		return found;
	if (e->tag == TAG_A && records_is_action(dom_attribute(m->d, node, "href")))
		return found;
	found.merit = author_merit(m, node);
	if (name.n > 30 || name.n == 1) /* one letter stands in for a picture */
		found.merit /= 2;
	found.value = str_hash(name);
	return found;
}

/* ---- time ---- */

/* "Joined: May 2010", "注册时间": the date of a person, not of a post. */
static const struct str of_person[] = { WORD("join"), WORD("regist"), WORD("member since"), WORD("注册"), WORD("註冊"),
	WORD("加入"), WORD("seit"), WORD("inscri"), WORD("dabei"), WORD("activ"), WORD("last seen"), WORD("最后登录"),
	WORD("在线"), WORD("edited"), WORD("编辑"), WORD("編輯"), WORD("bearbeitet"), WORD("modifi") };

/* Bytes with which one of them begins. */
static const bool may_begin_of_person[256] = { ['j'] = true,
	['J'] = true,
	['r'] = true,
	['R'] = true,
	['m'] = true,
	['M'] = true,
	['s'] = true,
	['S'] = true,
	['i'] = true,
	['I'] = true,
	['d'] = true,
	['D'] = true,
	['a'] = true,
	['A'] = true,
	['l'] = true,
	['L'] = true,
	['e'] = true,
	['E'] = true,
	['b'] = true,
	['B'] = true,
	[0xE5] = true,
	[0xE6] = true,
	[0xE7] = true,
	[0xE8] = true };

static bool begins_of_person(struct str s)
{
	if (!may_begin_of_person[(unsigned char)s.p[0]])
		return false;
	for (size_t i = 0; i < sizeof(of_person) / sizeof(*of_person); i++)
		if (str_istarts(s, of_person[i]))
			return true;
	return false;
}

static bool is_of_person(const struct records_marks *m, uint32_t node)
{
	const uint32_t parent = m->d->node[node].parent;
	struct str text;

	if (m->d->node[parent].end - parent > 16)
		return false;
	text = dom_text(m->x->a, m->d, parent);
	if (text.n > 150)
		return false;
	for (size_t i = 0; i < text.n; i++)
		if (begins_of_person(str_from(text, i)))
			return true;
	return false;
}

static struct reading read_time(const struct records_marks *m, uint32_t node)
{
	struct reading found = { 0 };
	struct extract_post post = { 0 };

	if (!(m->flag[node] & RECORDS_DATE) || !records_read_date(m, node, &post))
		return found;
	found.merit = 1.0 + (m->d->node[node].tag == TAG_TIME ? 0.5 : 0) + (post.day_only ? 0 : 0.3) -
		      (is_of_person(m, node) ? 1.2 : 0);
	found.value = (uint64_t)post.published_ms;
	found.at_ms = post.published_ms;
	return found;
}

/* ---- address ---- */

static struct str fragment_of(struct str href)
{
	const ptrdiff_t at = str_findc(href, '#');

	return at < 0 ? (struct str){ 0 } : str_from(href, (size_t)at + 1);
}

static bool has_digit(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (isdigit((unsigned char)s.p[i]))
			return true;
	return false;
}

/* The title of a card leads to its own page. */
static bool is_in_heading(const struct records_marks *m, uint32_t node)
{
	const enum dom_tag tag = m->d->node[m->d->node[node].parent].tag;

	return tag == TAG_H2 || tag == TAG_H3 || tag == TAG_H4 || tag == TAG_H5;
}

/* Words in a link that are about one post: viewtopic.php?p=7, post-7, comment/7, pid=7. */
static bool says_post(struct str url)
{
	static const char *const parts[] = { "post", "comment", "pid=", "?p=", "&p=", "answer", "findpost", "reply-", "msg",
		"permalink", "/a/", "goto/", "review", NULL };

	for (const char *const *p = parts; *p; p++)
		if (str_find(url, str_of(*p)) >= 0)
			return true;
	return false;
}

static bool is_label(struct str text)
{
	static const char *const words[] = { "permalink", "link", "link to post", "share", "楼", "樓", "沙发", "板凳", "top",
		NULL };

	if (text.n && text.p[0] == '#')
		return true;
	for (const char *const *w = words; *w; w++)
		if (str_ieq(text, str_of(*w)) ||
			(text.n < 16 && (unsigned char)(*w)[0] >= 0x80 && str_find(text, str_of(*w)) >= 0))
			return true;
	return false;
}

static struct reading read_url(const struct records_marks *m, uint32_t node)
{
	struct reading found = { 0 };
	struct str href, url, fragment;

	if (m->d->node[node].tag != TAG_A)
		return found;
	href = str_trim(dom_attribute(m->d, node, "href"));
	if (href.n < 2 || records_is_user_address(href) || records_is_action(href))
		return found;
	url = extract_url(m->x, href);
	if (!url.n)
		return found;
	fragment = fragment_of(href);
	found.merit = (has_digit(fragment) ? 1.0 : 0) + (records_is_within(m, url) ? 0.8 : 0) +
		      (is_in_heading(m, node) ? 0.4 : 0) + (says_post(href) ? 0.5 : 0) +
		      (m->flag[node] & RECORDS_DATE || records_between(m->dates, node, m->d->node[node].end) ? 0.6 : 0);
	if (m->d->node[node].end - node < 6 && is_label(records_name(m, node)))
		found.merit += 0.5;
	found.value = str_hash(url);
	return found;
}

/* ---- places ---- */

static struct place *place_add(struct arena *a, struct places *p, uint64_t signature, size_t slot)
{
	if (p->n >= LIMIT_RECORDS_FIELD_PLACES / 2)
		return NULL;
	if (p->n == p->room) {
		struct place *grown = arena_list(a, struct place, p->room + p->room / 2 + FIRST_PLACES);

		if (p->n)
			memcpy(grown, p->place, p->n * sizeof(*grown));
		p->place = grown;
		p->room += p->room / 2 + FIRST_PLACES;
	}
	p->place[p->n] = (struct place){ .signature = signature, .slot = (uint16_t)slot };
	p->slot[slot] = (uint16_t)++p->n;
	return &p->place[p->n - 1];
}

static struct place *place_of(struct arena *a, struct places *p, uint64_t signature)
{
	size_t i = (size_t)(signature >> 9) % LIMIT_RECORDS_FIELD_PLACES;

	while (p->slot[i] && p->place[p->slot[i] - 1].signature != signature)
		i = (i + 1) % LIMIT_RECORDS_FIELD_PLACES;
	return p->slot[i] ? &p->place[p->slot[i] - 1] : place_add(a, p, signature, i);
}

static void place_count(struct place *p, uint32_t record, uint32_t depth, const struct reading *found)
{
	if (p->last == record) {
		p->several++;
		return;
	}
	p->records++;
	p->last = record;
	p->merit += found->merit;
	p->different += p->records > 1 && found->value != p->value;
	p->rising += p->records > 1 && found->at_ms >= p->at_ms;
	p->falling += p->records > 1 && found->at_ms <= p->at_ms;
	p->value = found->value;
	p->at_ms = found->at_ms;
	if (p->records == 1)
		p->first = depth;
}

static void places_count(struct places *p, const struct readings *readings, const struct records_set *s)
{
	const struct records_marks *m = readings->m;

	for (size_t i = 0; i < s->n; i++) {
		const struct records_range *r = &s->record[i];

		for (uint32_t node = r->start; node < r->end; node++) {
			const struct reading *found;
			struct place *place;

			if (is_in_body(m, r, node) || (m->flag[node] & (RECORDS_HIDDEN | RECORDS_SIGNATURE)) ||
				m->d->node[node].end > r->end)
				continue;
			found = reading_of(readings, node);
			if (found->merit <= 0)
				continue;
			place = place_of(m->x->a, p, records_place(m, node));
			if (place)
				place_count(place, (uint32_t)i + 1, node - r->start, found);
		}
	}
}

static double place_worth(const struct place *p, enum field field, size_t nrecords)
{
	const double share = (double)p->records / (double)nrecords;
	double worth = p->merit / p->records * share;
	const double pairs = p->records > 1 ? p->records - 1 : 1;

	if (p->records < 2 && nrecords > 2)
		return 0;
	if (field == FIELD_AUTHOR && !p->different && nrecords > 3)
		worth *= 0.2; /* the same word in every record */
	if (field == FIELD_URL && p->different < 0.9 * pairs)
		worth = p->different < 0.5 * pairs ? 0 : 0.2 * worth;
	if (field == FIELD_TIME)
		worth *= 0.5 + 0.5 * (p->rising > p->falling ? p->rising : p->falling) / pairs;
	worth *= 1.0 - 0.3 * (p->several < p->records ? (double)p->several / p->records : 1.0);
	return worth * (1.0 - 0.1 * (p->first < 1000 ? p->first / 1000.0 : 1.0));
}

static int place_cmp(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return x->slot < y->slot ? -1 : x->slot > y->slot;
}

/* The best places, best first: a record that has no first one is asked for the second. Of equals the one whose slot comes first.
 * The places are put in that order. */
static void places_best(struct places *p, enum field field, size_t nrecords, uint64_t best[BEST])
{
	double worth[BEST] = { 0 };

	memset(best, 0, BEST * sizeof(*best));
	if (p->n > 1)
		qsort(p->place, p->n, sizeof(*p->place), place_cmp);
	for (size_t i = 0; i < p->n; i++) {
		const double w = place_worth(&p->place[i], field, nrecords);
		size_t at = BEST;

		while (at > 0 && w > worth[at - 1])
			at--;
		if (at == BEST)
			continue;
		memmove(worth + at + 1, worth + at, (BEST - at - 1) * sizeof(*worth));
		memmove(best + at + 1, best + at, (BEST - at - 1) * sizeof(*best));
		worth[at] = w;
		best[at] = p->place[i].signature;
	}
}

static uint32_t node_at(const struct readings *readings, const struct records_range *r, uint64_t signature)
{
	const struct records_marks *m = readings->m;

	for (uint32_t node = r->start; signature && node < r->end; node++)
		if (records_place(m, node) == signature && !is_in_body(m, r, node) && !(m->flag[node] & RECORDS_HIDDEN) &&
			m->d->node[node].end <= r->end && reading_of(readings, node)->merit > 0)
			return node;
	return 0;
}

/* An opening post of another build has places of its own: the node that says most. */
static uint32_t node_alone(const struct readings *readings, const struct records_range *r)
{
	const struct records_marks *m = readings->m;
	uint32_t best = 0;
	double merit = 0;

	for (uint32_t node = r->start; node < r->end; node++) {
		double here;

		if (is_in_body(m, r, node) || (m->flag[node] & RECORDS_HIDDEN))
			continue;
		here = reading_of(readings, node)->merit;
		if (here > merit) {
			merit = here;
			best = node;
		}
	}
	return merit >= 1.0 ? best : 0;
}

/* ---- filling ---- */

static void fill_author(const struct records_marks *m, uint32_t node, struct extract_post *post)
{
	struct str href = dom_attribute(m->d, node, "href");
	const struct dom_node *e = &m->d->node[node];

	for (uint32_t i = node + 1; !href.n && i < e->end; i++)
		if (m->d->node[i].tag == TAG_A)
			href = dom_attribute(m->d, i, "href");
	for (uint32_t i = e->parent; !href.n && i && m->flag[i] & RECORDS_LINK; i = m->d->node[i].parent)
		href = dom_attribute(m->d, i, "href");
	post->author = records_name(m, node);
	post->author_url = href.n ? extract_url(m->x, href) : (struct str){ 0 };
}

static void fill_url(const struct records_marks *m, uint32_t node, struct extract_post *post)
{
	const struct str href = str_trim(dom_attribute(m->d, node, "href"));
	const struct str fragment = fragment_of(href);

	post->url = extract_url(m->x, href);
	if (has_digit(fragment))
		post->id = fragment;
}

/* Anchors are there to be linked to: <a id="comment-7">, <a name="7">. */
static struct str anchor_of(const struct records_marks *m, uint32_t node)
{
	const struct str id = dom_attribute(m->d, node, "id"), name = dom_attribute(m->d, node, "name");

	if (m->d->node[node].tag != TAG_A)
		return (struct str){ 0 };
	return has_digit(name) ? name : has_digit(id) ? id : (struct str){ 0 };
}

/* What the page calls the record: an anchor before or in it, else an id with a number around it or in it. */
static struct str id_in(const struct records_marks *m, const struct records_range *r)
{
	const uint32_t before = m->d->node[r->root].previous;
	struct str found = before ? anchor_of(m, before) : (struct str){ 0 };
	uint32_t up = r->root;

	for (uint32_t i = r->start; i < r->end && !found.n; i++)
		found = anchor_of(m, i);
	for (int i = 0; i < 3 && up >= r->start && !found.n; i++, up = m->d->node[up].parent)
		found = has_digit(dom_attribute(m->d, up, "id")) ? dom_attribute(m->d, up, "id") : found;
	for (uint32_t i = r->start; i < r->end && !found.n; i++)
		found = has_digit(dom_attribute(m->d, i, "id")) ? dom_attribute(m->d, i, "id") : found;
	return found;
}

static bool says_number_of(struct str url, struct str id)
{
	size_t n = id.n;

	while (n && isdigit((unsigned char)id.p[n - 1]))
		n--;
	return id.n - n >= 2 && str_find(url, str_from(id, n)) >= 0;
}

static void fill_id(const struct records_marks *m, const struct records_range *r, struct extract_post *post)
{
	const struct str page = records_page_of(m->x->page->url), own = records_page_of(post->url);

	if (!post->id.n)
		post->id = id_in(m, r);
	if (!post->id.n)
		return;
	/* This page with the number of the post as a parameter, and an anchor of that number in it: the anchor is the place. */
	if (post->url.n && str_eq(page, own) && str_findc(post->url, '#') < 0 &&
		says_number_of(str_from(post->url, own.n), post->id))
		post->url = arena_printf(m->x->a, "%.*s#%.*s", STR_FMT(post->url), STR_FMT(post->id));
	if (!post->url.n)
		post->url = extract_url(m->x, arena_printf(m->x->a, "#%.*s", STR_FMT(post->id)));
}

static read_node *const readers[] = { [FIELD_AUTHOR] = read_author, [FIELD_TIME] = read_time, [FIELD_URL] = read_url };

static void fill(const struct records_marks *m, enum field field, uint32_t node, struct extract_post *post)
{
	if (field == FIELD_AUTHOR)
		fill_author(m, node, post);
	else if (field == FIELD_TIME)
		(void)records_read_date(m, node, post);
	else
		fill_url(m, node, post);
}

/* The node of one record that says the field; 0 = none does. */
static uint32_t node_of(
	const struct readings *readings, const struct records_set *set, size_t i, enum field field, const uint64_t best[BEST])
{
	uint32_t node = 0;

	for (size_t k = 0; k < BEST && !node && (k == 0 || field != FIELD_URL); k++)
		node = node_at(readings, &set->record[i], best[k]);
	if (!node && i == 0 && set->has_opening)
		node = node_alone(readings, &set->record[i]);
	return node;
}

void records_read_fields(const struct records_marks *m, const struct records_set *set, struct extract_post *posts)
{
	for (enum field field = FIELD_AUTHOR; field <= FIELD_URL; field++) {
		const struct readings readings = { m, readers[field], arena_list(m->x->a, struct reading, m->d->n) };
		struct places *places = arena_new(m->x->a, struct places);
		uint64_t best[BEST];

		places_count(places, &readings, set);
		places_best(places, field, set->n, best);
		for (size_t i = 0; i < set->n; i++) {
			const uint32_t node = node_of(&readings, set, i, field, best);

			if (node)
				fill(m, field, node, &posts[i]);
		}
	}
	for (size_t i = 0; i < set->n; i++)
		fill_id(m, &set->record[i], &posts[i]);
}
