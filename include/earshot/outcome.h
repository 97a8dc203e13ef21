/* What a call came to, and the sentence that says why. Every fallible function returns an `enum outcome`:
 * it tells the CALLER its next move. `struct err` receives one complete sentence with the thing, the value and
 * the remedy in it, and is untouched on OK, so that calls can be chained. Only the one who handles an error logs it. */
#ifndef EARSHOT_OUTCOME_H
#define EARSHOT_OUTCOME_H

enum outcome {
	OK = 0,
	SKIP, /* fine, but not for us: go on with the next item */
	RETRY, /* may work later: keep the item and try again */
	REJECT, /* never will: put the item aside with its reason */
	STOP, /* this process cannot go on */
};

#define ERR_TEXT_BYTES 512

struct err {
	enum outcome outcome;
	char text[ERR_TEXT_BYTES]; /* one sentence, UTF-8, NUL-terminated, no newline */
};

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

/* Fills `e` (when not NULL) and returns `outcome`, so that `return err_set(e, RETRY, "…")` reads as one thought. */
enum outcome err_set(struct err *e, enum outcome outcome, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* The exit codes of the command contract (docs/decisions.md): sysexits where one fits. */
enum exit_code { EXIT_OK = 0, EXIT_NO = 1, EXIT_USAGE = 2, EXIT_REDIS = 69, EXIT_AGAIN = 75, EXIT_CONFIG = 78 };

#endif
