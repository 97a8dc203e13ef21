/* The log file: one JSON line an alert (or its text, for people with `tail -f`), appended and flushed to the disk before the
 * delivery counts as made. The delivery id is in it, so a repeat after a crash can be told from a second alert. */
#include "notifier/notifier.h"

#include "common/base/clock.h"
#include "common/store/notices.h"
#include "common/store/outbox.h"
#include "notifier/text.h"
#include "notifier/words.h"

#define LINE_BYTES (128u << 10)

enum log_format { LOG_FORMAT_JSON, LOG_FORMAT_TEXT };
static const char *const log_formats[] = { "json", "text", NULL };

static const struct conf_option log_options[] = {
	{ .name = "path",
		.type = CONF_STR,
		.offset = offsetof(struct target, path),
		.fallback = "alerts.log",
		.help = "file to append to; a relative path lies in the data folder" },
	{ .name = "format",
		.type = CONF_CHOICE,
		.offset = offsetof(struct target, format),
		.fallback = "json",
		.choices = log_formats,
		.help = "json: one object a line; text: the words alone, for people" },
};

static enum outcome log_check(const struct target *t, struct err *e)
{
	if (t->path.n == 0)
		return err_set(e, REJECT, "path is empty; give the file to append to");
	if (str_findc(t->path, '\0') >= 0)
		return err_set(e, REJECT, "path has a NUL byte in it; take it out");
	return OK;
}

static void add_json_line(struct arena *a, struct buf *b, const struct message *m)
{
	const struct alert *alert = m->alert;
	char time[32];
	buf_addc(b, '{');
	buf_json_str(b, "time", str_of(clock_iso(alert->at_ms, time)));
	buf_json_str(b, "delivery", m->delivery_id);
	buf_json_str(b, "brand", alert->brand);
	buf_json_str(b, "news", str_of(news_names[alert_news(alert)]));
	buf_json_str(b, "level", str_of(level_names[alert->incident.level]));
	buf_json_bool(b, "drill", alert->drill);
	buf_json_str(b, "text", text_render(a, m));
	buf_json_key(b, "alert");
	alert_write(b, alert);
	buf_addz(b, "}\n");
}

static void add_notice_line(struct arena *a, struct buf *b, const struct message *m)
{
	char time[32];
	buf_addc(b, '{');
	buf_json_str(b, "time", str_of(clock_iso(m->notice->at_ms, time)));
	buf_json_str(b, "delivery", m->delivery_id);
	buf_json_str(b, "text", text_render(a, m));
	buf_json_key(b, "notice");
	notice_write(b, m->notice);
	buf_addz(b, "}\n");
}

static void add_text_block(struct arena *a, struct buf *b, const struct message *m)
{
	char time[32];
	const int64_t at_ms = m->notice != NULL ? m->notice->at_ms : m->alert->at_ms;
	buf_addf(b, "---- %s %.*s\n", clock_iso(at_ms, time), STR_FMT(m->delivery_id));
	buf_adds(b, text_render(a, m));
	buf_addc(b, '\n');
}

static enum outcome log_render(struct arena *a, const struct message *m, struct rendering *out, struct err *e)
{
	struct request_out *r = arena_new(a, struct request_out);
	struct buf b;
	buf_init(&b, LINE_BYTES);
	if (m->target->format == LOG_FORMAT_TEXT)
		add_text_block(a, &b, m);
	else if (m->notice != NULL)
		add_notice_line(a, &b, m);
	else
		add_json_line(a, &b, m);
	r->path = m->target->path;
	r->body = arena_copy(a, buf_str(&b));
	bool whole = !b.overflow;
	buf_release(&b);
	if (!whole)
		return err_set(e, REJECT, "the alert does not fit a line of %u bytes", LINE_BYTES);
	*out = (struct rendering){ r, 1 };
	return OK;
}

/* Never asked: a file does not answer. */
static enum outcome log_judge(struct answer *answer, struct err *e)
{
	(void)answer;
	(void)e;
	return OK;
}

const struct channel channel_log = {
	.name = "log",
	.about = "a line appended to a file",
	.options = log_options,
	.noptions = sizeof(log_options) / sizeof(log_options[0]),
	.check = log_check,
	.render = log_render,
	.judge = log_judge,
};
