/* Fuzz target: an alert from the outbox, through every channel and both languages. What comes out has to be whole UTF-8,
 * within the limits of its channel. */
#include "notifier/notifier.h"

#include "common/base/utf8.h"
#include "common/store/outbox.h"
#include "notifier/text.h"

#define WECOM_BODY_MOST (2048 * 2 + 64)
#define DINGTALK_BODY_MOST 20000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void render(struct arena *a, const struct channel *c, const struct alert *alert, int lang)
{
	const struct target t = { .name = STR("t"),
		.channel = c,
		.lang = lang,
		.utc_offset_min = lang == LANG_ZH ? 480 : -210,
		.url = STR("https://a.example/?key=1&access_token=2"),
		.path = STR("alerts.log"),
		.secret = STR("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw") };
	const struct message m = { .target = &t, .alert = alert, .delivery_id = STR("i:1:t"), .now_ms = 1763780400123 };
	struct rendering out = { 0 };
	struct err e;
	if (c->render(a, &m, &out, &e) != OK)
		return;
	size_t most = str_eqc(STR("wecom"), c->name)      ? WECOM_BODY_MOST
		      : str_eqc(STR("dingtalk"), c->name) ? DINGTALK_BODY_MOST
							  : SIZE_MAX;
	for (size_t i = 0; i < out.n; i++)
		if (out.request[i].body.n > most || out.request[i].body.n == 0 || !utf8_valid(out.request[i].body))
			__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct alert alert;
	struct err e;
	arena_init(&a, 64u << 20);
	if (alert_parse(&a, (struct str){ (const char *)data, size }, &alert, &e) == OK)
		for (size_t c = 0; c < channels_n; c++)
			for (int lang = LANG_ZH; lang < LANG__N; lang++)
				render(&a, channels[c], &alert, lang);
	arena_release(&a);
	return 0;
}
