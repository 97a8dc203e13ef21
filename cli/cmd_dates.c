/* earshot dates: dates as pages write them, one a line, to ISO 8601. */
#include "cli/command.h"
#include "cli/commands.h"
#include "common/base/clock.h"
#include "common/base/file.h"
#include "crawler/dates.h"

#include <earshot/limits.h>

#include <stdio.h>

static const struct option_row rows[] = { { NULL, false, NULL } };

/* +08:00, -05:30 or Z as minutes; false on anything else. */
static bool read_zone(struct str s, int *minutes)
{
	int64_t hours, rest;

	*minutes = 0;
	if (str_eqc(s, "Z"))
		return true;
	if (s.n != 6 || (s.p[0] != '+' && s.p[0] != '-') || s.p[3] != ':')
		return false;
	if (!str_to_i64((struct str){ s.p + 1, 2 }, &hours) || !str_to_i64((struct str){ s.p + 4, 2 }, &rest))
		return false;
	*minutes = (int)(hours * 60 + rest) * (s.p[0] == '-' ? -1 : 1);
	return true;
}

/* ref<TAB>zone<TAB>date; a line that is not of this shape is answered with an empty line, too. */
static void answer(struct str line, struct buf *out)
{
	struct date_context context = { 0 };
	struct str ref, zone;
	struct date date;

	if (!str_split(&line, '\t', &ref) || !str_split(&line, '\t', &zone) || !read_zone(zone, &context.zone_minutes))
		return;
	if (ref.n > 0 && !clock_parse_iso(ref, &context.now_ms))
		return;
	if (dates_parse(line, &context, &date))
		dates_write(out, &date);
}

int cmd_dates(int argc, char **argv)
{
	struct options o;
	struct lines in;
	struct str line;
	struct buf out;
	int code = EXIT_USAGE;

	if (options_parse(&o, command_find("dates"), rows, argc, argv, &code)) {
		lines_init(&in, stdin, LIMIT_JSONL_BYTES);
		buf_init(&out, 64);
		while (lines_next(&in, &line)) {
			buf_clear(&out);
			if (!in.too_long)
				answer(line, &out);
			buf_addc(&out, '\n');
			(void)!fwrite(out.p, 1, out.n, stdout);
			if (fflush(stdout) != 0)
				break; /* the reader is gone */
		}
		buf_release(&out);
		lines_release(&in);
		code = EXIT_OK;
	}
	options_release(&o);
	return code;
}
