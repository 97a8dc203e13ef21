/* Shared by the commands that look at stored data. */
#include "cli/stored.h"

#include "common/base/clock.h"
#include "common/base/utf8.h"
#include "common/store/redis.h"

#include <stdio.h>
#include <string.h>

#define OUT_BYTES ((size_t)64 << 20)
#define LONGEST_SPAN_MS (100 * 366 * MS_PER_DAY)

bool stored_open(struct stored *s, const struct option_row *rows, int argc, char **argv)
{
	*s = (struct stored){ .now_ms = clock_now_ms(), .code = EXIT_USAGE };
	buf_init(&s->out, OUT_BYTES);
	if (!command_open(&s->session, rows, argc, argv, &s->code))
		return false;
	s->code = EXIT_REDIS;
	s->redis = command_redis(&s->session.arena, &s->session.options, &s->session.settings);
	if (!s->redis)
		return false;
	s->code = EXIT_OK;
	return true;
}

struct partition stored_partition(struct stored *s, struct str brand)
{
	return (struct partition){ .redis = s->redis, .arena = &s->session.arena, .brand = brand };
}

void stored_flush(struct stored *s)
{
	bool written = fwrite(buf_str(&s->out).p, 1, s->out.n, stdout) == s->out.n;
	if (s->out.overflow)
		(void)fprintf(stderr, "earshot: the output is cut at %zu bytes; ask for less\n", s->out.max);
	if ((!written || s->out.overflow) && s->code == EXIT_OK)
		s->code = EXIT_NO;
	buf_clear(&s->out);
}

int stored_close(struct stored *s)
{
	stored_flush(s);
	if (fflush(stdout) != 0 && s->code == EXIT_OK)
		s->code = EXIT_NO;
	redis_free(s->redis);
	buf_release(&s->out);
	command_close(&s->session);
	return s->code;
}

void stored_fail(struct stored *s, const struct err *e)
{
	s->code = command_fail(e);
}

bool stored_span(const char *text, int64_t *ms)
{
	static const struct {
		char unit;
		int64_t ms;
	} units[] = {
		{ 's', MS_PER_SECOND },
		{ 'm', MS_PER_MINUTE },
		{ 'h', MS_PER_HOUR },
		{ 'd', MS_PER_DAY },
		{ 'w', 7 * MS_PER_DAY },
	};
	struct str all = str_of(text);
	int64_t n = 0;
	if (all.n < 2 || !str_to_i64(str_first(all, all.n - 1), &n) || n <= 0)
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (units[i].unit != all.p[all.n - 1] || n > LONGEST_SPAN_MS / units[i].ms)
			continue;
		*ms = n * units[i].ms;
		return true;
	}
	return false;
}

bool stored_moment(const char *text, int64_t now_ms, int64_t *ms)
{
	int64_t span_ms = 0;
	if (!stored_span(text, &span_ms))
		return clock_parse_iso(str_of(text), ms);
	*ms = now_ms - span_ms;
	return true;
}

bool stored_span_option(struct stored *s, const char *name, const char *fallback, int64_t *ms)
{
	const char *text = options_value(&s->session.options, name);
	if (stored_span(text ? text : fallback, ms))
		return true;
	(void)fprintf(
		stderr, "earshot: --%s \"%s\" is not a span of time; write a number and a unit, as 30m, 2h or 7d\n", name, text);
	s->code = EXIT_USAGE;
	return false;
}

bool stored_limit_option(struct stored *s, const char *command, size_t most, size_t *limit)
{
	const char *text = options_value(&s->session.options, "limit");
	int64_t n = (int64_t)*limit;
	if (text && (!str_to_i64(str_of(text), &n) || n < 1 || n > (int64_t)most)) {
		s->code = command_usage_error(command_find(command), "--limit \"%s\" is not a number from 1 to %zu", text, most);
		return false;
	}
	*limit = (size_t)n;
	return true;
}

enum outcome stored_brands(struct stored *s, const char *only, struct brand_row **row, size_t *n, struct err *e)
{
	enum outcome o = procs_brands(s->redis, &s->session.arena, row, n, e);
	if (o != OK || !only)
		return o;
	struct buf names;
	buf_init(&names, 256);
	for (size_t i = 0; i < *n; i++) {
		if (str_eqc((*row)[i].id, only)) {
			*row += i;
			*n = 1;
			buf_release(&names);
			return OK;
		}
		buf_addf(&names, "%s%.*s", i > 0 ? ", " : "", STR_FMT((*row)[i].id));
	}
	o = err_set(e, REJECT, "there is no brand \"%s\"; there are: %.*s", only,
		STR_FMT(names.n > 0 ? buf_str(&names) : STR("none yet")));
	buf_release(&names);
	return o;
}

void stored_text(struct buf *out, struct str text, size_t most_bytes)
{
	struct str cut = str_cut_utf8(text, most_bytes);
	for (size_t at = 0; at < cut.n;) {
		size_t from = at;
		uint32_t c = utf8_next(cut, &at);
		bool is_control =
			c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || (c >= 0x202A && c <= 0x202E);
		if (is_control)
			buf_addc(out, ' ');
		else
			buf_add(out, cut.p + from, at - from);
	}
	if (cut.n < text.n)
		buf_addz(out, "…");
}

void stored_minute(struct buf *out, int64_t ms)
{
	char iso[32];
	if (ms <= 0) {
		buf_addc(out, '-');
		return;
	}
	(void)clock_iso(ms, iso);
	iso[10] = ' ';
	buf_add(out, iso, strlen("2026-11-22 12:00"));
}

void stored_age(struct buf *out, int64_t ms)
{
	if (ms < 2 * MS_PER_MINUTE)
		buf_addf(out, "%llds", (long long)(ms / MS_PER_SECOND));
	else if (ms < 2 * MS_PER_HOUR)
		buf_addf(out, "%lldm", (long long)(ms / MS_PER_MINUTE));
	else if (ms < 2 * MS_PER_DAY)
		buf_addf(out, "%lldh", (long long)(ms / MS_PER_HOUR));
	else
		buf_addf(out, "%lldd", (long long)(ms / MS_PER_DAY));
}
