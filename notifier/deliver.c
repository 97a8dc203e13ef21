/* What one attempt comes to. */
#include "notifier/deliver.h"

#include <earshot/limits.h>

#include <string.h>

int64_t deliver_backoff_ms(int64_t attempts, int64_t retry_after_ms, uint32_t random)
{
	int64_t pause = DELIVER_BASE_MS;
	for (int64_t i = 1; i < attempts && pause < LIMIT_BACKOFF_MS; i++)
		pause *= 2;
	if (pause > LIMIT_BACKOFF_MS)
		pause = LIMIT_BACKOFF_MS;
	int64_t half = pause / 2;
	pause = half + (int64_t)(random % (uint32_t)(half + 1));
	if (retry_after_ms > DELIVER_WAIT_MOST_MS)
		retry_after_ms = DELIVER_WAIT_MOST_MS;
	return pause > retry_after_ms ? pause : retry_after_ms;
}

struct settlement deliver_settle(const struct attempt *a, const struct err *why)
{
	struct settlement s = { .how = SETTLE_SENT, .at_ms = a->now_ms };
	if (a->outcome == OK)
		return s;
	s.why = *why;
	s.how = SETTLE_DEAD;
	if (a->outcome != RETRY)
		return s;
	if (a->attempts >= LIMIT_ATTEMPTS) {
		(void)err_set(&s.why, REJECT, "given up after %lld attempts; the last: %s", (long long)a->attempts, why->text);
		return s;
	}
	s.how = SETTLE_RETRY;
	s.at_ms = a->now_ms + deliver_backoff_ms(a->attempts, a->retry_after_ms, a->random);
	return s;
}

/* Replaces every `secret` in the sentence. Short ones would garble it and hide nothing. */
static void hide(struct err *e, struct str secret)
{
	static const char hidden[] = "(hidden)";
	if (secret.n < 4)
		return;
	for (;;) {
		struct str text = str_of(e->text);
		ptrdiff_t at = str_find(text, secret);
		if (at < 0)
			return;
		struct str head = str_first(text, (size_t)at), tail = str_from(text, (size_t)at + secret.n);
		(void)err_set(e, e->outcome, "%.*s%s%.*s", STR_FMT(head), hidden, STR_FMT(tail));
	}
}

void deliver_hide(const struct target *t, struct err *e)
{
	hide(e, t->url);
	ptrdiff_t slashes = str_find(t->url, STR("://"));
	struct str rest = slashes < 0 ? t->url : str_from(t->url, (size_t)slashes + 3);
	ptrdiff_t slash = str_findc(rest, '/');
	if (slash >= 0) {
		struct str path = str_from(rest, (size_t)slash);
		ptrdiff_t query = str_findc(path, '?');
		hide(e, path);
		hide(e, query < 0 ? path : str_from(path, (size_t)query + 1));
	}
	hide(e, t->token);
	hide(e, t->secret);
}
