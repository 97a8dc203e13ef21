/* An alert as the detector would write it, for tests of the notifier. */
#ifndef EARSHOT_TESTS_ALERT_SAMPLE_H
#define EARSHOT_TESTS_ALERT_SAMPLE_H

#include <earshot/alert.h>

#include <stdio.h>

static inline struct alert alert_sample(void)
{
	struct alert a = {
		.event_id = STR("0123456789abcdef0123456789abcdef:3"),
		.brand = STR("yunque"),
		.brand_name = STR("云雀电动车"),
		.brand_name_en = STR("Skylark EV"),
		.from = INC_NONE,
		.event = EVT_SURGE,
		.negative_share = 0.62,
		.usual_negative_share = 0.18,
		.rulebook = STR("r1"),
		.at_ms = 1763780400000, /* 2025-11-22T03:00:00Z */
		.nexcerpts = 2,
	};
	struct incident *i = &a.incident;
	(void)snprintf(i->id, sizeof(i->id), "0123456789abcdef0123456789abcdef");
	(void)snprintf(i->series, sizeof(i->series), "complaint");
	(void)snprintf(i->category, sizeof(i->category), "safety");
	i->state = INC_DETECTED;
	i->level = LEVEL_ORANGE;
	i->revision = 3;
	i->onset_ms = 1763777880000; /* 42 minutes before */
	i->opened_ms = i->changed_ms = a.at_ms;
	i->peak = (struct evidence){ .observed = 214,
		.expected = 38,
		.low = 22,
		.high = 58,
		.score = 9.5,
		.p_value = 1e-9,
		.ratio = 5.63,
		.window_ms = 3600000,
		.since_ms = 1763777880000 };
	i->posts = 230;
	i->negative = 140;
	i->complaints = 97;
	a.excerpt[0] = (struct excerpt){ .post_id = STR("p1"),
		.title = STR("刹车失灵"),
		.text = STR("骑了两个月刹车就失灵，售后让我自己拧螺丝。"),
		.url = STR("https://forum.example.com/t/1"),
		.family = STR("forum"),
		.lang = STR("zh-Hans"),
		.sentiment = -0.9,
		.posted_ms = 1763777880000 };
	a.excerpt[1] = (struct excerpt){ .post_id = STR("p2"),
		.title = STR(""),
		.text = STR("Brakes failed on my Skylark, nobody answers the hotline."),
		.url = STR("https://social.example.com/s/2"),
		.family = STR("social"),
		.lang = STR("en"),
		.sentiment = -0.8,
		.posted_ms = 1763778000000 };
	return a;
}

#endif
