/* A log line is an event on standard error: `time level role event key=value …` (logfmt). Event names come from
 * <earshot/events.def>. Never in a log: post text, author names, tokens, phone numbers; ids only. */
#ifndef EARSHOT_BASE_LOG_H
#define EARSHOT_BASE_LOG_H

#include "common/base/str.h"
#include <earshot/outcome.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

enum log_event {
#define EVENT(name, about) EV_##name,
#include <earshot/events.def>
#undef EVENT
	EV__N
};

void log_init(const char *role, enum log_level least); /* default: role "earshot", LOG_INFO */
/* The detail is logfmt text made by the format: `"source=%s status=%d"`; quote free text with log_quote. */
void log_event(enum log_level level, enum log_event event, const char *fmt, ...) PRINTF_LIKE(3, 4);
const char *log_event_name(enum log_event event);
/* Quotes and escapes a value for logfmt (control bytes, ESC, U+2028, U+0085 too) into one of four static buffers. */
const char *log_quote(struct str value);

/* Trouble that repeats is said once, then with growing pauses (doubling, up to an hour), and once more when it is over. */
struct complaint_log {
	int64_t last_ms, pause_ms;
	unsigned long unsaid;
	bool active;
};
void log_complain(struct complaint_log *c, enum log_event event, const char *fmt, ...) PRINTF_LIKE(3, 4);
void log_relieved(struct complaint_log *c, enum log_event event, const char *fmt, ...) PRINTF_LIKE(3, 4);

#endif
