/* Politeness: how long a host is left alone after a request, counted from the end of that request. Pure.
 *
 * The longest of: the source's own delay; five times what the request took, so that a slow host is asked less (Heritrix's rule;
 * LIMIT_POLITE_MS at most; not where delay = 0: that is one's own server); Crawl-delay of its robots.txt; what the host asked
 * for (Retry-After); the back-off. Then up to a tenth more, so that hosts do not fall into step.
 *
 * The back-off belongs to the host: after POLITE_TRIES requests in a row that failed through its fault it is shut, for 2, 4, 8 …
 * seconds; whichever of its sources has waited longest is then the one probe (one request a host is under way at a time).
 * If the probe fails the host is shut for twice as long, any answer opens it again. */
#ifndef EARSHOT_CRAWLER_POLITE_H
#define EARSHOT_CRAWLER_POLITE_H

#include <earshot/outcome.h>

#include <stdbool.h>
#include <stdint.h>

#define POLITE_TRIES 3 /* failures in a row before a host is shut */

struct polite {
	int64_t delay_ms; /* of the source */
	int64_t duration_ms; /* of the request */
	int64_t crawl_delay_ms; /* 0 = none */
	int64_t retry_after_ms; /* <= 0: none */
	int64_t failures; /* of the host, in a row, this request included */
};

/* `dice`: any 32 bits. */
int64_t polite_pause_ms(const struct polite *p, uint32_t dice);
/* Whether a request failed through the host's fault: no answer, or one that says "too much" (429, 503). A page that is missing
 * or refused is no sign that the host suffers. `outcome` as in http_response. */
bool polite_is_failure(enum outcome outcome, int status);

#endif
