/* When a page was published: asks the sources in turn and takes the best answer. */
#include "crawler/extract_published.h"

#include "common/base/clock.h"
#include "common/base/fuel.h"

#include <string.h>

#define FIRST_YEAR 1995 /* older days on a page are about something, not of the page */
#define BEFORE_HEADLINE 2 /* a node in front of the headline is as far as two behind it */

static bool is_plausible(const struct published *p, const struct date *date)
{
	const int64_t fetched = p->x->page->fetched_ms;

	if (date->form == DATE_PARTIAL || date->ms < clock_from_utc(FIRST_YEAR, 1, 1, 0, 0, 0))
		return false;
	return fetched <= 0 || date->ms <= fetched + MS_PER_DAY;
}

uint32_t published_distance(const struct published *p, uint32_t node)
{
	const struct dom_node *h = &p->x->dom->node[p->headline];

	if (p->headline == 0)
		return node;
	if (node >= h->end)
		return node - h->end;
	return node < p->headline ? (p->headline - node) * BEFORE_HEADLINE : 0;
}

/* A date that hangs on the time of the fetch is worth less, and in running text nothing: "today" may be any day. */
static enum published_rank rank_for(enum published_rank rank, const struct date *date)
{
	static const bool is_byline[PUBLISHED__N] = {
		[PUBLISHED_MARKED] = true, [PUBLISHED_BYLINE] = true, [PUBLISHED_FAR] = true, [PUBLISHED_NEAR] = true
	};

	if (date->form != DATE_RELATIVE)
		return rank;
	return is_byline[rank] ? PUBLISHED_RELATIVE : PUBLISHED__N;
}

void published_offer_date(
	struct published *p, enum published_rank rank, struct str written, const struct date *date, uint32_t node)
{
	const enum published_rank fit = rank_for(rank, date);
	const uint32_t distance = published_distance(p, node);

	if (fit == PUBLISHED__N || !is_plausible(p, date) || (p->best[fit].is_set && p->best[fit].distance <= distance))
		return;
	p->best[fit] = (struct sighting){ .is_set = true, .written = written, .date = *date, .distance = distance };
}

void published_offer(struct published *p, enum published_rank rank, struct str written, uint32_t node)
{
	struct date date;

	written = str_trim(written);
	if (dates_parse(written, &p->dates, &date))
		published_offer_date(p, rank, written, &date, node);
}

static bool is_within(const struct sighting *a, const struct sighting *b, int64_t ms)
{
	const int64_t apart = a->date.ms - b->date.ms;

	return a->is_set && b->is_set && apart >= -ms && apart <= ms;
}

/* A page whose published and modified moments are one was written anew by its system: an earlier day that is called a date near
 * the headline is the real one. */
static const struct sighting *with_doubt(const struct published *p, const struct sighting *found)
{
	static const enum published_rank seen[] = { PUBLISHED_MARKED, PUBLISHED_BYLINE };

	if (!is_within(found, &p->best[PUBLISHED_MODIFIED], MS_PER_SECOND))
		return found;
	for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++) {
		const struct sighting *other = &p->best[seen[i]];
		if (other->is_set && other->date.ms + 2 * MS_PER_DAY < found->date.ms)
			return other;
	}
	return found;
}

/* A day alone gets its time, and a moment in UTC its local form, from another source that tells the same. */
static const struct sighting *with_time(const struct published *p, const struct sighting *found)
{
	for (size_t rank = 0; rank < PUBLISHED_MODIFIED; rank++) {
		const struct sighting *other = &p->best[rank];
		if (other == found || !is_within(other, found, MS_PER_DAY - 1) || other->date.day_only)
			continue;
		if (found->date.day_only && other->date.ms >= found->date.ms &&
			other->date.zone_minutes == found->date.zone_minutes)
			return other;
		if (!found->date.day_only && found->date.zone_minutes == 0 && other->date.zone_minutes != 0 &&
			is_within(other, found, MS_PER_MINUTE))
			return other;
	}
	return found;
}

/* Asked for every date of a page. */
static bool is_day_first(const struct extract *x)
{
	if (x->memo == NULL)
		return published_is_day_first(x);
	if (x->memo->day_first == DAY_FIRST_UNKNOWN)
		x->memo->day_first = published_is_day_first(x) ? DAY_FIRST_YES : DAY_FIRST_NO;
	return x->memo->day_first == DAY_FIRST_YES;
}

static struct date_context context_of(const struct extract *x)
{
	return (struct date_context){
		.now_ms = x->page->fetched_ms, .zone_minutes = x->page->zone_minutes, .day_first = is_day_first(x)
	};
}

bool extract_published(const struct extract *x, struct str *written, int64_t *ms, bool *day_only)
{
	struct published p = { .x = x, .dates = context_of(x) };

	*written = STR("");
	*ms = -1;
	*day_only = false;
	published_scan_body(&p); /* first: it finds the headline, from which distances count */
	published_scan_meta(&p);
	published_scan_scripts(&p);
	published_scan_address(&p);
	for (size_t rank = 0; rank < PUBLISHED__N; rank++) {
		const struct sighting *found = &p.best[rank];
		if (!found->is_set)
			continue;
		found = with_time(&p, with_doubt(&p, found));
		*written = found->written;
		*ms = found->date.ms;
		*day_only = found->date.day_only;
		return true;
	}
	return false;
}

bool extract_date(const struct extract *x, struct str written, int64_t *ms, bool *day_only)
{
	const struct date_context context = context_of(x);
	struct date date;

	*ms = -1;
	*day_only = false;
	if (!fuel_spend(x->page->fuel, 1))
		return false;
	if (!dates_parse(written, &context, &date))
		return false;
	*ms = date.ms;
	*day_only = date.day_only;
	return true;
}
