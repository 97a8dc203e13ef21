/* What commands that look at texts have in common: the rulebook they were told to use. */
#ifndef EARSHOT_CLI_RULES_H
#define EARSHOT_CLI_RULES_H

#include "cli/batch_io.h"
#include "cli/command.h"
#include "common/text/admission.h"
#include <earshot/verdict.h>

/* Every --rules DIR, else the folders of the settings; prints problems, NULL with the exit code when there is an error. */
struct rulebook *rules_open(const struct options *o, int argc, char **argv, int *exit_code);

/* A command that answers JSON lines by a rulebook (the context of `answer`): options, the book, the batch. Returns its exit code. */
int rules_batch(int argc, char **argv, const struct option_row *rows, batch_answer *answer);

/* A text as the rules see it, and toward whom it was judged. */
struct rules_reading {
	struct scanned scanned;
	struct admission *admission;
	size_t nadmissions;
	struct verdict verdict;
	struct str brand; /* the name judged toward; "" = the text as a whole */
};

/* `brand` "" = the one brand the text is about, when it is one. A name that no rule knows is looked for as it stands. */
void rules_read(
	struct arena *a, const struct rulebook *book, const struct post *post, struct str brand, struct rules_reading *out);
/* "case", "width" … of enum fold bits, in a fixed order; returns how many. */
size_t rules_fold_names(unsigned folds, const char *out[FOLD__N]);

/* Members of the answer of a batch command: the names of the brands a text is about, and its matches: [{"rule","list","brand"?
 * (its id),"field"? (when not the text),"from","to","fold"}]. */
void rules_write_brands(struct buf *out, const struct rulebook *book, const struct admission *about, size_t n);
void rules_write_matches(struct buf *out, const char *member, const struct rulebook *book, const struct scanned *s);

#endif
