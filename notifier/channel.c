/* The table of channels, and what their judges share. */
#include "notifier/notifier.h"

#include <earshot/limits.h>

#include "common/base/json.h"
#include "common/base/url.h"

#define CHANNEL(name) extern const struct channel name;
#include "notifier/channels.def"
#undef CHANNEL

const struct channel *const channels[] = {
#define CHANNEL(name) &name,
#include "notifier/channels.def"
#undef CHANNEL
};
const size_t channels_n = sizeof(channels) / sizeof(channels[0]);

/* The choices of `channel = …`: a name is spelled once more here because a struct's member is no constant in C; a unit test
 * compares both lists. */
const char *const channel_names[] = { "webhook", "wecom", "dingtalk", "log", NULL };

#define TOO_FAST_MS 60000 /* the robots count by the minute */

enum outcome channel_judge_status(const struct answer *answer, struct err *e)
{
	int status = answer->status;
	if (status >= 200 && status < 300)
		return OK;
	if (status < 200 || status >= 500 || status == 408 || status == 425 || status == 429)
		return err_set(e, RETRY, "the target answered %d; it is tried again", status);
	if (status < 400)
		return err_set(e, REJECT,
			"the target answered %d, a redirect, which alerts do not follow; put the final address into url", status);
	return err_set(e, REJECT, "the target answered %d and will not take this alert; check its url and secrets", status);
}

enum outcome channel_judge_errcode(struct answer *answer, const int64_t *busy, size_t nbusy, struct err *e)
{
	enum outcome status = channel_judge_status(answer, e);
	if (status != OK)
		return status;
	struct err ignored;
	struct json *doc = json_parse(answer->body, &ignored);
	int64_t code = 0;
	bool has_code = json_i64(json_get(doc, "errcode"), &code);
	json_free(doc);
	if (!has_code)
		return err_set(e, RETRY, "the target answered %d without an errcode; is a proxy in between?", answer->status);
	if (code == 0)
		return OK;
	for (size_t i = 0; i < nbusy; i++) {
		if (code != busy[i])
			continue;
		if (answer->retry_after_ms < TOO_FAST_MS)
			answer->retry_after_ms = TOO_FAST_MS;
		return err_set(e, RETRY, "the robot answered errcode %lld (busy or too many messages); it is tried again",
			(long long)code);
	}
	/* Not errmsg: robots quote the request in it, keys included. */
	return err_set(e, REJECT, "the robot refused with errcode %lld; look the code up in its documentation", (long long)code);
}

enum outcome channel_check_url(const struct target *t, struct err *e)
{
	if (t->url.n == 0)
		return err_set(e, REJECT, "url is empty; give the address that the target's settings page shows");
	struct err hidden; /* its sentence would quote the address, and the address is a password */
	if (!str_istarts(t->url, STR("https://")) && !str_istarts(t->url, STR("http://")))
		return err_set(e, REJECT, "url does not start with https:// (or http://); other schemes are not spoken here");
	if (t->url.n > LIMIT_URL_BYTES || url_check_fetchable(t->url, &hidden) != OK)
		return err_set(e, REJECT,
			"url is not an address that can be fetched; user:password@, backslashes, spaces and odd ports are "
			"refused");
	return OK;
}

void request_header(struct request_out *r, struct str line)
{
	if (r->nheaders < sizeof(r->header) / sizeof(r->header[0]))
		r->header[r->nheaders++] = line;
}
