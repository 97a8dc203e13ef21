/* From a parsed feed to posts in brands' streams. */
#include "crawler/admit.h"

#include <earshot/limits.h>

#include "common/base/erased.h"
#include "common/base/fuel.h"
#include "common/base/log.h"
#include "common/base/metrics.h"
#include "common/base/post.h"
#include "common/text/entry.h"
#include "common/text/first_look.h"
#include "common/text/lang.h"
#include "common/text/mask.h"
#include "common/text/normalise.h"
#include "common/text/admission.h"
#include "crawler/identity.h"

#define TEXT_A_UNIT 1024 /* bytes that are masked for a unit of fuel */

enum post_kind admit_kind(struct str family)
{
	if (str_eqc(family, "news") || str_eqc(family, "blog"))
		return POST_ARTICLE;
	return str_eqc(family, "review") ? POST_REVIEW : POST_POST;
}

/* Masked before anything else sees it, cut to its cap at a character border. */
static struct str clean(struct arena *a, struct str text, size_t max)
{
	size_t masked = 0;
	const struct str out = mask_text(a, str_cut_utf8(text, max), &masked);
	metrics_add(M_masked_total, (int64_t)masked);
	return str_cut_utf8(out, max); /* the mark is longer than the digit it stands for */
}

void admit_clean(struct arena *a, struct post *p, struct str pseudonym_key, struct str scope)
{
	p->native_id = clean(a, p->native_id, LIMIT_FIELD_BYTES);
	p->url = str_istarts(p->url, STR("http")) ? str_cut_utf8(p->url, LIMIT_URL_BYTES) : STR("");
	p->author = identity_author(a, pseudonym_key, scope, p->author);
	p->title = clean(a, p->title, LIMIT_TITLE_BYTES);
	p->text = clean(a, p->text, LIMIT_TEXT_BYTES);
	p->lang = str_of(lang_guess(p->text.n > 0 ? p->text : p->title, p->lang));
}

static struct post make_post(struct arena *a, const struct admit_terms *t, const struct feed_entry *entry)
{
	const struct source *s = t->source;
	struct post p;
	post_init(&p);
	p.id = identity_post(a, s, entry);
	p.source = s->id;
	p.family = s->how->family;
	p.kind = admit_kind(s->how->family);
	p.native_id = entry->id;
	p.url = entry->link;
	p.author = entry->author;
	p.title = entry->title_text;
	p.text = entry->text;
	p.lang = entry->language;
	p.replies = entry->comments;
	p.posted_ms = entry->published_ms >= 0 ? entry->published_ms : entry->updated_ms;
	p.date_only = entry->date_only && p.posted_ms >= 0;
	p.fetched_ms = t->now_ms;
	return p;
}

static int64_t keep_ms(const struct admit_terms *t)
{
	const int64_t own = t->source->how != NULL ? t->source->how->retention_ms : 0;
	return own > 0 && own < t->keep_ms ? own : t->keep_ms;
}

static const char *refusal(const struct admit_terms *t, const struct post *p)
{
	if (p->title.n == 0 && p->text.n == 0)
		return "empty";
	if (post_count_ms(p) < t->now_ms - keep_ms(t))
		return "older than the retention";
	return NULL;
}

/* By its id or its author, also when the author was erased under a pseudonym of another key. */
static bool is_erased(struct arena *a, const struct admit_terms *t, const struct post *p, struct str author_name)
{
	if (t->erased == NULL || erased_count(t->erased) == 0)
		return false;
	struct post known = *p;
	bool found = erased_has_post(t->erased, p);
	for (size_t i = 0; !found && author_name.n > 0 && erased_key(t->erased, i).n > 0; i++) {
		known.author = identity_author(a, erased_key(t->erased, i), t->source->scope, author_name);
		found = !str_eq(known.author, p->author) && erased_has_post(t->erased, &known);
	}
	return found;
}

static bool is_own(struct arena *a, const struct brand *brand, struct str author_name)
{
	if (brand->nown == 0 || author_name.n == 0)
		return false;
	const struct str folded = normalise_text(a, author_name);
	for (size_t i = 0; i < brand->nown; i++)
		if (str_eq(brand->own_account[i], folded))
			return true;
	return false;
}

/* Undated posts of a source that is read for the first time are history. */
static bool is_backfill(const struct admit_terms *t, const struct post *p, uint64_t known)
{
	return t->first_sight && known == 0 && (p->posted_ms < 0 || p->date_only);
}

bool admit_is_same_text(const struct admitted *post, uint64_t known)
{
	return known != 0 && known >> 32 == post->fingerprint >> 32;
}

static struct str own_brands(struct arena *a, const struct rulebook *book, struct str author_name)
{
	struct str list = STR("");
	for (size_t i = 0; i < book->nbrands; i++)
		if (is_own(a, &book->brand[i], author_name))
			list = arena_printf(a, "%.*s%s%.*s", STR_FMT(list), list.n > 0 ? "," : "", STR_FMT(book->brand[i].id));
	return list;
}

void admit_post(struct arena *a, const struct admit_terms *t, const struct post *raw, struct admitted *out)
{
	if (!fuel_spend(t->fuel, 1 + (int64_t)(raw->text.n / TEXT_A_UNIT))) {
		*out = (struct admitted){ .post = *raw, .refused = "too much work" };
		return;
	}
	*out = (struct admitted){ .post = *raw, .own = t->book != NULL ? own_brands(a, t->book, raw->author) : STR("") };
	admit_clean(a, &out->post, t->pseudonym_key, t->source->scope);
	const bool erased = is_erased(a, t, &out->post, raw->author);
	if (t->source->how != NULL)
		post_keep_fields(&out->post, t->source->how->stored);
	out->fingerprint = identity_fingerprint(&out->post);
	out->refused = erased ? "erased on request" : refusal(t, &out->post);
	if (out->refused == NULL)
		return;
	metrics_add(M_posts_refused_total, 1);
	log_event(LOG_DEBUG, EV_post_refused, "source=%.*s post=%.*s why=%s", STR_FMT(t->source->id), STR_FMT(out->post.id),
		log_quote(str_of(out->refused)));
}

void admit_posts(struct arena *a, const struct admit_terms *t, const struct feed *feed, struct admitted *out)
{
	for (size_t i = 0; i < feed->nentries; i++) {
		const struct post raw = make_post(a, t, &feed->entries[i]);
		admit_post(a, t, &raw, &out[i]);
	}
}

void admit_found(struct arena *a, const struct admit_terms *t, const struct recipe_post *found, struct admitted *out)
{
	const struct source *s = t->source;
	const struct feed_entry known = {
		.id = found->post.native_id,
		.link = found->post.url,
		.title_text = found->post.title,
		.published = found->published,
	};
	struct post p = found->post;
	p.id = identity_post(a, s, &known);
	p.source = s->id;
	p.family = s->how->family;
	p.fetched_ms = t->now_ms;
	if (p.kind == POST_POST)
		p.kind = admit_kind(s->how->family);
	if (p.parent.n > 0)
		p.parent = post_make_id(a, s->scope, p.parent);
	admit_post(a, t, &p, out);
}

struct conf_list admit_list(struct arena *a, struct str names)
{
	struct str rest = names, name;
	struct conf_list out = { 0 };
	size_t most = 1;
	if (names.n == 0)
		return out;
	for (size_t i = 0; i < names.n; i++)
		most += names.p[i] == ',';
	out.item = arena_list(a, struct str, most);
	while (str_split(&rest, ',', &name))
		out.item[out.n++] = name;
	return out;
}

void admit_archived(
	struct arena *a, const struct admit_terms *t, const struct admitted *post, uint64_t known, struct archive_entry *out)
{
	*out = (struct archive_entry){
		.post = post->post,
		.own = post->own,
		.backfill = is_backfill(t, &post->post, known),
		.edited = known != 0 && !admit_is_same_text(post, known),
	};
	for (size_t i = 0; i < t->source->how->brands.n; i++)
		out->about = arena_printf(
			a, "%.*s%s%.*s", STR_FMT(out->about), i > 0 ? "," : "", STR_FMT(t->source->how->brands.item[i]));
}

/* The brands of a post: those that its source is about, else those that it names. */
static size_t find_brands(struct arena *a, const struct admit_terms *t, const struct post *post, struct admission **out)
{
	struct scanned scanned;
	if (t->source->how->brands.n > 0)
		return admission_given(a, t->book, t->source->how->brands.item, t->source->how->brands.n, out);
	if (!first_look_may_admit(a, t->book, post))
		return 0;
	scan_admission(a, t->book, post, &scanned);
	const size_t n = admission_find(a, t->book, &scanned, out);
	metrics_add(M_matches_dropped_total, (int64_t)scanned.dropped);
	return n;
}

size_t admit_entries(
	struct arena *a, const struct admit_terms *t, const struct admitted *post, uint64_t known, struct admit_entry **out)
{
	struct admission *about = NULL;
	const size_t n = find_brands(a, t, &post->post, &about);
	size_t kept = 0;
	if (n == 0) {
		*out = NULL;
		return 0;
	}
	const struct conf_list own = admit_list(a, post->own);
	*out = arena_list(a, struct admit_entry, n + 1);
	for (size_t i = 0; i < n; i++) {
		const struct brand *brand = &t->book->brand[about[i].brand];
		const struct entry entry = {
			.brand = brand->id,
			.rulebook = str_of(t->book->version),
			.post = &post->post,
			.place = about[i].place,
			.nplaces = about[i].nplaces,
			.own = conf_list_has(&own, brand->id),
			.backfill = is_backfill(t, &post->post, known),
			.edited = known != 0 && !admit_is_same_text(post, known),
		};
		const struct admit_entry made = { about[i].brand, brand->id, entry_json(a, &entry) };
		if (made.json.n > 0)
			(*out)[kept++] = made;
	}
	return kept;
}
