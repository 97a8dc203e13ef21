/* One post by an engine rule: its body without quotes and signature, its writer, its time, its links and numbers. */
#include "crawler/extract_engine_post.h"

#include <earshot/limits.h>

#include "common/base/json.h"
#include "crawler/amount.h"
#include "crawler/dates.h"
#include "crawler/extract_published.h"

#include <string.h>

bool engine_matches(const struct engine_page *p, const struct select *s, uint32_t scope, uint32_t node)
{
	return *p->asked->climbed <= LIMIT_ENGINE_CLIMBS && select_matches_on(s, p->asked, scope, node);
}

/* The next match below the post that is no part of a post inside it; 0 = none. */
static uint32_t next_own(const struct engine_page *p, const struct select *s, uint32_t post, uint32_t after)
{
	const struct dom *d = p->x->dom;
	for (uint32_t n = after + 1; n < d->node[post].end; n++) {
		if ((p->flag[n] & ENGINE_IS_POST) != 0 && post != 0) {
			n = d->node[n].end - 1;
			continue;
		}
		if (engine_matches(p, s, post, n))
			return n;
	}
	return 0;
}

/* Marks of the direction of writing stand before dates and names, where nobody sees them: U+200E, U+200F. */
static bool is_unseen(struct str s, size_t at)
{
	return at + 2 < s.n && memcmp(s.p + at, "\xE2\x80", 2) == 0 && (s.p[at + 2] == '\x8E' || s.p[at + 2] == '\x8F');
}

static struct str one_line(struct arena *a, struct str s)
{
	char *out = arena_take(a, s.n + 1);
	size_t n = 0;
	bool gap = false;
	for (size_t i = 0; i < s.n; i++) {
		const bool space = s.p[i] == ' ' || (s.p[i] >= '\t' && s.p[i] <= '\r');
		if (is_unseen(s, i)) {
			i += 2;
			continue;
		}
		if (!space && gap && n != 0)
			out[n++] = ' ';
		gap = space;
		if (!space)
			out[n++] = s.p[i];
	}
	return (struct str){ out, n };
}

static struct str own_text(struct arena *a, const struct dom *d, uint32_t node)
{
	struct buf b;
	buf_init(&b, LIMIT_TEXT_BYTES);
	for (uint32_t n = node + 1; n < d->node[node].end; n = d->node[n].end)
		if (d->node[n].tag == TAG_TEXT) {
			buf_addc(&b, ' ');
			buf_adds(&b, d->node[n].text);
		}
	const struct str text = arena_copy(a, buf_str(&b));
	buf_release(&b);
	return text;
}

static struct str json_member(struct arena *a, struct str bytes, struct str path)
{
	struct err e;
	struct str name;
	const struct json *v = json_parse_in(a, bytes, &e);
	const struct json *object = NULL;
	while (v != NULL && str_split(&path, '/', &name)) {
		object = v;
		v = json_get(object, arena_cstr(a, name));
	}
	return object == NULL || v == NULL ? STR("") : json_text_of(a, object, arena_cstr(a, name));
}

static struct str read_way(const struct engine_page *p, const struct engine_way *w, uint32_t node)
{
	const struct dom *d = p->x->dom;
	if (w->what == ENGINE_ATTRIBUTE) {
		const struct str value = str_trim(dom_attribute(d, node, w->attribute.p));
		return w->member.n == 0 || value.n == 0 ? value : json_member(p->x->a, value, w->member);
	}
	return one_line(p->x->a, w->what == ENGINE_OWN ? own_text(p->x->a, d, node) : dom_text(p->x->a, d, node));
}

/* Calls `use` with the values of a field at or below one element, way by way, until it says true. */
static bool values_in(const struct engine_page *p, uint32_t node, const struct engine_pick *pick,
	bool (*use)(void *, uint32_t, struct str), void *context)
{
	for (size_t i = 0; i < pick->n; i++) {
		const struct engine_way *w = &pick->way[i];
		uint32_t n = w->where == NULL ? node : next_own(p, w->where, node, node);
		for (int tried = 0; n != 0 && tried < LIMIT_ENGINE_TRIES; tried++) {
			const struct str value = read_way(p, w, n);
			if (value.n != 0 && use(context, n, value))
				return true;
			n = w->where == NULL ? 0 : next_own(p, w->where, node, n);
		}
	}
	return false;
}

/* The neighbours of a post as elements, texts passed over; 0 = none. */
static uint32_t element_before(const struct dom *d, uint32_t node)
{
	uint32_t n = d->node[node].previous;
	while (n != 0 && d->node[n].tag == TAG_TEXT)
		n = d->node[n].previous;
	return n;
}

static uint32_t element_behind(const struct dom *d, uint32_t node)
{
	const uint32_t end = d->node[d->node[node].parent].end;
	uint32_t n = d->node[node].end;
	while (n < end && d->node[n].tag == TAG_TEXT)
		n = d->node[n].end;
	return n < end ? n : 0;
}

/* Some engines lay the head or the foot of a post beside it instead of into it. */
static bool values(const struct engine_page *p, uint32_t node, enum engine_field field, bool (*use)(void *, uint32_t, struct str),
	void *context)
{
	const struct engine_pick *pick = &p->rule->pick[field];
	const struct select *before = p->rule->selector[ENGINE_BEFORE], *behind = p->rule->selector[ENGINE_BEHIND];
	const struct dom *d = p->x->dom;
	if (values_in(p, node, pick, use, context))
		return true;
	if (node == 0)
		return false;
	const uint32_t head = before == NULL ? 0 : element_before(d, node), foot = behind == NULL ? 0 : element_behind(d, node);
	if (head != 0 && engine_matches(p, before, 0, head) && values_in(p, head, pick, use, context))
		return true;
	return foot != 0 && engine_matches(p, behind, 0, foot) && values_in(p, foot, pick, use, context);
}

struct taken {
	uint32_t node;
	struct str value;
};

static bool take(void *context, uint32_t node, struct str value)
{
	*(struct taken *)context = (struct taken){ node, value };
	return true;
}

struct str engine_value(const struct engine_page *p, uint32_t node, enum engine_field field)
{
	struct taken t = { 0, STR("") };
	(void)values(p, node, field, take, &t);
	return t.value;
}

uint32_t engine_find(const struct engine_page *p, uint32_t node, enum engine_field field)
{
	const struct engine_pick *pick = &p->rule->pick[field];
	for (size_t i = 0; i < pick->n; i++) {
		const uint32_t n = pick->way[i].where == NULL ? node : next_own(p, pick->way[i].where, node, node);
		if (n != 0)
			return n;
	}
	return 0;
}

/* ---- text ---- */

struct leaving {
	const struct engine_page *p;
	uint32_t keep;
	uint8_t flags;
};

static bool is_left_out(const void *context, uint32_t node)
{
	const struct leaving *l = context;
	return node != l->keep && (l->p->flag[node] & l->flags) != 0;
}

static struct str text_without(const struct engine_page *p, uint32_t node, unsigned flags)
{
	const struct leaving l = { .p = p, .keep = node, .flags = (uint8_t)flags };
	return str_trim(dom_text_without(p->x->a, p->x->dom, node, is_left_out, &l));
}

/* The texts of the outermost elements with this flag below `node`, blank lines between. */
static struct str flagged_text(const struct engine_page *p, uint32_t node, unsigned flag)
{
	const struct dom *d = p->x->dom;
	/* Copies of the post for a quoting script are dropped with their quote marks; signatures may stand in a dropped foot. */
	const unsigned alien = ENGINE_IS_POST | (flag == ENGINE_IS_QUOTE ? ENGINE_IS_DROPPED : 0);
	struct str all = STR("");
	for (uint32_t n = node + 1; n < d->node[node].end; n++) {
		if ((p->flag[n] & alien) != 0) {
			n = d->node[n].end - 1;
		} else if ((p->flag[n] & flag) != 0) {
			const struct str text = text_without(p, n, ENGINE_IS_DROPPED);
			if (all.n != 0 && text.n != 0)
				all = arena_printf(p->x->a, "%.*s\n\n%.*s", STR_FMT(all), STR_FMT(text));
			else if (text.n != 0)
				all = text;
			n = d->node[n].end - 1;
		}
	}
	return all;
}

/* ---- fields ---- */

struct dating {
	const struct extract *x;
	struct extract_post *post;
};

static bool take_date(struct dating *t, struct str written)
{
	if (written.n == 0 || !extract_date(t->x, written, &t->post->published_ms, &t->post->day_only))
		return false;
	t->post->published = written;
	return true;
}

/* A date with other words around it is looked for behind the marks that engines put between them. */
static bool use_date(void *context, uint32_t node, struct str value)
{
	static const char *const marks[] = { "»", "•", "·", "|", "›", "–", "Post subject", ": ", "：", ", " };
	struct dating *t = context;
	(void)node;
	if (value.n > LIMIT_FIELD_BYTES)
		return false;
	if (t->post->published.n == 0)
		t->post->published = value;
	if (take_date(t, value))
		return true;
	const ptrdiff_t gap = str_findc(value, ' ');
	if (gap > 10 && value.p[10] == 'T') /* an ISO time without a zone, then the epoch */
		return take_date(t, str_from(value, (size_t)gap + 1)) || take_date(t, str_first(value, (size_t)gap));
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		const ptrdiff_t at = str_find(value, str_of(marks[i]));
		if (at < 0)
			continue;
		if (take_date(t, str_trim(str_from(value, (size_t)at + strlen(marks[i])))) ||
			take_date(t, str_trim(str_first(value, (size_t)at))))
			return true;
	}
	return false;
}

static struct str without_label(struct str name)
{
	static const char *const labels[] = { "作者：", "作者:", "作者", "楼主：", "发帖人：", "發表者：", "发表者：", "by ",
		"by:", "posted by ", "author:", "von " };
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
		if (str_istarts(name, str_of(labels[i])) && name.n > strlen(labels[i]))
			return str_trim(str_from(name, strlen(labels[i])));
	return name;
}

/* The link that a name stands in, or that stands in the name. */
static struct str link_of(const struct dom *d, uint32_t node)
{
	const uint32_t up = d->node[node].parent;
	if (d->node[node].tag == TAG_A)
		return dom_attribute(d, node, "href");
	if (up != 0 && d->node[up].tag == TAG_A)
		return dom_attribute(d, up, "href");
	for (uint32_t n = node + 1; n < d->node[node].end; n++)
		if (d->node[n].tag == TAG_A)
			return dom_attribute(d, n, "href");
	return STR("");
}

static void read_author(const struct engine_page *p, uint32_t node, struct extract_post *out)
{
	struct taken t = { 0, STR("") };
	if (values(p, node, ENGINE_AUTHOR, take, &t) && t.value.n <= LIMIT_FIELD_BYTES)
		out->author = without_label(t.value);
	struct str url = engine_value(p, node, ENGINE_AUTHOR_URL);
	if (url.n == 0 && t.node != 0)
		url = link_of(p->x->dom, t.node);
	out->author_url = extract_url(p->x, url);
}

static bool use_url(void *context, uint32_t node, struct str value)
{
	struct dating *t = context;
	(void)node;
	t->post->url = extract_url(t->x, value);
	return t->post->url.n != 0;
}

static void read_place(const struct engine_page *p, uint32_t node, struct extract_post *out)
{
	const ptrdiff_t hash = str_findc(p->x->base, '#');
	const struct str base = hash < 0 ? p->x->base : str_first(p->x->base, (size_t)hash);
	const struct str anchor = dom_attribute(p->x->dom, node, "id");
	struct dating t = { p->x, out };
	out->id = engine_value(p, node, ENGINE_ID);
	if (!values(p, node, ENGINE_URL, use_url, &t) && anchor.n != 0 && base.n != 0)
		out->url = arena_printf(p->x->a, "%.*s#%.*s", STR_FMT(base), STR_FMT(anchor));
}

static bool use_amount(void *context, uint32_t node, struct str value)
{
	(void)node;
	return amount_read(value, context);
}

static bool use_stars(void *context, uint32_t node, struct str value)
{
	(void)node;
	*(float *)context = amount_stars(value);
	return *(float *)context > 0;
}

static void read_numbers(const struct engine_page *p, uint32_t node, struct extract_post *out)
{
	(void)values(p, node, ENGINE_LIKES, use_amount, &out->likes);
	(void)values(p, node, ENGINE_REPLIES, use_amount, &out->replies);
	(void)values(p, node, ENGINE_SHARES, use_amount, &out->shares);
	(void)values(p, node, ENGINE_VIEWS, use_amount, &out->views);
	(void)values(p, node, ENGINE_STARS, use_stars, &out->stars);
}

/* A date among other words. */
static bool use_date_within(void *context, uint32_t node, struct str value)
{
	struct dating *t = context;
	const struct date_context dates = { .now_ms = t->x->page->fetched_ms,
		.zone_minutes = t->x->page->zone_minutes,
		.day_first = published_is_day_first(t->x) };
	struct date found;
	struct str written;
	(void)node;
	return value.n <= LIMIT_FIELD_BYTES && dates_find(value, &dates, &written, &found) && take_date(t, written);
}

void engine_time(const struct engine_page *p, uint32_t node, enum engine_field field, struct extract_post *out)
{
	struct dating t = { p->x, out };
	if (!values(p, node, field, use_date, &t))
		(void)values(p, node, field, use_date_within, &t);
}

bool engine_post(const struct engine_page *p, uint32_t node, struct extract_post *out)
{
	const uint32_t body = p->rule->pick[ENGINE_BODY].n == 0 ? node : engine_find(p, node, ENGINE_BODY);
	*out = (struct extract_post){ .published_ms = -1, .likes = -1, .replies = -1, .shares = -1, .views = -1, .node = node };
	read_author(p, node, out);
	if (body == 0)
		return false;
	const unsigned alien = ENGINE_IS_POST | ENGINE_IS_SIGNATURE | ENGINE_IS_DROPPED;
	out->text = text_without(p, body, alien | ENGINE_IS_QUOTE);
	if (str_starts(out->text, STR(": "))) /* "name: text" in three columns */
		out->text = str_from(out->text, 2);
	out->quote = flagged_text(p, body, ENGINE_IS_QUOTE);
	out->signature = flagged_text(p, node, ENGINE_IS_SIGNATURE);
	out->title = engine_value(p, node, ENGINE_HEADING);
	engine_time(p, node, ENGINE_TIME, out);
	read_place(p, node, out);
	read_numbers(p, node, out);
	return true;
}
