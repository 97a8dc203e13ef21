/* `timestamp,value` rows to sights: stamps in their usual forms, equal buckets, window sums kept as they roll. */
#include "cli/csv_series.h"

#include "common/base/clock.h"
#include "common/base/table.h"

#include <math.h>
#include <string.h>

#define STAMP_BYTES 40
#define VALUE_MOST 1e12

static bool next_field(struct table_cutter *c, struct str *field)
{
	struct table_cell cell;
	if (c->rest.p == NULL)
		return false;
	if (table_cut(c, &cell) == TABLE_BAD_QUOTE)
		(void)table_cut_plain(c, &cell); /* a mistake that the stamp or the value will show */
	*field = str_trim(cell.text);
	return true;
}

static bool has_zone(struct str s)
{
	return s.n > 19 && (s.p[s.n - 1] == 'Z' || s.p[s.n - 1] == 'z' || str_findc(str_from(s, 19), '+') >= 0 ||
				   str_findc(str_from(s, 19), '-') >= 0);
}

/* "2015-02-26 21:42:53", with T, without seconds, with a zone, or epoch numbers. No zone means UTC. */
static bool parse_stamp(struct str s, int64_t *out_ms)
{
	char text[STAMP_BYTES];
	if (s.n < 16 || s.p[4] != '-')
		return clock_parse_iso(s, out_ms);
	if (s.n + 4 > sizeof text)
		return false;
	memcpy(text, s.p, s.n);
	size_t n = s.n;
	text[10] = text[10] == ' ' ? 'T' : text[10];
	if (n == 16) {
		memcpy(text + n, ":00", 3);
		n += 3;
	}
	if (!has_zone((struct str){ text, n }))
		text[n++] = 'Z';
	return clock_parse_iso((struct str){ text, n }, out_ms);
}

bool csv_row_parse(struct arena *a, struct str line, struct csv_row *out, const char **why)
{
	struct table_cutter rest = { a, line, ',' };
	struct str value;
	*out = (struct csv_row){ .known = true };
	*why = "is not `timestamp,value`; write both, as 2015-02-26 21:42:53,104";
	if (!next_field(&rest, &out->stamp) || !next_field(&rest, &value))
		return false;
	*why = "has a timestamp that cannot be read; write it as 2015-02-26 21:42:53, as ISO 8601 or as epoch seconds";
	if (!parse_stamp(out->stamp, &out->at_ms) || out->at_ms <= 0)
		return false;
	*why = "has a value that is not a number; write a count, or leave it empty where nothing was watched";
	out->known = value.n > 0;
	if (!out->known)
		return true;
	if (!str_to_double(value, &out->value))
		return false;
	out->value = fmax(0, fmin(VALUE_MOST, out->value)); /* counts are not below zero */
	return true;
}

bool csv_row_is_header(struct arena *a, struct str line)
{
	struct table_cutter rest = { a, line, ',' };
	struct str stamp, value;
	int64_t at_ms;
	double number;
	if (!next_field(&rest, &stamp) || !next_field(&rest, &value))
		return false;
	return !parse_stamp(stamp, &at_ms) && !str_to_double(value, &number);
}

int64_t csv_series_bucket(const int64_t *at_ms, size_t n)
{
	int64_t best = 5 * MS_PER_MINUTE;
	int most = 0;
	for (size_t i = 1; i < n; i++) {
		const int64_t gap = at_ms[i] - at_ms[i - 1];
		int same = 0;
		for (size_t k = 1; k < n; k++)
			same += at_ms[k] - at_ms[k - 1] == gap;
		if (gap >= MS_PER_SECOND && (same > most || (same == most && gap < best))) {
			most = same;
			best = gap;
		}
	}
	return best;
}

void csv_series_init(struct csv_series *s, int64_t bucket_ms)
{
	memset(s, 0, sizeof *s);
	s->bucket_ms = bucket_ms;
	const int64_t step_ms = bucket_ms > 5 * MS_PER_MINUTE ? bucket_ms : 5 * MS_PER_MINUTE;
	for (int w = 0; w < EVIDENCE_WINDOWS; w++)
		s->width[w] = (int)(step_ms * (evidence_window_minutes[w] / evidence_window_minutes[0]) / bucket_ms);
}

/* Adding and taking away leaves dust behind when values are fractions: once a round the sums are made anew. */
static void sum_anew(struct csv_series *s)
{
	for (int w = 0; w < EVIDENCE_WINDOWS; w++) {
		s->sum[w] = 0;
		for (int64_t i = s->seen - 1; i >= 0 && i >= s->seen - s->width[w]; i--)
			s->sum[w] += s->bucket[i % s->width[EVIDENCE_WINDOWS - 1]];
	}
}

static void push(struct csv_series *s, double value)
{
	const int size = s->width[EVIDENCE_WINDOWS - 1];
	for (int w = 0; w < EVIDENCE_WINDOWS; w++) {
		const double leaves = s->seen >= s->width[w] ? s->bucket[(s->seen - s->width[w]) % size] : 0;
		s->sum[w] = fmax(0, s->sum[w] + value - leaves);
	}
	s->bucket[s->seen % size] = value;
	s->seen++;
	if (s->seen % size == 0)
		sum_anew(s);
}

static void push_hole(struct csv_series *s, int64_t buckets)
{
	const int longest = s->width[EVIDENCE_WINDOWS - 1];
	const int64_t filled = s->seen < longest ? s->seen : longest;
	const double mean = filled > 0 ? s->sum[EVIDENCE_WINDOWS - 1] / (double)filled : 0;
	for (int64_t i = 0; i < buckets && i < longest; i++)
		push(s, mean);
	s->hole_until = s->seen + s->width[1];
}

static void add_to_last(struct csv_series *s, double value)
{
	s->bucket[(s->seen - 1) % s->width[EVIDENCE_WINDOWS - 1]] += value;
	for (int w = 0; w < EVIDENCE_WINDOWS; w++)
		s->sum[w] += value;
}

enum outcome csv_series_add(struct csv_series *s, const struct csv_row *row, struct sight *out)
{
	/* stamps jitter: half a bucket either way belongs to the nearest */
	const int64_t ahead = s->seen == 0 ? 1 : (row->at_ms - s->at_ms + s->bucket_ms / 2) / s->bucket_ms;
	if (s->seen > 0 && (row->at_ms <= s->at_ms || ahead < 1)) {
		add_to_last(s, row->known ? row->value : 0);
		return SKIP;
	}
	if (ahead > 1)
		push_hole(s, ahead - 1);
	if (row->known)
		push(s, row->value);
	else
		push_hole(s, 1);
	s->at_ms = row->at_ms;
	*out = (struct sight){ .at_ms = row->at_ms + s->bucket_ms, .missing = s->seen < s->hole_until };
	memcpy(out->sum, s->sum, sizeof out->sum);
	return OK;
}
