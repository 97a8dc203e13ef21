/* How a source is: one judgement a poll, settled when polls agree; what operators are told of it, and when. Pure.
 *
 * Silence. Posts are taken for a Poisson process with the rate and the hours that crawler/polling.h has learned; there is no second
 * estimate. When a post comes, that rate is kept as it is (`usual` a day, learned of `known` posts), for polling forgets it while the
 * source is silent. From then on what was to be expected is summed, over the time in which the source answered: `owed`. Where several posts
 * come at once they are one event (`clump`, their mean number): events owed are L = owed / clump, events known a = 1/2 + known / clump.
 * The rate is known no better than that, so the chance of none in L is not exp(-L) but that of a gamma-Poisson mixture,
 *
 *	P(0) = (1 + L / a)^-a		(Gelman et al., Bayesian Data Analysis, 3rd ed., 2.6: predictive of the gamma prior)
 *
 * which is exp(-L) for a source that is known well and never small for one that is not. Each event begins a new gap, so for one false word
 * in HEALTH_CHANCE days P(0) times the events of a day has to be below 1 / HEALTH_CHANCE. Real sources keep weekends and holidays: the most
 * that was owed before (`record`, forgotten with 60 days) has to be passed by half, up to eight times the first bound; and nothing is said in
 * the first 8 days, which hold a weekend, of fewer than 5 events, or within an hour.
 *
 * Canary: an answer of 200 of which nothing can be read (a recipe that does not find the posts it expects, a feed that is none), or
 * a page with fewer than half the posts of the emptiest one so far. Drift: author, date or text of posts is there in a fifth
 * of them (in half of them when another reader took the page) where four fifths had it. Both against the means of the source's own pages.
 *
 * All other states are those of crawler/standing.h, and a streak of errors. One poll is no verdict: the table in health.c says how many
 * have to agree. */
#ifndef EARSHOT_CRAWLER_HEALTH_H
#define EARSHOT_CRAWLER_HEALTH_H

#include "crawler/standing.h"

#define HEALTH_CHANCE 1e4 /* days of a source between two false silences, were it a Poisson process */

enum health {
	HEALTH_NEW, /* never answered */
	HEALTH_WELL,
	HEALTH_SILENT,
	HEALTH_CANARY,
	HEALTH_DRIFT,
	HEALTH_LIMITED,
	HEALTH_CHALLENGED,
	HEALTH_FAILING,
	HEALTH_GONE,
	HEALTH__N
};
extern const char *const health_names[HEALTH__N]; /* as in Redis */
enum health health_of(struct str word); /* a word of another build is HEALTH_NEW */
bool health_is_sick(enum health h);

/* What is remembered between two polls, in Redis as name=value (health_memory.c). Shares and counts are in thousandths. */
struct health_memory {
	int64_t first_ms, polled_ms; /* first and last time it answered */
	int64_t news_ms; /* when it last brought something new */
	int64_t usual, known, owed, clump, record; /* see above */
	int64_t reads; /* pages that the following are the mean of */
	int64_t entries, least; /* posts on a page: usually, and at least */
	int64_t texts, dates, authors; /* share of posts that have them */
	enum health page; /* what the page that was read last says of it, */
	int64_t page_field, page_now, page_usual; /* and by which numbers */
	enum health doubt; /* what the last polls say instead of the state; the state itself when they agree */
	int64_t doubts, doubt_ms; /* how many, since when */
	struct str reader; /* what read the page: "rss20", "page, engine discuz" */
};
void health_memory_parse(struct str text, struct health_memory *out);
struct str health_memory_write(struct arena *a, const struct health_memory *m);

/* A page of the source's own that was read. */
struct health_page {
	size_t n, texts, dates, authors; /* posts, and those that have the field */
	struct str reader;
};
/* One poll. */
struct health_sight {
	int64_t now_ms;
	enum standing standing;
	bool is_fine;
	bool is_unread; /* 200, and what came cannot be read */
	bool is_further; /* a page behind the first, or one that was asked without trust: what is new on it is no news */
	size_t nnew; /* posts never seen before */
	const struct health_page *page; /* NULL: none was read */
	int64_t failures; /* in a row, this one included */
	struct str error;
};
/* What a poll says, with the numbers of its sentence. */
struct health_finding {
	enum health verdict;
	int field; /* of drift: 0 text, 1 date, 2 author */
	double now, usual; /* of canary: posts; of drift: shares */
	double owed, chance; /* of silence */
	int64_t quiet_ms;
	bool is_unread;
	struct str reader, was_reader; /* "" = the same */
	int64_t failures;
	struct str error;
};

/* The clock of the silence alone: this poll brought news or did not. `arrivals` have seen it already. */
void health_clock(struct health_memory *m, const struct source_arrivals *arrivals, const struct health_sight *sight);
/* The silence alone: how many posts are owed and by which chance so many would stay away; as finding and as answer. */
bool health_is_silent(const struct health_memory *m, int64_t now_ms, struct health_finding *out);

struct health_terms {
	int64_t tell_ms; /* how long a source has to be sick before people hear of it */
	int64_t remind_ms; /* the first reminder; the next after 3 times as long, then 7 times */
};
enum health_news { HEALTH_NO_NEWS, HEALTH_FELL_ILL, HEALTH_STILL_ILL, HEALTH_RECOVERED };
struct health_outcome {
	enum health was, is; /* settled states */
	enum health verdict; /* of this poll alone */
	enum health_news news; /* what is due to be told; health_told() when it was */
	int64_t since_ms; /* of the sickness that the news is about */
	struct health_finding finding;
	struct health_memory memory; /* as it is now */
};
/* `h` is changed, its texts live in `a`; `arrivals` have seen this poll already. */
struct health_outcome health_step(struct arena *a, struct source_health *h, const struct source_arrivals *arrivals,
	const struct health_sight *sight, const struct health_terms *terms);
void health_told(struct source_health *h, enum health_news news, int64_t now_ms);

/* A sick source is asked less often: how long to wait instead of `wait_ms`. */
int64_t health_wait_ms(const struct source_health *h, int64_t wait_ms);

/* ---- words (health_words.c) ---- */

enum health_lang { HEALTH_ZH, HEALTH_EN, HEALTH_LANG__N };
struct str health_span(struct arena *a, int64_t ms, enum health_lang lang); /* "3 d 2 h", "3 天 2 小时" */
const char *health_word(enum health h, enum health_lang lang); /* "silent", "沉默" */
/* Why, with the numbers. */
struct str health_reason(struct arena *a, const struct health_finding *f, enum health_lang lang);
/* For people at a terminal: the state, its reason, and how the silence stands. */
struct str health_describe(struct arena *a, const struct source_state *s, int64_t now_ms);

#endif
