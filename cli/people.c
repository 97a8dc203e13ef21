/* What is held of a person: whom it is about, and the table of places. */
#include "cli/people.h"

#include "common/base/json.h"
#include "common/store/held.h"
#include "common/store/outbox.h"
#include "crawler/identity.h"
#include "crawler/sources.h"
#include <earshot/limits.h>

#include <stdio.h>

#define BATCH_BYTES ((size_t)1 << 30) /* a hundred records of the largest kind; taken only as far as it is needed */
#define KEEP_BYTES ((size_t)256 << 20)
#define PSEUDONYM_BYTES 34 /* "a:" and 32 hex digits */

const struct people_place people_places[] = {
	{ "archive", "every fetched post, on disk", people_walk_archive, 0, true },
	{ "intake", "pushed posts on their way, and done since a moment, on disk", people_walk_intake, 0, false },
	{ "alert logs", "alerts in the files of log targets", people_walk_logs, 0, false },
	{ "waiting", "posts that wait to be counted", people_walk_held, HELD_WAITING, false },
	{ "dead entries", "posts that could not be counted", people_walk_held, HELD_DEAD, false },
	{ "outbox", "alerts that wait to be sent", people_walk_held, HELD_OUTBOX, false },
	{ "deliveries", "alerts sent, and to be sent", people_walk_held, HELD_DELIVERIES, false },
	{ "dead letters", "alerts given up", people_walk_held, HELD_LETTERS, false },
	{ "later sights", "edits and counters of stored posts", people_walk_held, HELD_OBSERVATIONS, false },
	{ "corrections", "what people said a mention is", people_walk_held, HELD_CORRECTIONS, false },
	{ "mentions", "stored posts with their verdicts", people_walk_held, HELD_MENTIONS, false },
};
const size_t people_nplaces = sizeof people_places / sizeof *people_places;
_Static_assert(sizeof people_places / sizeof *people_places <= PEOPLE_PLACES, "a tally for each place");

/* ---- who ---- */

static bool is_hex(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'f')))
			return false;
	return s.n > 0;
}

static void add_pseudonym(struct people *w, struct str pseudonym)
{
	for (size_t i = 0; i < w->npseudonyms; i++)
		if (str_eq(w->pseudonym[i], pseudonym))
			return;
	if (w->npseudonyms < PEOPLE_NAMES)
		w->pseudonym[w->npseudonyms++] = pseudonym;
}

/* Under each key there was. A name holds within a place: the identity scope of a source that is fetched, the word of a post line that is pushed or imported.
 * SOURCE may be either, and both are looked for. */
static void add_names(struct people *w, struct str source, struct str name)
{
	struct session *s = &w->stored->session;
	struct source_list sources = { 0 };
	struct problems problems;
	problems_init(&problems);
	sources_load(&w->keep, s->settings.feeds_folder, s->settings.feeds.n, &sources, &problems);
	problems_release(&problems); /* what is wrong with other sources does not matter here */
	const struct source *known = sources_find(&sources, source);
	if (known == NULL)
		known = sources_find_off(&sources, source);
	for (size_t i = 0; i < w->keys.n; i++) {
		if (known != NULL && known->scope.n > 0)
			add_pseudonym(w, identity_author(&w->keep, w->keys.key[i], known->scope, name));
		add_pseudonym(w, identity_author(&w->keep, w->keys.key[i], source, name));
	}
	sources_release(&sources);
}

static enum outcome read_author(struct people *w, struct str author, struct err *e)
{
	const ptrdiff_t colon = str_findc(author, ':');
	if (str_starts(author, STR("a:")) && author.n == PSEUDONYM_BYTES && is_hex(str_from(author, 2))) {
		add_pseudonym(w, author);
		return OK;
	}
	if (colon <= 0 || (size_t)colon + 1 == author.n)
		return err_set(e, REJECT,
			"\"%.*s\" names no author; write SOURCE:NAME, the name as the site shows it, or a pseudonym a:… as "
			"earshot posts --json shows it",
			STR_FMT(str_cut_utf8(author, 80)));
	add_names(w, str_first(author, (size_t)colon), str_trim(str_from(author, (size_t)colon + 1)));
	return OK;
}

static enum outcome read_subject(struct people *w, const char *author, const char *post_id, struct err *e)
{
	if (author != NULL)
		return read_author(w, str_of(author), e);
	w->post_id = str_of(post_id);
	if (w->post_id.n != POST_ID_DIGITS || !is_hex(w->post_id))
		return err_set(e, REJECT, "\"%.*s\" is no id of a post: %d hex digits, as earshot posts --json shows it",
			STR_FMT(str_cut_utf8(w->post_id, 80)), POST_ID_DIGITS);
	return OK;
}

enum outcome people_open(struct people *w, struct stored *s, const char *author, const char *post_id, struct err *e)
{
	*w = (struct people){ .stored = s };
	arena_init(&w->keep, KEEP_BYTES);
	arena_init(&w->batch, BATCH_BYTES);
	/* Never makes a key: with a new one nobody would be found, and that would look like success. */
	enum outcome done = pseudonyms_load(&w->keep, &s->session.settings, false, &w->keys, e);
	if (done == OK)
		done = read_subject(w, author, post_id, e);
	if (done == OK)
		done = held_brands(s->redis, &w->keep, &w->brand, &w->nbrands, e);
	if (done != OK)
		return done;
	w->wanted = erased_new(w->keys.key, w->keys.n);
	w->found = erased_new(w->keys.key, w->keys.n);
	for (size_t i = 0; i < w->npseudonyms; i++) {
		erased_add(w->wanted, w->pseudonym[i], ERASED_ALWAYS);
		erased_add(w->found, w->pseudonym[i], s->now_ms);
	}
	if (w->post_id.n > 0)
		erased_add(w->wanted, w->post_id, s->now_ms);
	return OK;
}

void people_want_found(struct people *w)
{
	char mark[ERASED_MARK];
	int64_t at_ms = 0;
	if (w->post_id.n > 0)
		erased_add(w->found, w->post_id, w->stored->now_ms); /* also when it is not there now: it may be fetched again */
	for (size_t at = 0; erased_next(w->found, &at, mark, &at_ms);)
		(void)erased_add_mark(w->wanted, str_of(mark), at_ms);
}

void people_close(struct people *w)
{
	erased_free(w->wanted);
	erased_free(w->found);
	arena_release(&w->keep);
	arena_release(&w->batch);
}

/* ---- where ---- */

enum outcome people_walk(struct people *w, enum people_act act, const bool *skip, struct err *e)
{
	enum outcome done = OK;
	w->act = act;
	for (w->at = 0; w->at < people_nplaces && done == OK; w->at++) {
		const struct people_place *place = &people_places[w->at];
		if (skip != NULL && skip[w->at])
			continue;
		w->tally[w->at] = (struct people_tally){ 0 };
		done = place->walk(w, place->held, e);
		arena_reset(&w->batch);
	}
	return done;
}

bool people_meets(struct people *w, const struct post *p)
{
	if (!erased_has_post(w->wanted, p))
		return false;
	w->tally[w->at].found++;
	if (w->act == PEOPLE_FIND && !erased_has_id(w->found, p->id)) {
		erased_add(w->found, p->id, w->stored->now_ms);
		w->posts++;
	}
	return true;
}

bool people_meets_id(struct people *w, struct str post_id)
{
	const bool meets = erased_has_id(w->wanted, post_id);
	w->tally[w->at].found += meets;
	return meets;
}

bool people_meets_text(struct people *w, struct str text)
{
	bool meets = w->post_id.n > 0 && str_find(text, w->post_id) >= 0;
	for (size_t i = 0; i < w->npseudonyms; i++)
		meets = meets || str_find(text, w->pseudonym[i]) >= 0;
	w->tally[w->at].found += meets;
	return meets;
}

void people_removed(struct people *w, uint64_t n)
{
	w->tally[w->at].removed += n;
}

/* ---- alerts ---- */

static void show_excerpt(struct people *w, const struct alert *alert, const struct excerpt *x)
{
	struct buf out;
	buf_init(&out, LIMIT_ALERT_BYTES);
	buf_addc(&out, '{');
	buf_json_str(&out, "event", alert->event_id);
	buf_json_str(&out, "post_id", x->post_id);
	buf_json_opt(&out, "title", x->title);
	buf_json_opt(&out, "text", x->text);
	buf_json_opt(&out, "url", x->url);
	buf_addc(&out, '}');
	people_show(w, alert->brand, x->post_id, buf_str(&out));
	buf_release(&out);
}

bool people_redact(struct people *w, struct str alert_json, struct str *out)
{
	struct alert alert;
	struct buf text;
	size_t kept = 0;
	if (w->act == PEOPLE_FIND || alert_parse(&w->batch, alert_json, &alert, NULL) != OK)
		return false;
	const size_t all = alert.nexcerpts;
	for (size_t i = 0; i < all; i++) {
		if (!people_meets_id(w, alert.excerpt[i].post_id))
			alert.excerpt[kept++] = alert.excerpt[i];
		else if (w->act == PEOPLE_SHOW)
			show_excerpt(w, &alert, &alert.excerpt[i]);
	}
	alert.nexcerpts = kept;
	if (kept == all)
		return false;
	buf_init(&text, 2 * (size_t)LIMIT_ALERT_BYTES);
	alert_write(&text, &alert);
	*out = arena_copy(&w->batch, buf_str(&text));
	buf_release(&text);
	return true;
}

/* ---- the export ---- */

void people_show(struct people *w, struct str where, struct str id, struct str held)
{
	struct buf *out = &w->stored->out;
	buf_addc(out, '{');
	buf_json_str(out, "place", str_of(people_places[w->at].name));
	buf_json_opt(out, "in", where);
	buf_json_opt(out, "id", id);
	struct json *doc = json_parse(held, NULL);
	buf_json_key(out, "held");
	if (doc != NULL)
		buf_adds(out, held);
	else
		buf_json_string(out, held);
	json_free(doc);
	buf_addz(out, "}\n");
	stored_flush(w->stored); /* a person may have written more than fits */
}
