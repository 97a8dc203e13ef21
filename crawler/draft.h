/* From a draft (parts of a post as somebody wrote them in a table, a JSON object, a mail) to a post: dates, numbers and stars as
 * people and Excel write them, markup taken off, identity. Pure. */
#ifndef EARSHOT_CRAWLER_DRAFT_H
#define EARSHOT_CRAWLER_DRAFT_H

#include "crawler/mapping.h"
#include <earshot/post.h>
#include <earshot/source.h>

struct draft_terms {
	const struct source *source; /* id, family, scope, zone of times that name none; a draft may name another source */
	int64_t now_ms;
	bool is_table; /* numbers may be dates the way Excel keeps them */
	struct str key; /* identity of a draft that has no id, no url: "" = made of what it says */
};
/* Fills `out` as admit_post() wants it (the author is still the name); *brand is "" when not given. REJECT with the part and the
 * value when it is no post: without text, or with a date that cannot be read (a wrong guess would count it in a wrong minute). */
enum outcome draft_post(struct arena *a, const struct draft_terms *t, const struct draft *d, struct post *out, struct str *brand,
	struct err *e) MUST_CHECK;

/* "1,234", "1.2万", "3.4k", "10万+" as a whole number; -1 when it is none. */
int64_t draft_count(struct arena *a, struct str written);
/* "4", "4.0", "4星", "★★★★☆", "4/5", "8/10", "四星" as 1 … 5; -1 when it is none. */
int draft_stars(struct arena *a, struct str written);
/* dates_parse(), and days since 1900 when `is_table`. */
bool draft_date(struct str written, const struct draft_terms *t, int64_t *ms, bool *day_only);

#endif
