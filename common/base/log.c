/* Log lines: one event, one write(2), never more than PIPE_BUF, so that the lines of several processes do not mix. */
#include "common/base/log.h"

#include "common/base/clock.h"
#include "common/base/utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_BYTES 2048u
#define QUOTED_BYTES 512u
#define FIRST_PAUSE_MS (10 * MS_PER_SECOND)
#define LONGEST_PAUSE_MS MS_PER_HOUR

static const char *const event_names[EV__N] = {
#define EVENT(name, about) [EV_##name] = #name,
#include <earshot/events.def>
#undef EVENT
};

static const char *const level_names[] = { "debug", "info", "warn", "error" };

static char role_name[32] = "earshot";
static enum log_level least_level = LOG_INFO;

void log_init(const char *role, enum log_level least)
{
	(void)snprintf(role_name, sizeof(role_name), "%s", role);
	least_level = least;
}

const char *log_event_name(enum log_event event)
{
	return (size_t)event < EV__N ? event_names[event] : "unknown";
}

static size_t line_head(char *line, enum log_level level, enum log_event event)
{
	char iso[32];
	int64_t now = clock_now_ms();
	clock_iso(now, iso);
	/* The seconds end in "Z"; the ms go before it. */
	size_t stem = strlen(iso) - 1;
	int n = snprintf(line, LINE_BYTES, "%.*s.%03dZ %s %s %s", (int)stem, iso, (int)(now % 1000), level_names[level],
		role_name, log_event_name(event));
	return n > 0 ? (size_t)n : 0;
}

static void line_send(const char *line, size_t n)
{
	ssize_t sent = 0;
	do {
		sent = write(STDERR_FILENO, line, n);
	} while (sent < 0 && errno == EINTR);
	/* Nobody is left to tell when standard error is gone. */
}

static PRINTF_LIKE(4, 0) void log_line(
	enum log_level level, enum log_event event, unsigned long unsaid, const char *fmt, va_list args)
{
	if (level < least_level)
		return;
	char line[LINE_BYTES + 40];
	size_t n = line_head(line, level, event);
	size_t detail = n + 1;
	int want = vsnprintf(line + detail, LINE_BYTES - detail, fmt, args);
	if (want > 0) {
		struct str text = { line + detail, (size_t)want < LINE_BYTES - detail ? (size_t)want : LINE_BYTES - detail - 1 };
		size_t room = LINE_BYTES - detail - 4;
		line[n] = ' ';
		n = detail + str_cut_utf8(text, room).n;
	}
	for (size_t i = detail; i < n; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7F)
			line[i] = ' '; /* an event is one line, whatever the detail brought along */
	if (unsaid > 0)
		n += (size_t)snprintf(line + n, 36, " unsaid=%lu", unsaid);
	line[n++] = '\n';
	line_send(line, n);
}

void log_event(enum log_level level, enum log_event event, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	log_line(level, event, 0, fmt, args);
	va_end(args);
}

/* ---- quoting ---- */

/* What can turn a line of a log into something else on a screen: controls (C0, DEL, C1 with U+0085), line and paragraph
 * separators, and the marks that reverse the reading direction. */
static bool is_unsafe(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x200E || cp == 0x200F || (cp >= 0x2028 && cp <= 0x202E) ||
	       (cp >= 0x2066 && cp <= 0x2069) || cp == 0xFEFF;
}

static bool is_bare(struct str value)
{
	if (value.n == 0 || value.n > QUOTED_BYTES / 2)
		return false;
	for (size_t i = 0; i < value.n; i++) {
		unsigned char c = (unsigned char)value.p[i];
		if (c <= ' ' || c >= 0x7F || c == '"' || c == '\\' || c == '=')
			return false;
	}
	return true;
}

/* One code point, escaped where needed; the number of bytes, at most 8. */
static size_t quote_put(char *out, uint32_t cp)
{
	if (cp == '"' || cp == '\\') {
		out[0] = '\\';
		out[1] = (char)cp;
		return 2;
	}
	if (!is_unsafe(cp))
		return (size_t)utf8_put(out, cp);
	if (cp == '\n' || cp == '\t' || cp == '\r') {
		out[0] = '\\';
		out[1] = cp == '\n' ? 'n' : cp == '\t' ? 't' : 'r';
		return 2;
	}
	return (size_t)snprintf(out, 8, "\\u%04x", (unsigned)cp & 0xFFFFu);
}

const char *log_quote(struct str value)
{
	static char ring[4][QUOTED_BYTES];
	static unsigned turn;
	char *out = ring[turn++ % 4];
	size_t n = 0;
	if (is_bare(value)) {
		memcpy(out, value.p, value.n);
		out[value.n] = 0;
		return out;
	}
	out[n++] = '"';
	for (size_t at = 0; at < value.n;) {
		if (n > QUOTED_BYTES - 16) {
			memcpy(out + n, "\xE2\x80\xA6", 3); /* … */
			n += 3;
			break;
		}
		n += quote_put(out + n, utf8_next(value, &at));
	}
	out[n++] = '"';
	out[n] = 0;
	return out;
}

/* ---- trouble that repeats ---- */

void log_complain(struct complaint_log *c, enum log_event event, const char *fmt, ...)
{
	int64_t now = clock_monotonic_ms();
	if (c->active && now - c->last_ms < c->pause_ms) {
		c->unsaid++;
		return;
	}
	c->pause_ms = c->active ? c->pause_ms * 2 : FIRST_PAUSE_MS;
	if (c->pause_ms > LONGEST_PAUSE_MS)
		c->pause_ms = LONGEST_PAUSE_MS;
	va_list args;
	va_start(args, fmt);
	log_line(LOG_WARN, event, c->unsaid, fmt, args);
	va_end(args);
	c->active = true;
	c->last_ms = now;
	c->unsaid = 0;
}

void log_relieved(struct complaint_log *c, enum log_event event, const char *fmt, ...)
{
	if (!c->active)
		return;
	va_list args;
	va_start(args, fmt);
	log_line(LOG_INFO, event, c->unsaid, fmt, args);
	va_end(args);
	*c = (struct complaint_log){ 0 };
}
