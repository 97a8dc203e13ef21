/* What a backtest found, as one page that stands alone: readable on a phone, Chinese and English, sample texts escaped. */
#include "cli/rules_report.h"

#include "cli/page.h"
#include "cli/rules.h"
#include "cli/stored.h"

#include <inttypes.h>
#include <math.h>

#define RULES_SHOWN 300 /* a page of every term of a first publish would be no page */
#define INCIDENTS_SHOWN 200

/* ---- the sentence, in Chinese too ---- */

static void add_cost_words(struct buf *out, const struct backtest *b)
{
	const double now = backtest_ns_per_post(b, BOOK_NEW), before = backtest_ns_per_post(b, BOOK_OLD);
	if (now > 0 && before > 0)
		buf_addf(out, ";每帖耗时%s %.1f 微秒", now >= before ? "增加" : "减少", fabs(now - before) / 1000);
	else if (now > 0)
		buf_addf(out, ";每帖耗时 %.1f 微秒", now / 1000);
}

static void add_headline(struct buf *out, const struct rules_report *r)
{
	const struct backtest_totals *t = &r->totals;
	buf_addz(out, "<p class=\"say zh\" lang=\"zh\">");
	if (r->b->book[BOOK_OLD] == NULL)
		buf_addf(out, "命中 %" PRId64 " 条提及,预警 %" PRId64 " 次", t->gained, t->incidents[BOOK_NEW]);
	else
		buf_addf(out, "提及新增 %" PRId64 " 条,减少 %" PRId64 " 条;预警多 %" PRId64 " 次,少 %" PRId64 " 次", t->gained,
			t->lost, t->incidents_gained, t->incidents_lost);
	if (t->touched_rules > 0)
		buf_addf(out, ";%s %" PRId64 " 条规则中有 %" PRId64 " 条从未命中",
			r->b->book[BOOK_OLD] != NULL ? "新增或改动的" : "全部", t->touched_rules, t->never);
	add_cost_words(out, r->b);
	buf_addz(out, "。</p>\n<p class=\"say en\" lang=\"en\">");
	page_text(out, r->headline);
	buf_addz(out, ".</p>\n");
}

static void add_ground(struct buf *out, const struct rules_report *r)
{
	const struct backtest *b = r->b;
	buf_addf(out, "<p class=\"facts\">%" PRId64 " 帖 posts · ", b->posts);
	stored_minute(out, b->from_ms);
	buf_addz(out, " – ");
	stored_minute(out, b->to_ms);
	buf_addz(out, " UTC");
	if (b->repeated > 0)
		buf_addf(out, " · 重复 repeated %" PRId64, b->repeated);
	if (b->book[BOOK_OLD] != NULL) {
		buf_addz(out, "<br>旧 before: ");
		page_text(out, r->old_name);
		buf_addf(out, " (%s)", b->book[BOOK_OLD]->version);
	}
	buf_addz(out, "<br>新 now: ");
	page_text(out, r->new_name);
	buf_addf(out, " (%s)</p>\n", b->book[BOOK_NEW]->version);
}

/* ---- posts ---- */

static void add_reason(struct buf *out, const struct sample *s)
{
	const char *fold[FOLD__N];
	const size_t nfolds = s->rule != NULL ? rules_fold_names(s->folds, fold) : 0;
	if (s->rule != NULL) {
		buf_addf(out, " <span class=\"chip\">%s: ", rule_list_names[s->rule->list]);
		page_foreign(out, s->rule->term);
		buf_addz(out, "</span>");
	}
	for (size_t i = 0; i < nfolds; i++)
		buf_addf(out, "<span class=\"chip\">%s</span>", fold[i]);
	if (s->cause != NULL) {
		buf_addz(out, " 被排除 taken away by <span class=\"chip\">");
		page_foreign(out, s->cause->term);
		buf_addz(out, "</span>");
	}
}

static void add_post(struct buf *out, const struct sample *s, bool is_gain)
{
	buf_addf(out, "<li class=\"post %s\">", is_gain ? "gain" : "loss");
	buf_addf(out, "%s", s->cut_before ? "…" : "");
	page_foreign(out, s->before);
	if (s->hit.n > 0) {
		buf_addz(out, "<mark>");
		page_foreign(out, s->hit);
		buf_addz(out, "</mark>");
	}
	page_foreign(out, s->after);
	buf_addf(out, "%s<div class=\"meta\">", s->cut_after ? "…" : "");
	buf_addz(out, is_gain ? "新增 gained · " : "减少 lost · ");
	stored_minute(out, s->at_ms);
	add_reason(out, s);
	if (s->url.n > 0) {
		buf_addz(out, " · ");
		page_link(out, s->url, str_cut_utf8(s->url, 60));
	}
	buf_addz(out, "</div></li>\n");
}

static void add_posts(struct buf *out, const struct samples *gained, const struct samples *lost)
{
	if (gained->n + lost->n == 0)
		return;
	buf_addz(out, "<ul>\n");
	for (size_t i = 0; i < gained->n; i++)
		add_post(out, &gained->item[i], true);
	for (size_t i = 0; i < lost->n; i++)
		add_post(out, &lost->item[i], false);
	buf_addz(out, "</ul>\n");
}

/* ---- brands ---- */

struct figure {
	const char *zh, *en;
	int64_t before, now;
};

static void add_figure(struct buf *out, const struct figure *f, bool compares)
{
	double percent;
	buf_addz(out, "<div><dt>");
	page_label(out, f->zh, f->en);
	buf_addz(out, "</dt><dd>");
	if (!compares) {
		buf_addf(out, "%" PRId64 "</dd></div>", f->now);
		return;
	}
	buf_addf(out, "%" PRId64 " → %" PRId64, f->before, f->now);
	if (rules_percent(f->before, f->now, &percent) && fabs(percent) >= 0.5)
		buf_addf(out, " <span class=\"%s\">%+.0f%%</span>", f->now > f->before ? "up" : "down", percent);
	buf_addz(out, "</dd></div>\n");
}

static void add_brand(struct buf *out, const struct rules_report *r, const struct backtest_brand *b)
{
	const bool compares = r->b->book[BOOK_OLD] != NULL;
	const struct figure figure[] = {
		{ "提及", "mentions", b->count[BOOK_OLD][BACKTEST_ALL], b->count[BOOK_NEW][BACKTEST_ALL] },
		{ "负面", "negative", b->count[BOOK_OLD][BACKTEST_NEGATIVE], b->count[BOOK_NEW][BACKTEST_NEGATIVE] },
		{ "投诉", "complaints", b->count[BOOK_OLD][BACKTEST_COMPLAINT], b->count[BOOK_NEW][BACKTEST_COMPLAINT] },
	};
	buf_addz(out, "<section class=\"card\"><h3>");
	page_foreign(out, rules_report_brand(&b->pair)->name);
	buf_addz(out, "</h3>\n");
	if (compares)
		buf_addf(out,
			"<p class=\"facts\">新增 gained <b class=\"up\">%" PRId64 "</b> · 减少 lost <b class=\"down\">%" PRId64
			"</b> · 不变 kept %" PRId64 "</p>\n",
			b->gained, b->lost, b->kept);
	buf_addz(out, "<dl>");
	for (size_t i = 0; i < sizeof figure / sizeof *figure; i++)
		add_figure(out, &figure[i], compares);
	buf_addz(out, "</dl>\n");
	page_chart(out, &(struct page_curves){
				compares ? b->hour[BOOK_OLD][WATCH_ALL] : NULL, b->hour[BOOK_NEW][WATCH_ALL], r->b->nhours });
	add_posts(out, &b->gained_sample, &b->lost_sample);
	buf_addz(out, "</section>\n");
}

static void add_brands(struct buf *out, const struct rules_report *r)
{
	size_t quiet = 0;
	page_heading(out, "品牌", "Brands");
	if (r->b->book[BOOK_OLD] != NULL)
		buf_addz(out,
			"<p class=\"facts\"><span class=\"key\"></span>旧 before <span class=\"key now\"></span>新 now</p>\n");
	for (size_t i = 0; i < r->b->nbrands; i++) {
		const struct backtest_brand *b = &r->b->brand[i];
		if (b->kept + b->gained + b->lost == 0)
			quiet++;
		else
			add_brand(out, r, b);
	}
	if (quiet > 0)
		buf_addf(out, "<p class=\"facts\">另有 %zu 个品牌没有提及 · %zu without a mention</p>\n", quiet, quiet);
}

/* ---- alerts ---- */

static void add_incident(struct buf *out, const struct rules_report *r, const struct backtest_incident *p)
{
	static const char *const level_zh[LEVEL__N] = { "蓝", "黄", "橙", "红" };
	const bool in_old = p->incident[BOOK_OLD] != NULL, in_new = p->incident[BOOK_NEW] != NULL;
	const struct incident *i = &p->incident[in_new ? BOOK_NEW : BOOK_OLD]->incident;
	const bool compares = r->b->book[BOOK_OLD] != NULL;
	buf_addf(out, "<li class=\"post %s\">", in_old && in_new ? "" : in_new ? "gain" : "loss");
	if (compares)
		buf_addf(out, "<b>%s</b> · ", in_old && in_new ? "两者 both" : in_new ? "新增 new" : "消失 gone");
	page_foreign(out, rules_report_brand(&r->b->brand[p->brand].pair)->name);
	buf_addf(out, " · %s %s", level_zh[i->level], level_names[i->level]);
	if (in_old && in_new && p->incident[BOOK_OLD]->incident.level != i->level)
		buf_addf(out, " (旧 before: %s)", level_names[p->incident[BOOK_OLD]->incident.level]);
	buf_addz(out, " · ");
	stored_minute(out, i->opened_ms);
	buf_addf(out, "<div class=\"meta\">%s %s · 峰值 peak %.0f, 预期 expected %.1f · 起于 since ", i->series, i->category,
		i->peak.observed, i->peak.expected);
	stored_minute(out, i->onset_ms);
	buf_addz(out, "</div></li>\n");
}

static void add_incidents(struct buf *out, const struct rules_report *r)
{
	page_heading(out, "预警", "Alerts");
	if (r->nincidents == 0) {
		buf_addz(out, "<p class=\"facts\">没有预警 · None</p>\n");
		return;
	}
	buf_addz(out, "<div class=\"card\"><ul>\n");
	size_t shown = 0;
	for (int both = 0; both < 2; both++)
		for (size_t i = 0; i < r->nincidents; i++) {
			const struct backtest_incident *p = &r->incident[i];
			const bool in_both = p->incident[BOOK_OLD] != NULL && p->incident[BOOK_NEW] != NULL;
			if (in_both == (both == 1) && shown++ < INCIDENTS_SHOWN)
				add_incident(out, r, p);
		}
	buf_addz(out, "</ul></div>\n");
	if (shown > INCIDENTS_SHOWN)
		buf_addf(out, "<p class=\"facts\">另有 %zu 次 · and %zu more</p>\n", shown - INCIDENTS_SHOWN,
			shown - INCIDENTS_SHOWN);
}

/* ---- rules ---- */

static void add_rule(struct buf *out, const struct rules_report *r, const struct backtest_rule *rule)
{
	const struct rule *shown = rules_report_rule(rule);
	const struct str brand = rules_report_brand_of(r->b, rule);
	struct buf words;
	buf_init(&words, 4096);
	if (r->b->book[BOOK_OLD] != NULL)
		rules_change_words(&words, &rule->pair);
	const bool has_posts = rule->gained_sample.n + rule->lost_sample.n > 0;
	buf_addz(out, "<tr><td>");
	buf_addz(out, has_posts ? "<details><summary>" : "");
	page_foreign(out, shown->term);
	buf_addz(out, has_posts ? "</summary>" : "");
	add_posts(out, &rule->gained_sample, &rule->lost_sample);
	buf_addz(out, has_posts ? "</details>" : "");
	buf_addf(out, "<div class=\"meta\">%s · ", rule_list_names[shown->list]);
	page_text(out, buf_str(&words));
	buf_addz(out, words.n > 0 ? " · " : "");
	page_foreign(out, brand);
	buf_addz(out, brand.n > 0 ? " · " : "");
	page_text(out, str_of(shown->file));
	buf_addf(out,
		":%d</div></td><td class=\"n\">%" PRId64 " → %" PRId64 "</td><td class=\"n up\">+%" PRId64
		"</td><td class=\"n down\">-%" PRId64 "</td></tr>\n",
		shown->line, rule->hits[BOOK_OLD], rule->hits[BOOK_NEW], rule->gained, rule->lost);
	buf_release(&words);
}

static void add_rules(struct buf *out, const struct rules_report *r)
{
	if (r->nchanged == 0)
		return;
	page_heading(out, "规则", "Rules that find more or less");
	buf_addz(out, "<div class=\"card wide\"><table><tr><th>规则 rule</th><th class=\"n\">命中帖 posts</th>"
		      "<th class=\"n\">新增 gained</th><th class=\"n\">减少 lost</th></tr>\n");
	for (size_t i = 0; i < r->nchanged && i < RULES_SHOWN; i++)
		add_rule(out, r, r->changed[i]);
	buf_addz(out, "</table></div>\n");
	if (r->nchanged > RULES_SHOWN)
		buf_addf(out, "<p class=\"facts\">另有 %zu 条 · and %zu more, in --json</p>\n", r->nchanged - RULES_SHOWN,
			r->nchanged - RULES_SHOWN);
}

static void add_cost(struct buf *out, const struct rules_report *r)
{
	const double now = backtest_ns_per_post(r->b, BOOK_NEW), before = backtest_ns_per_post(r->b, BOOK_OLD);
	if (now <= 0)
		return;
	page_heading(out, "耗时", "Cost of a post");
	buf_addz(out, "<div class=\"card wide\"><p class=\"facts\">");
	if (before > 0)
		buf_addf(out, "%.2f µs → ", before / 1000);
	buf_addf(out, "%.2f µs</p>\n<table>", now / 1000);
	for (size_t i = 0; i < r->ndearest; i++) {
		const struct rule *rule = rules_report_rule(r->dearest[i]);
		buf_addf(out, "<tr><td class=\"n\">%.1f ns</td><td>%s</td><td>", backtest_rule_ns(r->b, r->dearest[i], BOOK_NEW),
			rule_list_names[rule->list]);
		page_foreign(out, rule->term);
		buf_addz(out, "</td></tr>\n");
	}
	buf_addz(out, "</table></div>\n");
}

void rules_page(struct buf *out, const struct rules_report *r)
{
	page_begin(out, "规则回测", "Rules on the posts of the past");
	add_headline(out, r);
	add_ground(out, r);
	add_incidents(out, r);
	add_brands(out, r);
	add_rules(out, r);
	add_cost(out, r);
	page_end(out);
}
