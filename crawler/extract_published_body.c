/* Publication dates in the body of a page: marked elements, bylines, and dates in its text, by their distance from the headline. */
#include "crawler/extract_published.h"

#include <earshot/limits.h>

#include "common/base/clock.h"

#include <string.h>

#define LABEL_BYTES 48 /* of text in front of a date that may say what it is for */
#define NEAR_NODES 90 /* behind the headline: a byline; further on a text may tell of other days */
#define LINE_BYTES 60 /* a byline with a relative date is no longer */
#define SHORT_BYTES 240 /* a text node that is a line, not a paragraph */
#define SMALL_NODES 24 /* an element that may hold a date and little else */
#define DATE_ATTRIBUTE_BYTES 60
#define TITLE_BYTES 512
#define TITLE_NODES 64 /* of a heading that are compared with the title: headings in headings are no headings */

/* --- the headline ---------------------------------------------------------------------------------------------------- */

/* The text below `node` without white space, cut at `max` bytes and TITLE_NODES nodes: what can be compared. */
static struct str packed_text(const struct dom *d, uint32_t node, char *out, size_t max)
{
	size_t n = 0;

	for (uint32_t i = node; i < d->node[node].end && i - node < TITLE_NODES && n < max; i++) {
		const struct str text = d->node[i].text;
		for (size_t k = 0; k < text.n && n < max; k++) {
			if ((unsigned char)text.p[k] > ' ')
				out[n++] = text.p[k];
		}
	}
	return (struct str){ out, n };
}

static uint32_t node_of(const struct dom *d, enum dom_tag tag)
{
	for (uint32_t i = 0; i < d->n; i++) {
		if (d->node[i].tag == tag)
			return i;
	}
	return 0;
}

static bool is_heading(enum dom_tag tag)
{
	return tag == TAG_H1 || tag == TAG_H2 || tag == TAG_H3;
}

/* A heading that the title repeats, the first h1, or any line that is most of the title. */
static uint32_t find_headline(const struct dom *d)
{
	char title_bytes[TITLE_BYTES], bytes[TITLE_BYTES];
	const uint32_t title_node = node_of(d, TAG_TITLE);
	const struct str title = packed_text(d, title_node, title_bytes, title_node ? TITLE_BYTES : 0);
	uint32_t first_h1 = 0, line = 0;

	for (uint32_t i = node_of(d, TAG_BODY); i < d->n; i++) {
		const enum dom_tag tag = d->node[i].tag;
		if (!is_heading(tag) && (tag != TAG_TEXT || line))
			continue;
		const struct str text = packed_text(d, i, bytes, TITLE_BYTES);
		if (text.n < 6)
			continue;
		if (tag == TAG_H1 && !first_h1)
			first_h1 = i;
		if (str_find(title, text) < 0 || text.n * 3 < title.n)
			continue;
		if (tag != TAG_TEXT)
			return i;
		line = i;
	}
	return first_h1 ? first_h1 : line;
}

/* --- what an element is called ---------------------------------------------------------------------------------------- */

static bool holds(struct str s, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (str_find(s, str_of(words[i])) >= 0)
			return true;
	}
	return false;
}

#define HOLDS(s, words) holds(s, words, sizeof(words) / sizeof((words)[0]))

/* What a class, an id or an itemprop says: a page repeats a few of them a thousand times, so the last ones are remembered. */
struct called {
	struct str value;
	enum published_name name;
	bool is_margin; /* parts of a page whose dates are not the page's */
};

#define CALLED_ROWS 256

struct walk {
	struct published *p;
	const struct dom *d;
	uint32_t margin_end; /* inside of a margin up to here */
	struct str before; /* the text node before, when it was short */
	struct called called[CALLED_ROWS]; /* by the hash of the value */
	size_t asked; /* texts that were searched for dates */
};

/* The word that says most: published before anything else, a plain date last; "of something else" settles it. */
static enum published_name name_of_words(struct str words)
{
	enum published_name found = NAME_NONE;
	struct str word;

	while (words.n > 0 && str_split(&words, ' ', &word)) {
		const enum published_name name = published_name(word);
		if (name == NAME_OTHER)
			return name;
		if (name != NAME_NONE && (found == NAME_NONE || found == NAME_DATE || name == NAME_PUBLISHED))
			found = name;
	}
	return found;
}

static const struct called *called(struct walk *w, struct str value)
{
	static const char *const margins[] = { "comment", "related", "sidebar", "side-bar", "footer", "recommend", "popular",
		"copyright", "widget", "teaser", "latest", "trending", "archive", "calendar", "newest", "more-", "similar",
		"navi" };
	struct called *row = &w->called[str_hash(value) % CALLED_ROWS];

	if (!str_eq(row->value, value))
		*row = (struct called){ .value = value, .name = name_of_words(value), .is_margin = HOLDS(value, margins) };
	return row;
}

/* What an element is called: its name as a date, and whether it is a margin. */
struct element {
	enum published_name name;
	bool is_margin;
};

static enum published_name better_name(enum published_name found, enum published_name name)
{
	if (found == NAME_OTHER || name == NAME_OTHER)
		return NAME_OTHER;
	return name != NAME_NONE && (found == NAME_NONE || found == NAME_DATE || name == NAME_PUBLISHED) ? name : found;
}

static struct element read_element(struct walk *w, uint32_t node)
{
	const struct dom_node *x = &w->d->node[node];
	struct element out = { NAME_NONE, false };

	for (uint32_t i = 0; i < x->nattributes; i++) {
		const struct dom_attribute *at = &w->d->attribute[x->attribute + i];
		const bool is_class = str_eqc(at->name, "class") || str_eqc(at->name, "id");
		if (!is_class && !str_eqc(at->name, "itemprop") && !str_eqc(at->name, "property"))
			continue;
		const struct called *row = called(w, at->value);
		out.name = better_name(out.name, row->name);
		out.is_margin |= is_class && row->is_margin;
	}
	if (x->tag == TAG_NAV || x->tag == TAG_FOOTER || x->tag == TAG_ASIDE || x->tag == TAG_SELECT)
		out.is_margin = true;
	if (x->tag == TAG_BODY || x->tag == TAG_HTML || x->tag == TAG_ARTICLE || x->tag == TAG_MAIN)
		out.is_margin = false;
	return out;
}

static bool is_unseen(enum dom_tag tag)
{
	return tag == TAG_SCRIPT || tag == TAG_STYLE || tag == TAG_TEMPLATE || tag == TAG_HEAD || tag == TAG_TEXTAREA;
}

/* --- words in front of a date ------------------------------------------------------------------------------------------ */

enum label { LABEL_NONE, LABEL_PUBLISHED, LABEL_MODIFIED, LABEL_OTHER };

static struct str lower(struct str s, char *out)
{
	for (size_t i = 0; i < s.n; i++)
		out[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] + 32) : s.p[i];
	return (struct str){ out, s.n };
}

static enum label label_of(struct str before)
{
	static const char *const other[] = { "copyright", "©", "since", "born", "joined", "join date", "member", "registered",
		"founded", "注册日期", "注册", "註冊", "加入", "截止", "有效期", "版权", "版權", "expire", "until", "deadline",
		"geboren", "event", "活动时间", "施行", "valid", "accessed", "retrieved" };
	static const char *const modified[] = { "更新", "修改", "编辑于", "編輯", "updated", "modified", "edited", "revised",
		"aktualisiert", "geändert", "mis à jour", "modifié", "actualizado", "最后回复", "last reply", "last post" };
	static const char *const published[] = { "发布", "發布", "發佈", "发表", "發表", "刊登", "刊发", "发稿", "发帖", "日期",
		"时间", "時間", "公開日", "投稿日", "published", "posted", "publication", "release", "date:", "veröffentlicht",
		"erschienen", "erstellt", "publié", "publicado", "pubblicato", "опубликован", "submitted", "written" };
	char bytes[LABEL_BYTES];

	if (before.n > LABEL_BYTES)
		before = str_from(before, before.n - LABEL_BYTES);
	before = lower(before, bytes);
	if (HOLDS(before, other))
		return LABEL_OTHER;
	if (HOLDS(before, modified))
		return LABEL_MODIFIED;
	return HOLDS(before, published) ? LABEL_PUBLISHED : LABEL_NONE;
}

/* --- the walk ---------------------------------------------------------------------------------------------------------- */

static bool is_near(const struct walk *w, uint32_t node)
{
	return w->p->headline > 0 && published_distance(w->p, node) <= NEAR_NODES;
}

static enum published_rank rank_of(const struct walk *w, uint32_t node, enum published_name name, enum label label)
{
	if (node < w->margin_end || label == LABEL_OTHER || name == NAME_OTHER)
		return PUBLISHED_MARGIN;
	if (label == LABEL_MODIFIED || (label == LABEL_NONE && name == NAME_MODIFIED))
		return PUBLISHED_MODIFIED;
	if (!is_near(w, node))
		return (name != NAME_NONE || label == LABEL_PUBLISHED) && node > w->p->headline ? PUBLISHED_FAR : PUBLISHED_TEXT;
	if (label == LABEL_PUBLISHED || name == NAME_PUBLISHED)
		return PUBLISHED_MARKED;
	return name == NAME_NONE ? PUBLISHED_NEAR : PUBLISHED_BYLINE;
}

/* The text of a small element in one piece: <b>03</b> <i>Jun</i> <s>2024</s>. */
static struct str small_text(const struct walk *w, uint32_t node)
{
	const struct dom *d = w->d;
	struct buf out;
	struct str text;

	buf_init(&out, SHORT_BYTES);
	for (uint32_t i = node + 1; i < d->node[node].end; i++) {
		if (d->node[i].tag != TAG_TEXT)
			continue;
		buf_adds(&out, d->node[i].text);
		buf_addc(&out, ' ');
	}
	text = out.overflow ? STR("") : arena_copy(w->p->x->a, str_trim(buf_str(&out)));
	buf_release(&out);
	return text;
}

/* false when the text holds no date. */
static bool offer_found(struct walk *w, struct str text, uint32_t node, enum published_name name)
{
	struct str written;
	struct date date;

	if (w->asked++ >= LIMIT_PUBLISHED_TEXTS || !dates_find(text, &w->p->dates, &written, &date))
		return false;
	if (date.form == DATE_RELATIVE && text.n > LINE_BYTES)
		return true; /* "yesterday" in a sentence */
	const struct str before = { text.p, (size_t)(written.p - text.p) };
	const enum label label = label_of(str_trim(before).n > 0 ? before : w->before);
	/* A moment on a line of its own is what stands over a post. */
	if (name == NAME_NONE && !is_near(w, node) && text.n <= LINE_BYTES && !date.day_only)
		name = NAME_DATE;
	published_offer_date(w->p, rank_of(w, node, name, label), written, &date, node);
	return true;
}

/* itemprop=datePublished and time[pubdate] are believed wherever they stand, outside of margins. */
static bool is_stated(const struct dom *d, uint32_t node)
{
	return str_find(dom_attribute(d, node, "itemprop"), STR("datePublished")) >= 0 ||
	       (d->node[node].tag == TAG_TIME && dom_has_attribute(d, node, "pubdate"));
}

/* Could a value be a date? Most attributes are not. */
static bool looks_dated(struct str value)
{
	return value.n >= 8 && value.n <= DATE_ATTRIBUTE_BYTES &&
	       ((value.p[0] >= '0' && value.p[0] <= '9') || (value.p[0] >= 'A' && value.p[0] <= 'Z') ||
		       (unsigned char)value.p[0] >= 0x80);
}

/* Does an attribute bear a date: datetime, content and title of an element that is called one, or one that is called so itself. */
static bool is_date_attribute(const struct dom_attribute *attribute, bool is_dated)
{
	if (str_eqc(attribute->name, "datetime"))
		return is_dated;
	if (!looks_dated(attribute->value))
		return false;
	if (str_eqc(attribute->name, "content") || str_eqc(attribute->name, "title"))
		return is_dated;
	const enum published_name name = published_name(attribute->name);
	return name == NAME_PUBLISHED || name == NAME_CREATED || name == NAME_DATE;
}

static enum published_rank rank_of_element(const struct walk *w, uint32_t node, enum published_name name)
{
	const enum label label = name == NAME_PUBLISHED ? LABEL_NONE : label_of(w->before);
	const enum published_rank rank = rank_of(w, node, name, label);

	return rank != PUBLISHED_MARGIN && is_stated(w->d, node) ? PUBLISHED_MARKED : rank;
}

/* An element that says it is a date, by its tag, its attributes or its name. */
static void offer_element(struct walk *w, uint32_t node, enum published_name own)
{
	const struct dom_node *x = &w->d->node[node];
	const enum published_name name = own == NAME_NONE ? NAME_DATE : own;
	const bool is_dated = x->tag == TAG_TIME || own != NAME_NONE;

	for (uint32_t i = 0; i < x->nattributes; i++) {
		const struct dom_attribute *attribute = &w->d->attribute[x->attribute + i];
		if (is_date_attribute(attribute, is_dated))
			published_offer(w->p, rank_of_element(w, node, name), attribute->value, node);
	}
	if (is_dated && x->end - node <= SMALL_NODES)
		(void)offer_found(w, small_text(w, node), node, name);
}

static void offer_text(struct walk *w, uint32_t node)
{
	const struct str text = str_trim(w->d->node[node].text);

	if (text.n == 0)
		return;
	/* A text with a date of its own is no label of the next one. */
	const bool has_date = offer_found(w, str_cut_utf8(text, SHORT_BYTES), node, NAME_NONE);
	w->before = text.n <= LABEL_BYTES && !has_date ? text : STR("");
}

void published_scan_body(struct published *p)
{
	const struct dom *d = p->x->dom;
	struct walk w = { .p = p, .d = d };

	p->headline = find_headline(d);
	for (uint32_t i = 1; i < d->n;) {
		const struct dom_node *node = &d->node[i];
		if (is_unseen(node->tag)) {
			i = node->end;
			continue;
		}
		if (node->tag == TAG_TEXT) {
			offer_text(&w, i++);
			continue;
		}
		const struct element element = read_element(&w, i);
		if (node->tag != TAG_META)
			offer_element(&w, i, element.name);
		/* A margin does not hold the headline. */
		if (i >= w.margin_end && element.is_margin && !(p->headline > i && p->headline < node->end))
			w.margin_end = node->end;
		i++;
	}
}
