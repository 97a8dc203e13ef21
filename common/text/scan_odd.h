/* Latin words in disguise: digits and signs for letters (5c4m), letters of other scripts, letters repeated (scaaam), starred
 * out (sc*m), or standing apart (s c a m). Cheap keys say which terms a strange word may be; a close look decides.
 * Only the scan*.c files use this. */
#ifndef EARSHOT_TEXT_SCAN_ODD_H
#define EARSHOT_TEXT_SCAN_ODD_H

#include "common/text/scan_book.h"
#include "common/text/scan_verify.h"

/* The keys under which a Latin term may be found in disguise. */
struct scan_odd_keys {
	enum start_kind kind[8];
	uint32_t key[8];
	size_t n;
};
void scan_odd_keys(const struct scan_term *t, struct scan_odd_keys *out);

#define SPELLED_LETTERS 3 /* of a word whose letters stand apart, by which it is looked up */
static inline uint32_t scan_odd_spelled_key(const uint32_t letter[SPELLED_LETTERS])
{
	return scan_book_key(START_SPELLED, (uint64_t)letter[0] << 32 | letter[1], letter[2]);
}

/* A stretch of the text that may be a word in disguise: bytes from … to. Calls `found` for each term that it is. */
typedef void scan_odd_found(void *context, const struct scan_term *t, const struct scan_hit *hit);

/* What may still be done for a text. */
struct scan_budget {
	unsigned looks; /* close looks */
	unsigned doubts; /* hits that the dictionary is asked about; it takes hundreds of looks to answer */
};

struct scan_odd {
	const struct scan *scan;
	const struct scan_text *text;
	scan_odd_found *found;
	void *context;
	struct scan_budget *budget;
};

/* The word around the strange place `at`; returns the end of what was looked at. */
size_t scan_odd_word(const struct scan_odd *o, size_t at);
/* The run of single letters that the one at `at` belongs to; returns its end. */
size_t scan_odd_spelled(const struct scan_odd *o, size_t at);
/* A word that is already known to reach from `from` to `to`. */
void scan_odd_token(const struct scan_odd *o, size_t from, size_t to);

#endif
