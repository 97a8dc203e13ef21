/* All rules at one version, compiled and immutable. Built aside from a folder of rules/, swapped by the caller in one
 * assignment, refused whole when anything is wrong.
 *   brands.conf        [brand ID] name, name_en, aliases, context, exclude, own_accounts
 *   LIST.LANG.tsv      term <TAB> weight <TAB> category|urgency|nature <TAB> note   (LIST = complaint urgency sentiment
 *                      negation intensity contrast nature; `#` comment lines; header line optional)
 *   scoring.conf       [scoring] model = NAME: the trained model that judges beside the words; none without it
 *   *.model            a trained model (weights.h) that scoring.conf can name; it goes before a shipped one of its name
 *   *.query            boolean queries and macros (rulebook_queries.c)
 * Rules lie in three runs: terms, then the terms of queries (LIST_LEAF), then the queries themselves, which the scanner never
 * sees.
 * The version is the first 12 hex digits of SHA-256 over all files (names and bytes), so equal rules have equal versions. */
#ifndef EARSHOT_TEXT_RULEBOOK_H
#define EARSHOT_TEXT_RULEBOOK_H

#include "common/base/problems.h"
#include <earshot/match.h>
#include <earshot/rulefile.h>

#define RULEBOOK_FOLDED_BYTES 1024 /* of one folded term; NFKC can lengthen what LIMIT_TERM_BYTES let in */

struct scan; /* the compiled literals, common/text/scan.h */
struct weights; /* a trained model, common/text/weights.h */
struct queries; /* the compiled queries, common/text/query.h */

struct rulebook {
	struct arena arena; /* owns everything below */
	char version[RULEBOOK_VERSION_BYTES];
	struct brand *brand;
	size_t nbrands;
	struct rule *rule;
	size_t nrules;
	struct scan *scan; /* NULL after rulebook_keep_admission() */
	struct scan *admission; /* of the terms that say which brands a post is about, numbered as in `scan`; NULL = ask `scan` */
	struct scan *first; /* of the terms without which a post is about no brand (first_look.h); NULL = there is no telling */
	struct queries *queries; /* NULL when there is none */
	const struct weights *weights; /* NULL: the words alone judge */
};

/* Reads the files of several folders as one set (the shipped rules/ and an operator's own); a folder without a kind of file
 * is fine. What cannot be read is an error in `p`. */
void rulebook_read(struct arena *a, const char *const *folder, size_t nfolders, struct rulebook_files *out, struct problems *p);
void rulebook_version(const struct rulebook_files *files, char out[RULEBOOK_VERSION_BYTES]);
/* NULL when there is any error in `p`. The book keeps nothing of `files`. */
struct rulebook *rulebook_compile(const struct rulebook_files *files, struct problems *p);
/* rulebook_read and rulebook_compile. */
struct rulebook *rulebook_load(const char *const *folder, size_t nfolders, struct problems *p);
/* For a worker that asks scan_admission() alone: lets go of what it never looks for. scan_matches() must not be
 * asked afterwards. */
void rulebook_keep_admission(struct rulebook *book);
void rulebook_free(struct rulebook *book);
const char *rulebook_model(const struct rulebook *book); /* name of the trained model; "none" = the words alone judge */
int rulebook_brand(const struct rulebook *book, struct str id_or_name); /* index, -1 = no such brand */

#endif
