/* What people are told of a source's health: states, reasons with their numbers, in both languages. */
#include "common/base/clock.h"
#include "crawler/health.h"

#include <math.h>

#define ERROR_BYTES 300

const char *health_word(enum health h, enum health_lang lang)
{
	static const char *const words[HEALTH__N][HEALTH_LANG__N] = {
		[HEALTH_NEW] = { "尚未采集", "new" },
		[HEALTH_WELL] = { "正常", "healthy" },
		[HEALTH_SILENT] = { "沉默", "silent" },
		[HEALTH_CANARY] = { "页面读不出应有的内容", "its page holds less than it should" },
		[HEALTH_DRIFT] = { "页面结构变化，字段丢失", "its page has changed, fields are lost" },
		[HEALTH_LIMITED] = { "被限流", "limited" },
		[HEALTH_CHALLENGED] = { "要求人机验证", "it wants proof of a person" },
		[HEALTH_FAILING] = { "连续失败", "failing" },
		[HEALTH_GONE] = { "页面已不存在", "gone" },
	};
	return words[h][lang];
}

struct str health_span(struct arena *a, int64_t ms, enum health_lang lang)
{
	static const struct {
		const char *name[HEALTH_LANG__N];
		int64_t ms;
	} unit[] = { { { " 天", " d" }, MS_PER_DAY }, { { " 小时", " h" }, MS_PER_HOUR }, { { " 分钟", " min" }, MS_PER_MINUTE },
		{ { " 秒", " s" }, MS_PER_SECOND } };
	size_t u = 0;
	while (u < 3 && ms < unit[u].ms)
		u++;
	const int64_t whole = ms / unit[u].ms, rest = u < 3 ? ms % unit[u].ms / unit[u + 1].ms : 0;
	if (rest == 0)
		return arena_printf(a, "%lld%s", (long long)whole, unit[u].name[lang]);
	return arena_printf(a, "%lld%s %lld%s", (long long)whole, unit[u].name[lang], (long long)rest, unit[u + 1].name[lang]);
}

static struct str chance_text(struct arena *a, double chance)
{
	return chance < 1e-9 ? STR("< 1e-9") : arena_printf(a, "%.1g", chance);
}

static struct str silent_reason(struct arena *a, const struct health_finding *f, enum health_lang lang)
{
	const struct str quiet = health_span(a, f->quiet_ms, lang), chance = chance_text(a, f->chance);
	if (lang == HEALTH_ZH)
		return arena_printf(a, "已 %.*s 没有新内容；按平常每天约 %.3g 条，本应有约 %.3g 条，偶然如此的概率为 %.*s",
			STR_FMT(quiet), f->usual, f->owed, STR_FMT(chance));
	return arena_printf(a,
		"nothing new for %.*s; at its usual %.3g posts a day about %.3g were to be expected, and by chance that happens "
		"with "
		"probability %.*s",
		STR_FMT(quiet), f->usual, f->owed, STR_FMT(chance));
}

static struct str canary_reason(struct arena *a, const struct health_finding *f, enum health_lang lang)
{
	const struct str error = str_cut_utf8(f->error, ERROR_BYTES);
	if (f->is_unread && lang == HEALTH_ZH)
		return arena_printf(a, "它正常应答（200），但内容读不出来：%.*s", STR_FMT(error));
	if (f->is_unread)
		return arena_printf(a, "it answers 200, and nothing can be read: %.*s", STR_FMT(error));
	if (lang == HEALTH_ZH)
		return arena_printf(a, "页面上只有 %.0f 条，平常约 %.0f 条", f->now, f->usual);
	return arena_printf(a, "%.0f posts on its page, usually about %.0f", f->now, f->usual);
}

static struct str drift_reason(struct arena *a, const struct health_finding *f, enum health_lang lang)
{
	static const char *const fields[][HEALTH_LANG__N] = { { "正文", "a text" }, { "日期", "a date" },
		{ "作者", "an author" } };
	const char *field = fields[f->field][lang];
	struct str out =
		lang == HEALTH_ZH
			? arena_printf(a, "有%s的帖子只占 %.0f%%，平常 %.0f%%", field, 100 * f->now, 100 * f->usual)
			: arena_printf(a, "%.0f %% of its posts have %s, usually %.0f %%", 100 * f->now, field, 100 * f->usual);
	if (f->reader.n > 0 || f->was_reader.n > 0)
		out = arena_printf(a,
			lang == HEALTH_ZH ? "%.*s；读取方式由“%.*s”变为“%.*s”"
					  : "%.*s; it was read as \"%.*s\", and now as \"%.*s\"",
			STR_FMT(out), STR_FMT(f->was_reader), STR_FMT(f->reader));
	return out;
}

static struct str failures_reason(struct arena *a, const struct health_finding *f, enum health_lang lang)
{
	const struct str error = str_cut_utf8(f->error, ERROR_BYTES);
	if (lang == HEALTH_ZH)
		return arena_printf(a, "连续失败 %lld 次，最近一次：%.*s", (long long)f->failures, STR_FMT(error));
	return arena_printf(a, "%lld failures in a row, the last: %.*s", (long long)f->failures, STR_FMT(error));
}

struct str health_reason(struct arena *a, const struct health_finding *f, enum health_lang lang)
{
	switch (f->verdict) {
	case HEALTH_NEW:
	case HEALTH_WELL:
		return STR("");
	case HEALTH_SILENT:
		return silent_reason(a, f, lang);
	case HEALTH_CANARY:
		return canary_reason(a, f, lang);
	case HEALTH_DRIFT:
		return drift_reason(a, f, lang);
	default:
		return failures_reason(a, f, lang);
	}
}

/* ---- at a terminal ---- */

static struct str quiet_line(struct arena *a, const struct health_memory *m, int64_t now_ms)
{
	struct health_finding f = { 0 };
	(void)health_is_silent(m, now_ms, &f);
	const struct str quiet = health_span(a, f.quiet_ms, HEALTH_EN), chance = chance_text(a, f.chance);
	return arena_printf(a, "last news %.*s ago, at %.3g posts a day; owed since: %.3g, by chance with probability %.*s",
		STR_FMT(quiet), f.usual, f.owed, STR_FMT(chance));
}

struct str health_describe(struct arena *a, const struct source_state *s, int64_t now_ms)
{
	struct health_memory m;
	const enum health is = health_of(s->health.state);
	health_memory_parse(s->health.memory, &m);
	struct str out = str_of(health_word(is, HEALTH_EN));
	if (s->health.since_ms > 0) {
		const struct str span = health_span(a, now_ms - s->health.since_ms, HEALTH_EN);
		out = arena_printf(a, "%.*s, for %.*s", STR_FMT(out), STR_FMT(span));
	}
	if (s->health.why.n > 0)
		out = arena_printf(a, "%.*s: %.*s", STR_FMT(out), STR_FMT(s->health.why));
	if (m.doubts > 0)
		out = arena_printf(a, "%.*s\n%lld polls in a row say otherwise: %s", STR_FMT(out), (long long)m.doubts,
			health_word(m.doubt, HEALTH_EN));
	if (m.news_ms > 0) {
		const struct str quiet = quiet_line(a, &m, now_ms);
		out = arena_printf(a, "%.*s\n%.*s", STR_FMT(out), STR_FMT(quiet));
	}
	if (m.reads > 0)
		out = arena_printf(a,
			"%.*s\nits pages: %.3g posts (%.3g at least), of which %lld %% have a text, %lld %% a date, %lld %% an "
			"author",
			STR_FMT(out), (double)m.entries / 1000, (double)m.least / 1000, (long long)m.texts / 10,
			(long long)m.dates / 10, (long long)m.authors / 10);
	if (s->health.told > 0) {
		const struct str span = health_span(a, now_ms - s->health.told_ms, HEALTH_EN);
		out = arena_printf(a, "%.*s\noperators were told %lld times, last %.*s ago", STR_FMT(out),
			(long long)s->health.told, STR_FMT(span));
	}
	return out;
}
