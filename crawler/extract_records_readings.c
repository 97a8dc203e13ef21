/* What one node of a page says of a field of a record: a name, a moment, the address of a post. */
#include "crawler/extract_records_fields.h"

#include <ctype.h>
#include <string.h>

#define NAME_BYTES 100
#define WORD(literal)                                                                                                            \
	{                                                                                                                        \
		literal, sizeof(literal) - 1                                                                                     \
	}

bool readings_has_digit(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (records_is_digit(s.p[i]))
			return true;
	return false;
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

static void read_author(const struct records_marks *m, uint32_t node, struct reading *found)
{
	const struct dom_node *e = &m->d->node[node];
	const bool is_user = m->flag[node] & RECORDS_USER;
	struct str name;

	if ((e->tag != TAG_A && !is_user && !may_hold_name(e->tag)) || e->end - node > 40 || (m->flag[node] & RECORDS_DATE))
		return;
	if (!is_user && records_between(m->dates, node, e->end))
		return;
	name = records_name(m, node);
	if (!name.n || name.n > NAME_BYTES || !has_letter(name) || str_findc(name, '\n') >= 0)
		return;
	if (e->tag == TAG_A && records_is_action(dom_attribute(m->d, node, "href")))
		return;
	found->merit = author_merit(m, node);
	if (name.n > 30 || name.n == 1) /* one letter stands in for a picture */
		found->merit /= 2;
	found->value = str_hash(name);
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
		if ((s.p[0] | 0x20) == (of_person[i].p[0] | 0x20) && str_istarts(s, of_person[i]))
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

static void read_time(const struct records_marks *m, uint32_t node, struct reading *found)
{
	struct extract_post post;

	if (!(m->flag[node] & RECORDS_DATE))
		return;
	memset(&post, 0, sizeof(post));
	if (!records_read_date(m, node, &post))
		return;
	found->merit = 1.0 + (m->d->node[node].tag == TAG_TIME ? 0.5 : 0) + (post.day_only ? 0 : 0.3) -
		       (is_of_person(m, node) ? 1.2 : 0);
	found->value = (uint64_t)post.published_ms;
	found->at_ms = post.published_ms;
}

/* ---- address ---- */

struct str readings_fragment(struct str href)
{
	const ptrdiff_t at = str_findc(href, '#');

	return at < 0 ? (struct str){ 0 } : str_from(href, (size_t)at + 1);
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

static void read_url(const struct records_marks *m, uint32_t node, struct reading *found)
{
	struct str href, url, fragment;

	if (m->d->node[node].tag != TAG_A)
		return;
	href = str_trim(dom_attribute(m->d, node, "href"));
	if (href.n < 2 || records_is_user_address(href) || records_is_action(href))
		return;
	url = extract_url(m->x, href);
	if (!url.n)
		return;
	fragment = readings_fragment(href);
	found->merit = (readings_has_digit(fragment) ? 1.0 : 0) + (records_is_within(m, url) ? 0.8 : 0) +
		       (is_in_heading(m, node) ? 0.4 : 0) + (says_post(href) ? 0.5 : 0) +
		       (m->flag[node] & RECORDS_DATE || records_between(m->dates, node, m->d->node[node].end) ? 0.6 : 0);
	if (m->d->node[node].end - node < 6 && is_label(records_name(m, node)))
		found->merit += 0.5;
	found->value = str_hash(url);
}

/* Fills `found`, which is zero, when the node is of its field. */
typedef void read_node(const struct records_marks *m, uint32_t node, struct reading *found);

static read_node *const readers[] = { [FIELD_AUTHOR] = read_author, [FIELD_TIME] = read_time, [FIELD_URL] = read_url };

const struct reading *readings_of(const struct readings *r, uint32_t node)
{
	struct reading *known = &r->known[node];

	if (!known->is_read)
		readers[r->field](r->m, node, known);
	known->is_read = true;
	return known;
}
