/* The generic webhook: a CloudEvents JSON body with the signature headers of Standard Webhooks, so that the receiver can tell
 * that it is ours, that it is fresh, and that it is a repeat (webhook-id is the delivery id, the same on every attempt).
 *   webhook-signature: "v1," + base64(HMAC-SHA256(base64decode(secret behind whsec_), id "." seconds "." body))
 * Several secrets, separated by white space, give several signatures: that is how a secret is changed without a gap. */
#include "notifier/notifier.h"

#include "common/base/clock.h"
#include "common/base/signature.h"
#include "common/store/notices.h"
#include "common/store/outbox.h"
#include "notifier/text.h"
#include "notifier/words.h"

#define BODY_BYTES (128u << 10) /* the alert, its text, and the escapes of both */

static const struct conf_option webhook_options[] = {
	{ .name = "url", .type = CONF_STR, .offset = offsetof(struct target, url), .required = true, .help = "where to POST" },
	{ .name = "secret",
		.type = CONF_SECRET,
		.offset = offsetof(struct target, secret),
		.help = "whsec_ and base64 of 24 to 64 random bytes; several separated by spaces while one is being replaced" },
	{ .name = "allow_cidr",
		.type = CONF_LIST,
		.offset = offsetof(struct target, allow_cidr),
		.help = "private or loopback networks this target may be reached in" },
};

static enum outcome webhook_check(const struct target *t, struct err *e)
{
	enum outcome o = channel_check_url(t, e);
	if (o != OK || signature_usable(t->secret))
		return o;
	return err_set(e, REJECT,
		"secret is not whsec_ and base64 of 16 bytes or more (or more than %d secrets); make one with: "
		"echo whsec_$(openssl rand -base64 24)",
		SIGNATURE_SECRETS);
}

static void add_head(struct buf *b, struct str source, struct str type, struct str subject, int64_t at_ms)
{
	char time[32];
	buf_json_str(b, "source", source);
	buf_json_str(b, "type", type);
	buf_json_str(b, "subject", subject);
	buf_json_str(b, "time", str_of(clock_iso(at_ms, time)));
	buf_json_str(b, "datacontenttype", STR("application/json"));
	buf_json_key(b, "data");
	buf_addc(b, '{');
}

static void add_alert(struct arena *a, struct buf *b, const struct message *m)
{
	const struct alert *alert = m->alert;
	add_head(b, arena_printf(a, "/earshot/%.*s", STR_FMT(alert->brand)),
		arena_printf(a, "earshot.incident.%s", news_names[alert_news(alert)]), str_of(alert->incident.id), alert->at_ms);
	buf_json_bool(b, "drill", alert->drill);
	buf_json_str(b, "text", text_render(a, m));
	buf_json_key(b, "alert");
	alert_write(b, alert);
}

static void add_notice(struct arena *a, struct buf *b, const struct message *m)
{
	const struct notice *n = m->notice;
	add_head(b, STR("/earshot"), arena_printf(a, "earshot.health.%s", notice_names[n->kind]),
		n->source.n > 0 ? n->source : STR("sources"), n->at_ms);
	buf_json_str(b, "text", text_render(a, m));
	buf_json_key(b, "notice");
	notice_write(b, n);
}

static struct str webhook_body(struct arena *a, const struct message *m)
{
	struct buf b;
	buf_init(&b, BODY_BYTES);
	buf_addc(&b, '{');
	buf_json_str(&b, "specversion", STR("1.0"));
	buf_json_str(&b, "id", m->delivery_id);
	if (m->notice != NULL)
		add_notice(a, &b, m);
	else
		add_alert(a, &b, m);
	buf_addz(&b, "}}");
	struct str body = b.overflow ? STR("") : arena_copy(a, buf_str(&b));
	buf_release(&b);
	return body;
}

/* The id becomes a header line and a part of what is signed. */
static bool is_header_safe(struct str id)
{
	for (size_t i = 0; i < id.n; i++)
		if (id.p[i] <= ' ' || id.p[i] > '~' || id.p[i] == '.')
			return false;
	return id.n > 0 && id.n <= 256;
}

static enum outcome webhook_render(struct arena *a, const struct message *m, struct rendering *out, struct err *e)
{
	if (!is_header_safe(m->delivery_id))
		return err_set(e, REJECT, "the delivery id cannot be put into a header; the alert in the outbox is broken");
	struct request_out *r = arena_new(a, struct request_out);
	r->url = m->target->url;
	r->body = webhook_body(a, m);
	if (r->body.n == 0)
		return err_set(e, REJECT, "the alert does not fit a body of %u bytes", BODY_BYTES);
	int64_t seconds = m->now_ms / MS_PER_SECOND;
	struct str signatures = signature_make(a, m->target->secret, m->delivery_id, seconds, r->body);
	request_header(r, STR("Content-Type: application/cloudevents+json; charset=utf-8"));
	request_header(r, arena_printf(a, "webhook-id: %.*s", STR_FMT(m->delivery_id)));
	request_header(r, arena_printf(a, "webhook-timestamp: %lld", (long long)seconds));
	if (signatures.n > 0)
		request_header(r, arena_printf(a, "webhook-signature: %.*s", STR_FMT(signatures)));
	*out = (struct rendering){ r, 1 };
	return OK;
}

static enum outcome webhook_judge(struct answer *answer, struct err *e)
{
	return channel_judge_status(answer, e);
}

const struct channel channel_webhook = {
	.name = "webhook",
	.about = "a signed POST (CloudEvents body, Standard Webhooks headers) to any receiver",
	.options = webhook_options,
	.noptions = sizeof(webhook_options) / sizeof(webhook_options[0]),
	.check = webhook_check,
	.render = webhook_render,
	.judge = webhook_judge,
};
