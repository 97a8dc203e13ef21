/* Quotes and signatures of mails. */
#include "crawler/mail_body.h"

#include "common/base/buf.h"

#define ANNOUNCEMENT_BYTES 300

static bool contains(struct str s, const char *const *list)
{
	for (; *list; list++)
		if (str_find(s, str_of(*list)) >= 0)
			return true;
	return false;
}

/* Everything behind it is somebody else's, or a signature. */
static bool ends_own_text(struct str line)
{
	static const char *const begins[] = { "-----Original Message", "----- Original Message", "---------- Forwarded message",
		"-----原始邮件", "-----邮件原件", "------------------ 原始邮件", "________________________________", NULL };
	const struct str s = str_trim(line);
	if (str_eqc(line, "-- ") || str_eqc(line, "--") || str_eqc(line, "-- \r"))
		return true;
	for (const char *const *b = begins; *b; b++)
		if (str_istarts(s, str_of(*b)))
			return true;
	return false;
}

static bool is_quoted(struct str line)
{
	return str_starts(str_trim(line), STR(">"));
}

/* "On Mon, Jo wrote:" in front of a quote. */
static bool announces(struct str line)
{
	static const char *const words[] = { "wrote:", "写道：", "写道:", "寫道：", "寫道:", " wrote ", NULL };
	return line.n < ANNOUNCEMENT_BYTES && contains(line, words);
}

static bool quote_follows(struct str rest)
{
	struct str line;
	while (str_split(&rest, '\n', &line))
		if (str_trim(line).n > 0)
			return is_quoted(line);
	return false;
}

struct str mail_body_own(struct arena *a, struct str text)
{
	struct str rest = text, line;
	struct buf out;
	buf_init(&out, text.n + 2);
	while (str_split(&rest, '\n', &line)) {
		if (ends_own_text(line))
			break;
		if (is_quoted(line) || (announces(line) && quote_follows(rest)))
			continue;
		buf_adds(&out, line.n > 0 && line.p[line.n - 1] == '\r' ? str_first(line, line.n - 1) : line);
		buf_addc(&out, '\n');
	}
	const struct str own = arena_copy(a, str_trim(buf_str(&out)));
	buf_release(&out);
	return own.n > 0 ? own : str_trim(text);
}
