/* The words of an alert in both languages: one table a thing, one column a language. */
#ifndef EARSHOT_NOTIFIER_WORDS_H
#define EARSHOT_NOTIFIER_WORDS_H

#include "notifier/notifier.h"

/* What an alert tells: the event and where it led, as people (and `events = …` of a route) call it. */
enum news {
	NEWS_OPENED,
	NEWS_ESCALATED,
	NEWS_CALMING,
	NEWS_CLOSED,
	NEWS_ACKNOWLEDGED,
	NEWS_ASSIGNED,
	NEWS_ASSESSING,
	NEWS_RESPONDING,
	NEWS_FALSE_ALARM,
	NEWS_MUTED,
	NEWS_REVIEWED,
	NEWS__N
};
extern const char *const news_names[NEWS__N];
enum news alert_news(const struct alert *alert);

/* "舆情升级", "incident escalated" */
const char *words_news(enum news n, enum lang lang);
/* "红色 I 级", "RED, level I" */
const char *words_level(enum level l, enum lang lang);
/* A category, source family or series by its name in Redis; the name itself when there is no word for it. */
struct str words_category(struct str name, enum lang lang);
struct str words_family(struct str name, enum lang lang);
struct str words_series(struct str name, enum lang lang);

#endif
