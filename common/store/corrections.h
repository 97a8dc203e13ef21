/* Corrections: what people say a mention is, where the verdict said otherwise. A record lies beside the mention, by the same post id,
 * and names it only: it holds neither text nor author. It goes with the mention, by retention and by `earshot erase`. The mention
 * itself is not written again and nothing is counted anew.
 *
 * A record as JSON: `label`, `nature`, `category`, `urgency` as far as somebody corrected them (the last word of a field holds),
 * `said` (the verdict's own words, its confidence, its model and rulebook), and `history`, the newest CORRECTIONS_HISTORY
 * corrections, newest first: `at_ms`, `by`, `note` and the fields that each set. */
#ifndef EARSHOT_STORE_CORRECTIONS_H
#define EARSHOT_STORE_CORRECTIONS_H

#include "common/base/json.h"
#include "common/store/partition.h"

enum correction_field { CORRECTION_LABEL, CORRECTION_NATURE, CORRECTION_CATEGORY, CORRECTION_URGENCY, CORRECTION__N };
extern const char *const correction_field_names[CORRECTION__N];
#define CORRECTION_NO_CATEGORY "none" /* it belongs to no category; "" would be: nobody spoke of it */
#define CORRECTIONS_HISTORY 5

/* One word of a person. */
struct correction {
	struct str value[CORRECTION__N]; /* names of the vocabulary, checked by the caller; "" = not spoken of */
	struct str by, note; /* at most LIMIT_PERSON_BYTES and LIMIT_NOTE_BYTES */
	int64_t at_ms;
};

/* Writes it into the record of the post, all fields or none. SKIP: it is the last word there already, and nothing was written.
 * REJECT: there is no such mention, it was erased, a name is too long, or the brand has LIMIT_CORRECTIONS of them. */
enum outcome corrections_put(const struct partition *p, struct str post_id, const struct correction *c, struct err *e) MUST_CHECK;
/* Takes all of it back; SKIP when there is none. */
enum outcome corrections_withdraw(const struct partition *p, struct str post_id, struct err *e) MUST_CHECK;
/* The records of `n` posts; "" where there is none. */
enum outcome corrections_records(
	const struct partition *p, const struct str *post_id, size_t n, struct str *record, struct err *e) MUST_CHECK;

/* All of a brand, the last corrected first, each once. */
struct correction_row {
	struct str post_id, record;
	int64_t at_ms; /* of the last word */
};
enum outcome corrections_all(const struct partition *p, struct correction_row **row, size_t *n, struct err *e) MUST_CHECK;

/* The last word of a record; strings are borrowed from it. */
struct correction corrections_last(const struct json *record);
/* What holds now, over all words: value "" where nobody spoke; by, note and time are of the last word. */
struct correction corrections_now(const struct json *record);

#endif
