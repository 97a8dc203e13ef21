/* What a backtest found, as one JSON object. */
#include "cli/rules_report.h"

#include "cli/rules.h"
#include "common/base/clock.h"

static void add_time(struct buf *out, const char *key, int64_t ms)
{
	char iso[32];
	if (ms > 0)
		buf_json_str(out, key, str_of(clock_iso(ms, iso)));
}

static void open_object(struct buf *out, const char *key)
{
	if (key != NULL)
		buf_json_key(out, key);
	else
		buf_json_comma(out);
	buf_addc(out, '{');
}

static void open_list(struct buf *out, const char *key)
{
	buf_json_key(out, key);
	buf_addc(out, '[');
}

/* ---- samples ---- */

static void add_sample(struct buf *out, const struct sample *s)
{
	const char *fold[FOLD__N];
	const size_t nfolds = rules_fold_names(s->folds, fold);
	open_object(out, NULL);
	buf_json_str(out, "id", s->id);
	add_time(out, "at", s->at_ms);
	buf_json_opt(out, "url", s->url);
	buf_json_opt(out, "lang", s->lang);
	buf_json_str(out, "field", str_of(post_field_names[s->field]));
	buf_json_str(out, "before", s->before);
	buf_json_str(out, "hit", s->hit);
	buf_json_str(out, "after", s->after);
	if (s->rule != NULL) {
		buf_json_str(out, "list", str_of(rule_list_names[s->rule->list]));
		buf_json_str(out, "rule", s->rule->term);
	}
	open_list(out, "fold");
	for (size_t i = 0; i < nfolds; i++) {
		buf_json_comma(out);
		buf_json_string(out, str_of(fold[i]));
	}
	buf_addc(out, ']');
	if (s->cause != NULL)
		buf_json_str(out, "taken_away_by", s->cause->term);
	buf_addc(out, '}');
}

static void add_samples(struct buf *out, const char *key, const struct samples *s)
{
	open_list(out, key);
	for (size_t i = 0; i < s->n; i++)
		add_sample(out, &s->item[i]);
	buf_addc(out, ']');
}

/* ---- brands ---- */

static void add_dimensions(struct buf *out, const struct backtest_brand *b)
{
	struct arena a;
	arena_init(&a, 1u << 20);
	open_object(out, "dimensions");
	for (int d = 0; d < BACKTEST_DIMENSION__N; d++) {
		const int64_t old = b->count[BOOK_OLD][d], new = b->count[BOOK_NEW][d];
		if (old + new == 0)
			continue;
		open_object(out, arena_cstr(&a, backtest_dimension_name(&a, d)));
		buf_json_int(out, "before", old);
		buf_json_int(out, "now", new);
		if (old > 0 && new > 0)
			buf_json_double(out, "ratio", (double)new / (double)old, 4);
		buf_addc(out, '}');
	}
	buf_addc(out, '}');
	arena_release(&a);
}

static void add_brand(struct buf *out, const struct backtest_brand *b)
{
	const struct brand *brand = rules_report_brand(&b->pair);
	open_object(out, NULL);
	buf_json_str(out, "brand", brand->id);
	buf_json_str(out, "name", brand->name);
	buf_json_int(out, "kept", b->kept);
	buf_json_int(out, "gained", b->gained);
	buf_json_int(out, "lost", b->lost);
	add_dimensions(out, b);
	add_samples(out, "gained_samples", &b->gained_sample);
	add_samples(out, "lost_samples", &b->lost_sample);
	buf_addc(out, '}');
}

/* ---- rules ---- */

static void add_rule(struct buf *out, const struct rules_report *r, const struct backtest_rule *rule)
{
	const struct rule *shown = rules_report_rule(rule);
	struct buf words;
	buf_init(&words, 4096);
	rules_change_words(&words, &rule->pair);
	open_object(out, NULL);
	buf_json_str(out, "list", str_of(rule_list_names[shown->list]));
	buf_json_str(out, "rule", shown->term);
	buf_json_opt(out, "brand", rules_report_brand_of(r->b, rule));
	buf_json_str(out, "file", str_of(shown->file));
	buf_json_int(out, "line", shown->line);
	if (r->b->book[BOOK_OLD] != NULL)
		buf_json_opt(out, "change", buf_str(&words));
	buf_json_int(out, "hits_before", rule->hits[BOOK_OLD]);
	buf_json_int(out, "hits", rule->hits[BOOK_NEW]);
	buf_json_int(out, "mentions", rule->mentions[BOOK_NEW]);
	buf_json_int(out, "gained", rule->gained);
	buf_json_int(out, "lost", rule->lost);
	add_time(out, "last", rule->last_ms);
	add_samples(out, "gained_samples", &rule->gained_sample);
	add_samples(out, "lost_samples", &rule->lost_sample);
	buf_addc(out, '}');
	buf_release(&words);
}

/* ---- alerts ---- */

static void add_side(struct buf *out, const char *key, const struct trial_incident *t)
{
	if (t == NULL)
		return;
	const struct incident *i = &t->incident;
	open_object(out, key);
	buf_json_str(out, "id", str_of(i->id));
	buf_json_str(out, "level", str_of(level_names[i->level]));
	buf_json_str(out, "series", str_of(i->series));
	buf_json_opt(out, "category", str_of(i->category));
	buf_json_str(out, "state", str_of(incident_state_names[i->state]));
	add_time(out, "onset", i->onset_ms);
	add_time(out, "opened", i->opened_ms);
	add_time(out, "closed", i->closed_ms);
	buf_json_double(out, "observed", i->peak.observed, 1);
	buf_json_double(out, "expected", i->peak.expected, 2);
	buf_json_double(out, "score", i->peak.score, 2);
	buf_json_int(out, "told", t->alerts);
	buf_addc(out, '}');
}

static void add_incident(struct buf *out, const struct rules_report *r, const struct backtest_incident *p)
{
	open_object(out, NULL);
	buf_json_str(out, "brand", rules_report_brand(&r->b->brand[p->brand].pair)->id);
	add_side(out, "before", p->incident[BOOK_OLD]);
	add_side(out, "now", p->incident[BOOK_NEW]);
	buf_addc(out, '}');
}

/* ---- all of it ---- */

static void add_cost(struct buf *out, const struct rules_report *r)
{
	const double now = backtest_ns_per_post(r->b, BOOK_NEW);
	if (now <= 0)
		return;
	open_object(out, "cost");
	if (r->b->book[BOOK_OLD] != NULL)
		buf_json_double(out, "ns_per_post_before", backtest_ns_per_post(r->b, BOOK_OLD), 0);
	buf_json_double(out, "ns_per_post", now, 0);
	open_list(out, "dearest");
	for (size_t i = 0; i < r->ndearest; i++) {
		open_object(out, NULL);
		buf_json_str(out, "list", str_of(rule_list_names[rules_report_rule(r->dearest[i])->list]));
		buf_json_str(out, "rule", rules_report_rule(r->dearest[i])->term);
		buf_json_double(out, "ns_per_post", backtest_rule_ns(r->b, r->dearest[i], BOOK_NEW), 2);
		buf_addc(out, '}');
	}
	buf_addz(out, "]}");
}

static void add_ground(struct buf *out, const struct rules_report *r)
{
	const struct backtest *b = r->b;
	buf_json_str(out, "headline", r->headline);
	if (b->book[BOOK_OLD] != NULL)
		buf_json_str(out, "version_before", str_of(b->book[BOOK_OLD]->version));
	if (b->book[BOOK_OLD] != NULL)
		buf_json_str(out, "model_before", str_of(rulebook_model(b->book[BOOK_OLD])));
	buf_json_str(out, "model", str_of(rulebook_model(b->book[BOOK_NEW])));
	buf_json_str(out, "version", str_of(b->book[BOOK_NEW]->version));
	buf_json_int(out, "posts", b->posts);
	buf_json_int(out, "repeated", b->repeated);
	buf_json_int(out, "touched", b->touched);
	add_time(out, "from", b->from_ms);
	add_time(out, "to", b->to_ms);
	buf_json_int(out, "kept", r->totals.kept);
	buf_json_int(out, "gained", r->totals.gained);
	buf_json_int(out, "lost", r->totals.lost);
	buf_json_int(out, "alerts_before", r->totals.incidents[BOOK_OLD]);
	buf_json_int(out, "alerts", r->totals.incidents[BOOK_NEW]);
	buf_json_int(out, "alerts_gained", r->totals.incidents_gained);
	buf_json_int(out, "alerts_lost", r->totals.incidents_lost);
	buf_json_int(out, "changed_rules", r->totals.touched_rules);
	buf_json_int(out, "never_hit", r->totals.never);
}

void rules_report_json(struct buf *out, const struct rules_report *r)
{
	buf_addc(out, '{');
	add_ground(out, r);
	open_list(out, "brands");
	for (size_t i = 0; i < r->b->nbrands; i++)
		add_brand(out, &r->b->brand[i]);
	buf_addc(out, ']');
	open_list(out, "incidents");
	for (size_t i = 0; i < r->nincidents; i++)
		add_incident(out, r, &r->incident[i]);
	buf_addc(out, ']');
	open_list(out, "rules");
	for (size_t i = 0; i < r->nchanged; i++)
		add_rule(out, r, r->changed[i]);
	buf_addc(out, ']');
	add_cost(out, r);
	buf_addz(out, "}\n");
}
