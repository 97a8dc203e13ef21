/* earshot incidents: lists them, and takes what people ask for (ack, mute, close …) through the control stream. */
#include "cli/commands.h"

#include "cli/stored.h"
#include "common/base/clock.h"
#include "common/base/crypto.h"
#include "common/base/names.h"
#include "common/store/incidents.h"

#include <stdio.h>
#include <string.h>

#define LISTED 50 /* a brand */
#define WAIT_MS 10000
#define LOOK_EVERY_MS 100
#define NONCE_BYTES 4

static const struct option_row incidents_options[] = {
	{ "config", true, "configuration file" },
	{ "redis", true, "URL of Redis" },
	{ "brand", true, "only this brand" },
	{ "json", false, "one JSON object a line" },
	{ "by", true, "who asks; needed for every verb" },
	{ "note", true, "why; kept in the timeline" },
	{ "until", true, "mute: for how long, as 2h" },
	{ NULL, false, NULL },
};

/* ---- list ---- */

static void write_incident(struct buf *out, const struct incident *i, struct str brand)
{
	buf_addf(out, "%s  %-16.*s %-7s %-12s ", i->id, STR_FMT(brand), level_names[i->level], incident_state_names[i->state]);
	stored_minute(out, i->onset_ms);
	buf_addf(out, "  %.0f posts, %.0f expected, x%.1f", i->peak.observed, i->peak.expected, i->peak.ratio);
	if (i->by[0]) {
		buf_addz(out, "  by ");
		stored_text(out, str_of(i->by), sizeof(i->by));
	}
	buf_addc(out, '\n');
}

static void list(struct stored *s)
{
	const struct options *o = &s->session.options;
	struct brand_row *row = NULL;
	struct err e = { 0 };
	size_t nbrands = 0;
	enum outcome done = stored_brands(s, options_value(o, "brand"), &row, &nbrands, &e);
	for (size_t b = 0; b < nbrands && done == OK; b++) {
		struct incident *found = NULL;
		size_t n = 0;
		const struct partition p = stored_partition(s, row[b].id);
		done = incidents_list(&p, LISTED, &found, &n, &e);
		for (size_t i = 0; i < n; i++) {
			if (options_has(o, "json")) {
				incident_write(&s->out, &found[i], row[b].id);
				buf_addc(&s->out, '\n');
			} else {
				write_incident(&s->out, &found[i], row[b].id);
			}
		}
		redis_done(s->redis);
	}
	if (done != OK)
		stored_fail(s, &e);
}

/* ---- wishes ---- */

/* The brand whose incident this is. An incident is asked for by its whole id. */
static enum outcome find_brand(struct stored *s, struct str id, struct str *brand, struct err *e)
{
	struct brand_row *row = NULL;
	size_t n = 0;
	enum outcome done = stored_brands(s, options_value(&s->session.options, "brand"), &row, &n, e);
	for (size_t i = 0; i < n && done == OK; i++) {
		struct incident found = { 0 };
		const struct partition p = stored_partition(s, row[i].id);
		done = incidents_get(&p, id, &found, e);
		if (done == OK && found.id[0]) {
			*brand = row[i].id;
			return OK;
		}
	}
	if (done != OK)
		return done;
	return err_set(e, REJECT, "there is no incident \"%.*s\"; earshot incidents lists them", STR_FMT(id));
}

/* Begins with 13 digits of time, so that the store can drop the oldest. */
static struct str make_wish_id(struct stored *s)
{
	unsigned char nonce[NONCE_BYTES];
	char hex[2 * NONCE_BYTES + 1];
	crypto_random(nonce, sizeof(nonce));
	crypto_hex(nonce, sizeof(nonce), hex);
	return arena_printf(&s->session.arena, "%013lld-%s", (long long)s->now_ms, hex);
}

static bool fill_wish(struct stored *s, const char *verb, const char *id, struct wish *w)
{
	const struct options *o = &s->session.options;
	const char *by = options_value(o, "by"), *note = options_value(o, "note");
	int64_t span_ms = 0;
	if (!by || !*by) {
		s->code = command_usage_error(command_find("incidents"), "%s needs --by NAME: the timeline says who", verb);
		return false;
	}
	if (strcmp(verb, incident_event_names[EVT_MUTE]) == 0 || options_has(o, "until"))
		if (!stored_span_option(s, "until", "2h", &span_ms))
			return false;
	*w = (struct wish){ .wish_id = make_wish_id(s),
		.verb = str_of(verb),
		.incident = str_of(id),
		.by = str_of(by),
		.note = str_of(note),
		.at_ms = s->now_ms,
		.until_ms = span_ms > 0 ? s->now_ms + span_ms : 0 };
	return true;
}

/* The detector answers at its next turn; "" when it did not within the time. */
static enum outcome await(struct stored *s, const struct partition *p, struct str wish_id, struct str *answer, struct err *e)
{
	enum outcome done = OK;
	*answer = STR("");
	for (int64_t end = clock_monotonic_ms() + WAIT_MS; done == OK && answer->n == 0 && clock_monotonic_ms() < end;) {
		clock_sleep_ms(LOOK_EVERY_MS);
		done = incidents_wish_outcome(p, wish_id, answer, e);
		redis_done(s->redis);
	}
	return done;
}

static void report(struct stored *s, struct str answer)
{
	if (answer.n == 0) {
		(void)fprintf(stderr,
			"earshot: the wish is written, but no detector took it up within %d s; is one running? "
			"(earshot status)\n",
			WAIT_MS / 1000);
		s->code = EXIT_AGAIN;
		return;
	}
	stored_text(&s->out, answer, 1024);
	buf_addc(&s->out, '\n');
	if (!str_eqc(answer, "done"))
		s->code = EXIT_NO;
}

static void wish(struct stored *s, const char *verb, const char *id)
{
	struct str brand = STR(""), answer = STR("");
	struct err e = { 0 };
	struct wish w;
	if (!fill_wish(s, verb, id, &w))
		return;
	enum outcome done = find_brand(s, w.incident, &brand, &e);
	const struct partition p = stored_partition(s, brand);
	if (done == OK)
		done = incidents_wish(&p, &w, &e);
	if (done == OK)
		done = await(s, &p, w.wish_id, &answer, &e);
	if (done == OK)
		report(s, answer);
	else
		stored_fail(s, &e);
}

/* Events that people may cause stand from EVT_ACK on. */
static bool is_verb(const char *word)
{
	return names_index(incident_event_names, EVT__N, str_of(word)) >= EVT_ACK;
}

static void run(struct stored *s)
{
	const struct options *o = &s->session.options;
	const char *verb = o->noperands > 0 ? o->operand[0] : "list";
	if (o->noperands <= 1 && strcmp(verb, "list") == 0)
		list(s);
	else if (!is_verb(verb))
		s->code = command_usage_error(command_find("incidents"),
			"\"%s\" is not a verb; there are list, ack, assign, assess, respond, false-alarm, mute, close and review",
			verb);
	else if (o->noperands != 2)
		s->code = command_usage_error(command_find("incidents"), "%s wants one incident id", verb);
	else
		wish(s, verb, o->operand[1]);
}

int cmd_incidents(int argc, char **argv)
{
	struct stored s;
	if (stored_open(&s, incidents_options, argc, argv))
		run(&s);
	return stored_close(&s);
}
