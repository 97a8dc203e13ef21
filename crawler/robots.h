/* robots.txt (RFC 9309): which groups speak to us, and whether they let us fetch an address. Pure functions of bytes.
 *
 * Where the RFC leaves room we do as Google's parser does: keys may have common typing errors, the colon may be missing, a byte
 * order mark is passed over, lines end with LF, CR or CR LF. Groups that name the same agent are one; groups for `*` count only
 * when none names us. The longest rule wins, and Allow wins a tie. Percent-encoding: letters of escapes count as capitals, bytes
 * beyond ASCII as their escapes; nothing else is decoded.
 *
 * Bytes in, bounded work out: LIMIT_ROBOTS_BYTES are read, of a line LIMIT_ROBOTS_LINE_BYTES; a pattern takes time linear in
 * itself and the path, however many `*` it has. */
#ifndef EARSHOT_CRAWLER_ROBOTS_H
#define EARSHOT_CRAWLER_ROBOTS_H

#include "common/base/arena.h"

struct robots_rule {
	struct str pattern; /* escaped; `*` stands for any bytes, `$` at the end for the end */
	uint32_t line; /* of robots.txt, from 1 */
	bool allow;
};

struct robots {
	struct robots_rule *rule; /* of all groups that speak to the agent; rules without effect are left out */
	size_t nrules;
	int64_t delay_ms; /* Crawl-delay, -1 = none; not capped */
	struct str *sitemap; /* as written: they belong to no group */
	size_t nsitemaps;
	bool is_named; /* a group names the agent; else the rules are those for `*` */
};

/* Never fails: what is no robots.txt has no rules. `agent` is a product token, compared as it is, case apart. Strings of `out`
 * live in `a` or are borrowed from `text`. */
void robots_parse(struct arena *a, struct str text, struct str agent, struct robots *out);
/* May `path` (robots_path) be fetched? *by: the rule that decides, NULL = there is none, which means yes. */
bool robots_allows(const struct robots *r, struct str path, const struct robots_rule **by);
/* What of an address is compared: path, parameters and query, "/" when it has none. Borrowed, or from `a`. */
struct str robots_path(struct arena *a, struct str url);
/* Escapes as they are compared: "ä" and "%c3%a4" become "%C3%A4". `text` itself when nothing is to be done. */
struct str robots_escape(struct arena *a, struct str text);
/* "earshot" of "earshot/0.1 (+contact)": what a group of robots.txt names. */
struct str robots_token(struct str user_agent);

#endif
