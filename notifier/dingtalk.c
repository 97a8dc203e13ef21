/* DingTalk (钉钉) group robots: text messages, body at most 20,000 bytes, 20 a minute (else the robot is silent for ten), an
 * errcode in the answer. With a secret the address carries timestamp (ms) and
 *   sign = urlencode(base64(HMAC-SHA256(key = secret, timestamp "\n" secret))). */
#include "notifier/notifier.h"

#include <earshot/limits.h>

#include "notifier/sign.h"
#include "notifier/split.h"
#include "notifier/text.h"

#define DINGTALK_BODY_BYTES 20000
#define DINGTALK_TEXT_BYTES 9500 /* every byte may be escaped to two, and the frame stays inside the limit */
#define DINGTALK_URL "https://oapi.dingtalk.com/robot/send"

static const struct conf_option dingtalk_options[] = {
	{ .name = "url",
		.type = CONF_STR,
		.offset = offsetof(struct target, url),
		.fallback = DINGTALK_URL,
		.help = "the robot's address; with its access_token=… in it, or without when token_file or token_env has the "
			"token" },
	{ .name = "token", .type = CONF_SECRET, .offset = offsetof(struct target, token), .help = "the robot's access_token" },
	{ .name = "secret",
		.type = CONF_SECRET,
		.offset = offsetof(struct target, secret),
		.help = "the signing secret (SEC…) of the robot's security settings" },
	{ .name = "allow_cidr",
		.type = CONF_LIST,
		.offset = offsetof(struct target, allow_cidr),
		.help = "private or loopback networks this target may be reached in" },
};

static bool has_token(struct str url)
{
	return str_find(url, STR("access_token=")) >= 0;
}

static enum outcome dingtalk_check(const struct target *t, struct err *e)
{
	enum outcome o = channel_check_url(t, e);
	if (o != OK)
		return o;
	if (t->token.n == 0 && !has_token(t->url))
		return err_set(e, REJECT,
			"the robot's token is missing; give token_file = PATH or token_env = NAME, or a url with access_token=…");
	if (t->token.n > 0 && has_token(t->url))
		return err_set(e, REJECT, "the robot's token is given twice, in url and as token; drop one");
	return OK;
}

static struct str dingtalk_url(struct arena *a, const struct message *m)
{
	const struct target *t = m->target;
	struct buf url;
	buf_init(&url, LIMIT_URL_BYTES);
	buf_adds(&url, t->url);
	if (t->token.n > 0) {
		buf_addz(&url, str_findc(t->url, '?') < 0 ? "?access_token=" : "&access_token=");
		sign_url_encode(&url, t->token);
	}
	if (t->secret.n > 0)
		buf_addf(&url, "&timestamp=%lld&sign=%s", (long long)m->now_ms, sign_dingtalk(a, t->secret, m->now_ms).p);
	struct str out = url.overflow ? STR("") : arena_copy(a, buf_str(&url));
	buf_release(&url);
	return out;
}

static struct str dingtalk_body(struct arena *a, struct str content)
{
	struct buf b;
	buf_init(&b, DINGTALK_BODY_BYTES);
	buf_addz(&b, "{\"msgtype\":\"text\",\"text\":{");
	buf_json_str(&b, "content", content);
	buf_addz(&b, "}}");
	struct str body = b.overflow ? STR("") : arena_copy(a, buf_str(&b));
	buf_release(&b);
	return body;
}

static enum outcome dingtalk_render(struct arena *a, const struct message *m, struct rendering *out, struct err *e)
{
	struct str *part = NULL;
	size_t n = 0;
	enum outcome o = split_text(a, str_trim(text_render(a, m)), DINGTALK_TEXT_BYTES, &part, &n, e);
	if (o != OK)
		return o;
	struct str url = dingtalk_url(a, m);
	if (url.n == 0)
		return err_set(e, REJECT, "url, token and signature together pass %d bytes", LIMIT_URL_BYTES);
	struct request_out *r = arena_list(a, struct request_out, n);
	for (size_t i = 0; i < n; i++) {
		r[i].url = url;
		r[i].body = dingtalk_body(a, part[i]);
		if (r[i].body.n == 0)
			return err_set(e, REJECT, "the alert does not fit a body of %d bytes", DINGTALK_BODY_BYTES);
		request_header(&r[i], STR("Content-Type: application/json; charset=utf-8"));
	}
	*out = (struct rendering){ r, n };
	return OK;
}

static enum outcome dingtalk_judge(struct answer *answer, struct err *e)
{
	/* -1: system busy; the others mean "too many messages", by age of the robot's documentation. */
	static const int64_t busy[] = { -1, 130101, 410100, 90018, 90030 };
	return channel_judge_errcode(answer, busy, sizeof(busy) / sizeof(busy[0]), e);
}

const struct channel channel_dingtalk = {
	.name = "dingtalk",
	.about = "a signed text message of a DingTalk (钉钉) group robot",
	.options = dingtalk_options,
	.noptions = sizeof(dingtalk_options) / sizeof(dingtalk_options[0]),
	.burst = 4, /* as WeCom's */
	.every_ms = 4000,
	.check = dingtalk_check,
	.render = dingtalk_render,
	.judge = dingtalk_judge,
};
