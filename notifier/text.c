/* The words of an alert, as people read them on a phone. */
#include "notifier/text.h"

#include "common/base/clock.h"
#include "notifier/plain.h"
#include "notifier/words.h"

#include <math.h>

#define EXCERPT_COLUMNS 96 /* three lines of a phone, or about 48 Chinese characters */
#define NAME_COLUMNS 60
#define NOTE_COLUMNS 200
#define LINK_BYTES 300 /* a longer link is not shown: half of one leads nowhere */

/* One rendering under way. */
struct writer {
	struct buf *out;
	const struct alert *alert;
	enum lang lang;
	int offset_min;
};

static bool is_zh(const struct writer *w)
{
	return w->lang == LANG_ZH;
}

static const char *either(const struct writer *w, const char *zh, const char *en)
{
	return is_zh(w) ? zh : en;
}

/* ---- numbers and times ---- */

static void add_count(struct buf *out, double v)
{
	if (!isfinite(v) || v < 0)
		buf_addc(out, '?');
	else
		buf_addf(out, v < 10 && v != floor(v) ? "%.1f" : "%.0f", v);
}

static void add_percent(struct buf *out, double share)
{
	buf_addf(out, "%.0f%%", share * 100);
}

static void add_p_value(struct buf *out, double p)
{
	if (p < 1e-6)
		buf_addz(out, "p < 1e-6");
	else if (p < 0.001)
		buf_addf(out, "p = %.0e", p);
	else
		buf_addf(out, "p = %.3f", p);
}

static void add_minutes(const struct writer *w, int64_t minutes)
{
	buf_addf(w->out, "%lld%s", (long long)minutes, either(w, " 分钟", " min"));
}

static void add_hours(const struct writer *w, int64_t hours)
{
	buf_addf(w->out, "%lld%s", (long long)hours, either(w, " 小时", " h"));
}

/* An age: minutes while they matter, then hours, then days. */
static void add_age(const struct writer *w, int64_t ms)
{
	int64_t minutes = ms / MS_PER_MINUTE;
	if (minutes < 120)
		add_minutes(w, minutes);
	else if (minutes < 48 * 60)
		add_hours(w, minutes / 60);
	else
		buf_addf(w->out, "%lld%s", (long long)(minutes / (24 * 60)), either(w, " 天", " days"));
}

/* The length of a window, exactly. */
static void add_window(const struct writer *w, int64_t ms)
{
	int64_t minutes = ms / MS_PER_MINUTE;
	if (minutes > 0 && minutes % 60 == 0)
		add_hours(w, minutes / 60);
	else
		add_minutes(w, minutes);
}

void text_clock(struct buf *out, int64_t ms, int offset_min)
{
	int minutes = offset_min < 0 ? -offset_min : offset_min;
	struct utc t = clock_utc(ms + offset_min * MS_PER_MINUTE);
	buf_addf(out, "%04d-%02d-%02d %02d:%02d ", t.year, t.month, t.day, t.hour, t.minute);
	if (offset_min == 0)
		buf_addz(out, "UTC");
	else
		buf_addf(out, "UTC%c%02d:%02d", offset_min < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

static void add_clock(const struct writer *w, int64_t ms)
{
	text_clock(w->out, ms, w->offset_min);
}

/* Times from Redis may be anything; only those the calendar can show are shown. */
static bool is_time(int64_t ms)
{
	return ms > 0 && ms < 253402300800000LL - MS_PER_DAY; /* year 10000 */
}

/* ---- lines ---- */

static void add_brand(const struct writer *w)
{
	const struct alert *a = w->alert;
	struct str name = a->brand_name.n > 0 ? a->brand_name : a->brand;
	if (!is_zh(w) && a->brand_name_en.n > 0)
		name = a->brand_name_en;
	(void)plain_add(w->out, name, NAME_COLUMNS);
}

static void line_head(const struct writer *w)
{
	if (w->alert->drill)
		buf_addz(w->out, either(w, "【演练 DRILL】并非真实事件\n", "[DRILL] not a real incident\n"));
	buf_addz(w->out, either(w, "【", "["));
	buf_addz(w->out, words_level(w->alert->incident.level, w->lang));
	buf_addz(w->out, either(w, "】", "] "));
	add_brand(w);
	buf_addz(w->out, either(w, "：", ": "));
	buf_addz(w->out, words_news(alert_news(w->alert), w->lang));
	buf_addc(w->out, '\n');
}

static void line_what(const struct writer *w)
{
	const struct incident *i = &w->alert->incident;
	buf_addz(w->out, either(w, "异常项：", "Rising: "));
	(void)plain_add(w->out, words_series(str_of(i->series), w->lang), NAME_COLUMNS);
	if (i->category[0]) {
		buf_addz(w->out, either(w, "；主要投诉类别：", "; mostly about: "));
		(void)plain_add(w->out, words_category(str_of(i->category), w->lang), NAME_COLUMNS);
	}
	buf_addc(w->out, '\n');
}

/* A person's doing: who, and in which words. */
static void line_person(const struct writer *w)
{
	const struct incident *i = &w->alert->incident;
	if (i->by[0] == 0 || w->alert->event < EVT_ACK)
		return;
	buf_addz(w->out, either(w, "操作人：", "By: "));
	(void)plain_add(w->out, str_of(i->by), NAME_COLUMNS);
	if (i->note[0]) {
		buf_addz(w->out, either(w, "；备注：", "; note: "));
		(void)plain_add(w->out, str_of(i->note), NOTE_COLUMNS);
	}
	buf_addc(w->out, '\n');
	if (w->alert->event != EVT_MUTE || !is_time(i->muted_until_ms))
		return;
	buf_addz(w->out, either(w, "静音至：", "Muted until: "));
	add_clock(w, i->muted_until_ms);
	buf_addc(w->out, '\n');
}

static void line_since(const struct writer *w)
{
	const struct incident *i = &w->alert->incident;
	int64_t since = i->onset_ms > 0 ? i->onset_ms : i->peak.since_ms;
	if (!is_time(since))
		return;
	buf_addz(w->out, either(w, "始于：", "Since: "));
	add_clock(w, since);
	if (is_time(w->alert->at_ms) && w->alert->at_ms >= since) {
		buf_addz(w->out, either(w, "（", " ("));
		add_age(w, w->alert->at_ms - since);
		buf_addz(w->out, either(w, "前）", " ago)"));
	}
	buf_addc(w->out, '\n');
}

static void add_expectation(const struct writer *w, const struct evidence *v)
{
	buf_addz(w->out, either(w, "，预期 ", ", expected "));
	add_count(w->out, v->expected);
	buf_addz(w->out, either(w, " 条", ""));
	if (isfinite(v->low) && isfinite(v->high) && v->high > v->low && v->low >= 0) {
		buf_addz(w->out, either(w, "（95% 区间 ", " (95% interval "));
		add_count(w->out, v->low);
		buf_addz(w->out, "–");
		add_count(w->out, v->high);
		buf_addz(w->out, either(w, "）", ")"));
	}
	if (isfinite(v->ratio) && v->ratio > 0 && v->expected >= 0.05) {
		buf_addz(w->out, either(w, "，为 ", ", ×"));
		buf_addf(w->out, v->ratio < 100 ? "%.1f" : "%.0f", v->ratio);
		buf_addz(w->out, either(w, " 倍", ""));
	}
	if (isfinite(v->p_value) && v->p_value >= 0 && v->p_value <= 1) {
		buf_addz(w->out, either(w, "，", ", "));
		add_p_value(w->out, v->p_value);
	}
}

/* The evidence kept is the strongest announced: news of the moment while it rises, the peak looking back. */
static void line_size(const struct writer *w)
{
	const struct evidence *v = &w->alert->incident.peak;
	if (v->window_ms < MS_PER_MINUTE)
		return;
	bool rising = w->alert->event == EVT_SURGE || w->alert->event == EVT_ESCALATE;
	buf_addz(w->out, rising ? either(w, "规模：", "Size: ") : either(w, "高峰：", "Peak: "));
	add_window(w, v->window_ms);
	buf_addz(w->out, either(w, "内 ", ": "));
	add_count(w->out, v->observed);
	buf_addz(w->out, either(w, " 条", v->observed == 1 ? " post" : " posts"));
	add_expectation(w, v);
	buf_addc(w->out, '\n');
	if (v->missing)
		buf_addz(w->out, either(w, "注意：部分来源中断，数字可能偏低\n",
					 "Note: some sources were down, the figures may be low\n"));
}

static void line_negative(const struct writer *w)
{
	const struct alert *a = w->alert;
	if (!isfinite(a->negative_share) || a->negative_share < 0)
		return;
	buf_addz(w->out, either(w, "负面占比：", "Negative: "));
	add_percent(w->out, a->negative_share);
	if (isfinite(a->usual_negative_share) && a->usual_negative_share >= 0) {
		buf_addz(w->out, either(w, "（平常 ", " (usually "));
		add_percent(w->out, a->usual_negative_share);
		buf_addz(w->out, either(w, "）", ")"));
	}
	buf_addc(w->out, '\n');
}

static void line_total(const struct writer *w)
{
	const struct incident *i = &w->alert->incident;
	if (!(i->posts > 0))
		return;
	buf_addz(w->out, either(w, "开始以来：", "So far: "));
	add_count(w->out, i->posts);
	buf_addz(w->out, either(w, " 条，负面 ", i->posts == 1 ? " post, negative " : " posts, negative "));
	add_count(w->out, i->negative);
	buf_addz(w->out, either(w, "，投诉 ", ", complaints "));
	add_count(w->out, i->complaints);
	buf_addc(w->out, '\n');
}

/* Organic is what a reader expects: only what is not gets a line. */
static void line_integrity(const struct writer *w)
{
	const struct alert_integrity *i = &w->alert->integrity;
	const bool is_coordinated = str_eqc(i->word, "coordinated");
	if ((!is_coordinated && !str_eqc(i->word, "unclear")) || i->posts <= 0 || i->coordinated <= 0)
		return;
	buf_addz(w->out, is_coordinated ? either(w, "真实性：疑似协同，最新 ", "Integrity: possibly coordinated, ")
					: either(w, "真实性：尚不明确，最新 ", "Integrity: unclear, "));
	add_count(w->out, (double)(w->lang == LANG_ZH ? i->posts : i->coordinated));
	buf_addz(w->out, either(w, " 条中 ", " of the newest "));
	add_count(w->out, (double)(w->lang == LANG_ZH ? i->coordinated : i->posts));
	buf_addz(w->out, either(w, " 条有迹象（复制、模板、同刻发布、刷屏）\n",
				 " posts show signs (copies, templates, bursts, floods)\n"));
}

/* ---- excerpts ---- */

static bool is_link(struct str url)
{
	if (!str_istarts(url, STR("http://")) && !str_istarts(url, STR("https://")))
		return false;
	for (size_t i = 0; i < url.n; i++)
		if ((unsigned char)url.p[i] <= ' ' || url.p[i] == 0x7F)
			return false;
	return true;
}

static void add_link(const struct writer *w, struct str url)
{
	if (!is_link(url))
		return;
	buf_addz(w->out, "\n   ");
	if (url.n > LINK_BYTES)
		buf_addz(w->out, either(w, "（链接过长，请在控制台查看）", "(the link is too long to show, see the console)"));
	else
		(void)plain_add(w->out, url, LINK_BYTES * 2);
}

static void add_excerpt(const struct writer *w, const struct excerpt *x, size_t number)
{
	buf_addf(w->out, "%zu. ", number);
	buf_addz(w->out, either(w, "〔", "["));
	(void)plain_add(w->out, words_family(x->family, w->lang), NAME_COLUMNS);
	buf_addz(w->out, either(w, "〕", "] "));
	/* Forums repeat the title as the first words of the text. */
	if (x->title.n > 0 && !str_starts(str_trim(x->text), str_trim(x->title))) {
		(void)plain_add(w->out, x->title, EXCERPT_COLUMNS / 2);
		buf_addz(w->out, either(w, "：", ": "));
	}
	(void)plain_add(w->out, x->text, EXCERPT_COLUMNS);
	add_link(w, x->url);
	buf_addc(w->out, '\n');
}

static void lines_excerpts(const struct writer *w)
{
	const struct alert *a = w->alert;
	if (a->nexcerpts == 0)
		return;
	buf_addz(w->out, either(w, "代表性内容：\n", "What people write:\n"));
	for (size_t i = 0; i < a->nexcerpts && i < INCIDENT_EXCERPTS; i++)
		add_excerpt(w, &a->excerpt[i], i + 1);
}

static void lines_end(const struct writer *w)
{
	const struct incident *i = &w->alert->incident;
	buf_addz(w->out, either(w, "事件：", "Incident: "));
	(void)plain_add(w->out, str_of(i->id), NAME_COLUMNS);
	buf_addf(w->out, "%s%lld%s\n", either(w, "，第 ", ", revision "), (long long)i->revision, either(w, " 版", ""));
	if (i->state != INC_DETECTED && w->alert->event != EVT_ESCALATE)
		return; /* somebody has it already, or it is over */
	buf_addz(w->out, either(w, "接手：earshot incidents ack ", "Take it: earshot incidents ack "));
	(void)plain_add(w->out, str_of(i->id), NAME_COLUMNS);
	buf_addz(w->out, either(w, " --by 姓名\n", " --by NAME\n"));
}

void text_alert(struct buf *out, const struct alert *alert, enum lang lang, int offset_min)
{
	const struct writer w = { .out = out, .alert = alert, .lang = lang, .offset_min = offset_min };
	line_head(&w);
	line_what(&w);
	line_person(&w);
	line_since(&w);
	line_size(&w);
	line_negative(&w);
	line_total(&w);
	line_integrity(&w);
	lines_excerpts(&w);
	lines_end(&w);
}

struct str text_render(struct arena *a, const struct message *m)
{
	struct buf out;
	buf_init(&out, TEXT_ALERT_BYTES);
	if (m->notice != NULL)
		text_notice(&out, m->notice, (enum lang)m->target->lang, m->target->utc_offset_min);
	else
		text_alert(&out, m->alert, (enum lang)m->target->lang, m->target->utc_offset_min);
	struct str text = arena_copy(a, buf_str(&out));
	buf_release(&out);
	return text;
}

bool text_offset_parse(struct str s, int *minutes)
{
	*minutes = 0;
	if (str_eqc(s, "Z") || str_eqc(s, "UTC"))
		return true;
	int64_t hours = 0, rest = 0;
	if (s.n != 6 || (s.p[0] != '+' && s.p[0] != '-') || s.p[3] != ':')
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (i != 3 && (s.p[i] < '0' || s.p[i] > '9'))
			return false;
	if (!str_to_i64(str_first(str_from(s, 1), 2), &hours) || !str_to_i64(str_from(s, 4), &rest) || hours > 14 || rest > 59)
		return false;
	int total = (int)(hours * 60 + rest);
	if (total > 14 * 60)
		return false;
	*minutes = s.p[0] == '-' ? -total : total;
	return true;
}
