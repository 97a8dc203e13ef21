/* Filling a feed's model: lists with caps, dates, persons, and the room that is left. */
#include "crawler/feed_model.h"

#include <earshot/limits.h>

#include "common/base/clock.h"
#include "common/base/fuel.h"
#include "common/base/url.h"
#include "crawler/clean.h"

#include <string.h>

#define EXTRA_MAX 64 /* other fields of one entry */
#define EXTRA_BYTES (1u << 20)
#define FIRST_LIST 4

static size_t room_left(const struct feed_scope *s)
{
	return s->a->used < s->full_at ? s->full_at - s->a->used : 0;
}

bool feed_has_reserve(const struct feed_scope *s)
{
	return room_left(s) > s->reserve;
}

bool feed_has_room(const struct feed_scope *s)
{
	return room_left(s) > s->reserve + (s->is_entry ? 0 : s->full_at / 4);
}

void feed_entry_init(struct feed_entry *e, struct str language)
{
	*e = (struct feed_entry){ .language = language, .published_ms = -1, .updated_ms = -1, .comments = -1 };
}

/* `list` with room behind its n items: a new one, twice as long, whenever it is full. */
static void *grown(struct arena *a, void *list, size_t n, size_t size)
{
	void *larger;

	if (n != 0 && (n < FIRST_LIST || (n & (n - 1)) != 0))
		return list;
	larger = arena_array(a, n == 0 ? FIRST_LIST : 2 * n, size);
	if (n > 0)
		memcpy(larger, list, n * size);
	return larger;
}

bool feed_reserve_entry(struct feed_scope *s, size_t *index)
{
	struct feed *f = s->feed;

	if (f->nentries >= LIMIT_FEED_ENTRIES || room_left(s) <= s->reserve || !fuel_spend(s->fuel, 1)) {
		f->dropped++;
		return false;
	}
	f->entries = grown(s->a, f->entries, f->nentries, sizeof(*f->entries));
	*index = f->nentries++;
	feed_entry_init(&f->entries[*index], s->language);
	return true;
}

void feed_add_link(struct feed_scope *s, struct feed_link link)
{
	struct feed_entry *e = s->into;

	if (e->nlinks >= FEED_LIST_MAX)
		return;
	e->links = grown(s->a, e->links, e->nlinks, sizeof(*e->links));
	e->links[e->nlinks++] = link;
}

void feed_add_tag(struct feed_scope *s, struct feed_tag tag)
{
	struct feed_entry *e = s->into;

	for (size_t i = 0; i < e->ntags; i++) {
		if (str_eq(e->tag[i].term, tag.term) && str_eq(e->tag[i].scheme, tag.scheme) &&
			str_eq(e->tag[i].label, tag.label))
			return;
	}
	if (e->ntags >= FEED_LIST_MAX || (tag.term.n == 0 && tag.scheme.n == 0 && tag.label.n == 0))
		return;
	e->tag = grown(s->a, e->tag, e->ntags, sizeof(*e->tag));
	e->tag[e->ntags++] = tag;
}

void feed_add_content(struct feed_scope *s, struct feed_text content)
{
	struct feed_entry *e = s->into;

	if (e->ncontents >= FEED_LIST_MAX)
		return;
	e->contents = grown(s->a, e->contents, e->ncontents, sizeof(*e->contents));
	e->contents[e->ncontents++] = content;
	if (e->ncontents == 1)
		e->content = content.value;
}

void feed_add_person(struct feed_scope *s, struct feed_person person, bool is_contributor)
{
	struct feed_entry *e = s->into;
	struct feed_person **list = is_contributor ? &e->contributors : &e->authors;
	size_t *n = is_contributor ? &e->ncontributors : &e->nauthors;

	if (*n >= FEED_LIST_MAX || (person.name.n == 0 && person.email.n == 0 && person.href.n == 0))
		return;
	*list = grown(s->a, *list, *n, sizeof(**list));
	(*list)[(*n)++] = person;
}

void feed_clean_text(struct feed_scope *s, struct feed_text *text)
{
	if (str_eqc(text->detail.type, "text/html") || str_eqc(text->detail.type, "application/xhtml+xml"))
		text->value = clean_html(s->a, text->value, text->detail.base);
}

/* --- other fields -------------------------------------------------------------------------------------------------- */

static struct feed_extra *extra_of(const struct feed_entry *e, struct str key)
{
	for (size_t i = 0; i < e->nextra; i++) {
		if (str_eq(e->extra[i].key, key))
			return &e->extra[i];
	}
	return NULL;
}

bool feed_has_extra(const struct feed_entry *e, const char *key)
{
	return extra_of(e, str_of(key)) != NULL;
}

static void set_extra(struct feed_scope *s, struct str key, struct str json)
{
	struct feed_entry *e = s->into;
	struct feed_extra *old = extra_of(e, key);

	if (old) {
		old->json = json;
		return;
	}
	if (e->nextra >= EXTRA_MAX)
		return;
	e->extra = grown(s->a, e->extra, e->nextra, sizeof(*e->extra));
	e->extra[e->nextra++] = (struct feed_extra){ .key = arena_copy(s->a, key), .json = json };
}

void feed_set_extra(struct feed_scope *s, const char *key, struct str json)
{
	set_extra(s, str_of(key), json);
}

void feed_set_extra_text(struct feed_scope *s, const char *key, struct str text)
{
	struct buf json;

	buf_init(&json, EXTRA_BYTES);
	buf_json_string(&json, str_cut_utf8(text, EXTRA_BYTES / 8));
	set_extra(s, str_of(key), arena_copy(s->a, buf_str(&json)));
	buf_release(&json);
}

void feed_set_extra_detail(struct feed_scope *s, const char *key, struct feed_text text)
{
	struct buf json;

	feed_set_extra_text(s, key, text.value);
	buf_init(&json, EXTRA_BYTES);
	buf_addc(&json, '{');
	buf_json_str(&json, "type", text.detail.type);
	buf_json_key(&json, "language");
	if (text.detail.language.n > 0)
		buf_json_string(&json, text.detail.language);
	else
		buf_addz(&json, "null");
	buf_json_str(&json, "base", text.detail.base);
	buf_json_str(&json, "value", str_cut_utf8(text.value, EXTRA_BYTES / 8));
	buf_addc(&json, '}');
	if (!json.overflow)
		set_extra(s, arena_printf(s->a, "%s_detail", key), arena_copy(s->a, buf_str(&json)));
	buf_release(&json);
}

/* --- dates --------------------------------------------------------------------------------------------------------- */

void feed_write_date(struct buf *out, int64_t ms)
{
	const struct utc t = clock_utc(ms);

	buf_addf(out, "[%d,%d,%d,%d,%d,%d,%d,%d,0]", t.year, t.month, t.day, t.hour, t.minute, t.second, t.weekday, t.yearday);
}

#define NO_DATE_BYTES 200 /* what is no date has been to all the readers, which takes as long as several dates */

static bool parse_date(struct feed_scope *s, struct str raw, struct date *date)
{
	bool is_date;
	size_t cost;

	if (*s->datable == 0)
		return false;
	is_date = dates_parse(raw, &s->dates, date);
	cost = is_date ? raw.n : NO_DATE_BYTES;
	*s->datable -= cost < *s->datable ? cost : *s->datable;
	return is_date;
}

void feed_set_extra_date(struct feed_scope *s, const char *key, struct str raw)
{
	struct date date;
	struct buf json;

	feed_set_extra_text(s, key, raw);
	if (!parse_date(s, raw, &date))
		return;
	buf_init(&json, 128);
	feed_write_date(&json, date.ms);
	set_extra(s, arena_printf(s->a, "%s_parsed", key), arena_copy(s->a, buf_str(&json)));
	buf_release(&json);
}

void feed_set_published(struct feed_scope *s, struct str raw)
{
	struct date date;

	s->into->published = raw;
	s->into->published_ms = -1;
	if (!parse_date(s, raw, &date))
		return;
	s->into->published_ms = date.ms;
	s->into->date_only = date.day_only;
}

void feed_set_updated(struct feed_scope *s, struct str raw)
{
	struct date date;

	s->into->updated = raw;
	s->into->updated_ms = -1;
	if (!parse_date(s, raw, &date))
		return;
	s->into->updated_ms = date.ms;
	if (s->into->published_ms < 0)
		s->into->date_only = date.day_only;
}

/* --- persons and links --------------------------------------------------------------------------------------------- */

static bool is_mail_byte(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || strchr("._%+-", c);
}

/* The address around the first @ that has one on both sides; "" when there is none. */
static struct str mail_in(struct str text)
{
	for (size_t at = 1; at + 1 < text.n; at++) {
		size_t start = at, end = at + 1;
		if (text.p[at] != '@')
			continue;
		while (start > 0 && text.p[start - 1] && is_mail_byte(text.p[start - 1]))
			start--;
		while (end < text.n && text.p[end] && is_mail_byte(text.p[end]))
			end++;
		const struct str domain = { text.p + at + 1, end - at - 1 };
		if (start < at && str_findc(domain, '.') > 0)
			return (struct str){ text.p + start, end - start };
	}
	return str_of("");
}

/* `text` without the address, and without the brackets that it leaves empty. */
static struct str name_beside(struct arena *a, struct str text, struct str mail)
{
	const struct str before = { text.p, (size_t)(mail.p - text.p) };
	const struct str after = str_from(text, before.n + mail.n);
	struct str name = str_trim(arena_printf(a, "%.*s%.*s", STR_FMT(before), STR_FMT(after)));
	ptrdiff_t hole = str_find(name, STR("()"));

	if (hole < 0)
		hole = str_find(name, STR("<>"));
	if (hole >= 0) {
		const struct str tail = str_from(name, (size_t)hole + 2);
		name = str_trim(arena_printf(a, "%.*s%.*s", (int)hole, name.p, STR_FMT(tail)));
	}
	if (name.n > 0 && name.p[0] == '(')
		name = str_trim(str_from(name, 1));
	if (name.n > 0 && name.p[name.n - 1] == ')')
		name = str_trim(str_first(name, name.n - 1));
	return name;
}

struct feed_person feed_person_of(struct arena *a, struct str text)
{
	const struct str whole = str_cut_utf8(str_trim(text), LIMIT_FIELD_BYTES);
	const struct str mail = mail_in(whole);

	if (mail.n == 0)
		return (struct feed_person){ .name = whole };
	return (struct feed_person){ .name = name_beside(a, whole, mail), .email = mail };
}

struct str feed_person_text(struct arena *a, const struct feed_person *person)
{
	if (person->name.n > 0 && person->email.n > 0)
		return arena_printf(a, "%.*s (%.*s)", STR_FMT(person->name), STR_FMT(person->email));
	return person->name.n > 0 ? person->name : person->email.n > 0 ? person->email : person->href;
}

bool feed_has_scheme(struct str address)
{
	size_t n = 0;

	while (n < address.n && ((address.p[n] >= 'a' && address.p[n] <= 'z') || (address.p[n] >= 'A' && address.p[n] <= 'Z')))
		n++;
	return n > 1 && n < address.n && address.p[n] == ':';
}

struct str feed_resolve(struct feed_scope *s, struct str reference)
{
	reference = str_trim(reference);
	if (reference.n == 0 || s->base.n == 0 || reference.n > LIMIT_URL_BYTES || feed_has_scheme(reference))
		return reference;
	if (s->base.n + reference.n > *s->resolvable)
		return reference;
	*s->resolvable -= s->base.n + reference.n;
	return url_resolve(s->a, reference, s->base);
}
