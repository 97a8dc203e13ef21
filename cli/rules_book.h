/* A rulebook as a person names it: folders, of which a later one overrides an earlier one ("rules,my-rules" is two), or a
 * published version by its twelve digits. A published one comes with the thresholds of the settings' folders. */
#ifndef EARSHOT_CLI_RULES_BOOK_H
#define EARSHOT_CLI_RULES_BOOK_H

#include "cli/command.h"
#include "common/text/rulebook.h"
#include "detector/thresholds.h"

#define RULES_FOLDERS_MOST 16

struct rules_book {
	const char *folder[RULES_FOLDERS_MOST];
	size_t nfolders;
	char version[RULEBOOK_VERSION_BYTES]; /* "" = of the folders */
	bool keeps_model; /* folders under the model that `model use` chose, as `rules publish` would put them in force */
	struct rulebook *book; /* NULL before it is loaded */
	struct thresholds thresholds;
};

/* Adds the folders of one word; false when there are too many. The names live in `a`. */
bool rules_book_add(struct rules_book *b, struct arena *a, const char *word);
/* The folders of the settings. */
void rules_book_of_settings(struct rules_book *b, const struct settings *s);
/* What all workers follow: the published version, else (also when no Redis answers) the folders of the settings. */
void rules_book_in_force(struct rules_book *b, struct session *s);
/* Prints what is wrong; false when there is an error. */
bool rules_book_load(struct rules_book *b, struct session *s);
void rules_book_release(struct rules_book *b);
/* "rules + my-rules", "published" */
struct str rules_book_name(const struct rules_book *b, struct arena *a);
/* Does the rule come from the last folder: the operator's own, when there is more than one? */
bool rules_book_is_own(const struct rules_book *b, const struct rule *rule);

#endif
