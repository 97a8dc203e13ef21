/* A rulebook on the posts of the past, beside the one in force: what would be found more and less, which incidents would have
 * opened, and what it costs. Pure but for its clock: the posts come from an iterator (an archive, a file), matching, admission
 * and judgement are the functions of the live path, incidents those of the live tick (trial.h).
 *
 * Posts are scanned once a book, in any order: the incidents are tried afterwards, with the mentions in the order of their
 * arrival (a post that came late counts late, as in life). A post id is taken once. Memory is bounded: counts a rule and brand,
 * samples, ids of at most BACKTEST_IDS posts, twelve bytes a mention. */
#ifndef EARSHOT_DETECTOR_BACKTEST_H
#define EARSHOT_DETECTOR_BACKTEST_H

#include "common/base/conf.h"
#include "common/base/tally.h"
#include "common/text/rulediff.h"
#include "detector/sample.h"
#include "detector/trial.h"

#define BACKTEST_IDS (1u << 25) /* further posts are taken unchecked, and counted */
#define BACKTEST_MENTIONS (1u << 26) /* of a book; further ones are counted but not tried */
#define BACKTEST_PAIRS (1u << 22) /* pairs of rules seen together */
#define BACKTEST_HOURS (24 * 400) /* of the curves; older and younger posts count in the totals alone */

/* ---- where posts come from ---- */

struct backtest_post {
	struct post post;
	struct conf_list brands; /* about these whatever its words (a brand's own page); n = 0: the rules decide */
	struct conf_list own; /* ids of brands whose own account wrote it, when that was known at the door */
	bool backfill; /* undated history of a source's first sight: stored, no news */
};
struct backtest_source {
	/* OK; SKIP at the end; anything else ends the run. What it gives lives in `a`, which is reset for every post. */
	enum outcome (*next)(struct backtest_source *self, struct arena *a, struct backtest_post *out, struct err *e);
};

/* ---- what is found ---- */

enum backtest_side { BOOK_OLD, BOOK_NEW, BOOK__N };

/* What mentions count in; names as in the buckets. */
enum backtest_dimension {
	BACKTEST_ALL,
	BACKTEST_NEGATIVE,
	BACKTEST_NEUTRAL,
	BACKTEST_POSITIVE,
	BACKTEST_COMPLAINT,
	BACKTEST_OWN,
	BACKTEST_CATEGORY, /* + enum category; [CAT_NONE] stays empty */
	BACKTEST_DIMENSION__N = BACKTEST_CATEGORY + CAT__N
};
struct str backtest_dimension_name(struct arena *a, int dimension);

struct backtest_rule {
	struct rule_pair pair; /* what every hit touches stands together, in one line of the cache */
	int64_t places[BOOK__N]; /* a post may hold it more than once */
	int64_t hits[BOOK__N]; /* posts in which it was found */
	int64_t last_ms; /* arrival of the youngest post it was found in; -1 never */
	int64_t mentions[BOOK__N]; /* of the hits, mentions: of its brand, or of any when it is for all */
	int64_t gained, lost; /* mentions (of either book) in which only the new, only the old found it */
	struct samples gained_sample, lost_sample;
};
struct backtest_brand {
	struct brand_pair pair;
	int64_t kept, gained, lost; /* mentions */
	int64_t count[BOOK__N][BACKTEST_DIMENSION__N];
	uint32_t *hour[BOOK__N][WATCH__N]; /* backtest.nhours counts from backtest.first_hour on; NULL: none */
	struct samples gained_sample, lost_sample;
};
struct backtest_cost {
	int64_t posts, scan_ns, judge_ns;
	double bytes_bytes, bytes_places, places_places, bytes_ns, places_ns; /* sums for the price of a place */
};

/* A mention as the trial needs it. */
struct backtest_mention {
	uint32_t arrival, counts; /* minutes since 1970 */
	uint16_t brand; /* index in the book */
	uint8_t watched; /* bit of each enum watched */
	uint8_t category;
};
struct backtest_mentions {
	struct backtest_mention *item;
	size_t n, cap;
	bool is_unsorted;
	int64_t untried; /* beyond BACKTEST_MENTIONS */
};

struct backtest_options {
	const struct thresholds *thresholds[BOOK__N]; /* NULL: no incidents of that book */
	size_t samples; /* of each brand and rule, gained and lost */
	bool counts_overlaps; /* which rules of the new book are found in the same posts */
	int64_t (*now_ns)(void); /* NULL: cost is not measured */
};

struct backtest {
	struct backtest_options options;
	const struct rulebook *book[BOOK__N]; /* borrowed; [BOOK_OLD] NULL: nothing to compare with */
	struct arena arena; /* what is found */
	struct backtest_rule *rule;
	size_t nrules;
	struct backtest_brand *brand;
	size_t nbrands;
	struct backtest_mentions mentions[BOOK__N];
	struct trial trial[BOOK__N];
	struct backtest_cost cost[BOOK__N];
	int64_t posts, repeated, touched; /* touched: some rule of either book was found */
	int64_t from_ms, to_ms; /* arrival of the first and last post; -1 without any */
	int64_t first_hour; /* hours since 1970 of the curves */
	size_t nhours;
	struct tally ids, together; /* together: (lower rule << 32 | higher rule) of one list */
	uint32_t *rule_of[BOOK__N], *brand_of[BOOK__N]; /* index in the book -> index here */
	struct backtest_touch *touch; /* of the post at hand */
	uint32_t *touch_of;
	size_t ntouched;
};

void backtest_init(
	struct backtest *b, const struct rulebook *old, const struct rulebook *new, const struct backtest_options *options);
void backtest_release(struct backtest *b);
enum outcome backtest_run(struct backtest *b, struct backtest_source *source, struct err *e) MUST_CHECK;

/* ---- what follows from it ---- */

/* Mentions of the new book over those of the old, of a brand id and a dimension ("all", "negative", "complaint",
 * "category:NAME"): what a publish re-bases the baselines with (design 4.9). false when either book has none. */
struct backtest_ratio {
	int64_t old, new;
	double ratio;
};
bool backtest_ratio(const struct backtest *b, struct str brand, struct str dimension, struct backtest_ratio *out);

/* Incidents of both books side by side: the same one when they are of the same brand and overlap in time. By onset. */
struct backtest_incident {
	int brand; /* index of backtest.brand */
	const struct trial_incident *incident[BOOK__N]; /* at most one is NULL */
};
size_t backtest_incidents(const struct backtest *b, struct arena *a, struct backtest_incident **out);

/* Sums over all brands. */
struct backtest_totals {
	int64_t kept, gained, lost, incidents[BOOK__N], incidents_gained, incidents_lost;
	int64_t touched_rules, never; /* added or changed rules; those of them that were found in no post */
};
struct backtest_totals backtest_totals(const struct backtest *b);

double backtest_ns_per_post(const struct backtest *b, enum backtest_side side); /* 0 when not measured */
/* What one rule adds, spread over all posts: its places times the price of a place. All literals are found in one pass, so that
 * the price comes from least squares over posts: time = x bytes + y places. */
double backtest_rule_ns(const struct backtest *b, const struct backtest_rule *rule, enum backtest_side side);

/* Rules of one list that are found in the same posts: |both| / |either| >= least. Highest first. */
struct backtest_overlap {
	const struct backtest_rule *a, *b; /* a has at least as many hits */
	int64_t both;
	double jaccard;
};
size_t backtest_overlaps(const struct backtest *b, struct arena *a, double least, struct backtest_overlap **out);

#endif
