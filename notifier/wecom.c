/* WeCom (企业微信) group robots: text messages of at most 2,048 bytes, 20 a minute, an errcode in the answer. They do not
 * know a message id, so a repeat after a crash is seen twice; both copies carry the incident and its revision. */
#include "notifier/notifier.h"

#include "notifier/split.h"
#include "notifier/text.h"

#define WECOM_TEXT_BYTES 2048 /* of UTF-8, as the robot counts */
#define WECOM_URL "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"

static const struct conf_option wecom_options[] = {
	{ .name = "url",
		.type = CONF_STR,
		.offset = offsetof(struct target, url),
		.fallback = WECOM_URL,
		.help = "the robot's address; with its key=… in it, or without when token_file or token_env has the key" },
	{ .name = "token", .type = CONF_SECRET, .offset = offsetof(struct target, token), .help = "the robot's key" },
	{ .name = "allow_cidr",
		.type = CONF_LIST,
		.offset = offsetof(struct target, allow_cidr),
		.help = "private or loopback networks this target may be reached in" },
};

static bool has_key(struct str url)
{
	return str_find(url, STR("?key=")) >= 0 || str_find(url, STR("&key=")) >= 0;
}

static enum outcome wecom_check(const struct target *t, struct err *e)
{
	enum outcome o = channel_check_url(t, e);
	if (o != OK)
		return o;
	if (t->token.n == 0 && !has_key(t->url))
		return err_set(
			e, REJECT, "the robot's key is missing; give token_file = PATH or token_env = NAME, or a url with key=…");
	if (t->token.n > 0 && has_key(t->url))
		return err_set(e, REJECT, "the robot's key is given twice, in url and as token; drop one");
	return OK;
}

static struct str wecom_url(struct arena *a, const struct target *t)
{
	if (t->token.n == 0)
		return t->url;
	return arena_printf(a, "%.*s%ckey=%.*s", STR_FMT(t->url), str_findc(t->url, '?') < 0 ? '?' : '&', STR_FMT(t->token));
}

static struct str wecom_body(struct arena *a, struct str content)
{
	struct buf b;
	buf_init(&b, (size_t)WECOM_TEXT_BYTES * 6 + 64);
	buf_addz(&b, "{\"msgtype\":\"text\",\"text\":{");
	buf_json_str(&b, "content", content);
	buf_addz(&b, "}}");
	struct str body = arena_copy(a, buf_str(&b));
	buf_release(&b);
	return body;
}

static enum outcome wecom_render(struct arena *a, const struct message *m, struct rendering *out, struct err *e)
{
	struct str *part = NULL;
	size_t n = 0;
	enum outcome o = split_text(a, str_trim(text_render(a, m)), WECOM_TEXT_BYTES, &part, &n, e);
	if (o != OK)
		return o;
	struct str url = wecom_url(a, m->target);
	struct request_out *r = arena_list(a, struct request_out, n);
	for (size_t i = 0; i < n; i++) {
		r[i].url = url;
		r[i].body = wecom_body(a, part[i]);
		request_header(&r[i], STR("Content-Type: application/json; charset=utf-8"));
	}
	*out = (struct rendering){ r, n };
	return OK;
}

static enum outcome wecom_judge(struct answer *answer, struct err *e)
{
	static const int64_t busy[] = { -1 /* system busy */, 45009 /* too many messages */, 45033 /* too many at once */ };
	return channel_judge_errcode(answer, busy, sizeof(busy) / sizeof(busy[0]), e);
}

/* 20 messages a minute: four at once and then one in four seconds makes 19 in the worst minute. */
const struct channel channel_wecom = {
	.name = "wecom",
	.about = "a text message of a WeCom (企业微信) group robot",
	.options = wecom_options,
	.noptions = sizeof(wecom_options) / sizeof(wecom_options[0]),
	.burst = 4,
	.every_ms = 4000,
	.check = wecom_check,
	.render = wecom_render,
	.judge = wecom_judge,
};
