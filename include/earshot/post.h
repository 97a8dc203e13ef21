/* One thing somebody wrote. Unknown is not zero: numbers that the source does not tell are -1, strings are empty.
 * Strings are borrowed from the batch they were read in.
 *
 * Identity: `id` is the first 128 bits (32 hex digits) of SHA-256 over (identity scope, native id or canonical URL); the
 * scope is the platform for APIs and the feed's registrable domain for feed guids. See crawler/identity.h.
 * As JSON (stream entries, mention records, replay, import, webhooks) the fields are post_fields[] below, by these names. */
#ifndef EARSHOT_POST_H
#define EARSHOT_POST_H

#include "common/base/str.h"

#define POST_ID_DIGITS 32

enum post_kind {
	POST_POST,
	POST_REPLY,
	POST_REPOST,
	POST_REVIEW,
	POST_ARTICLE,
	POST_ENTRY,
	POST_TICKET,
	POST_OTHER,
	POST_KIND__N
};

struct post {
	struct str id; /* 32 hex digits */
	struct str source; /* id of the source it was first seen in */
	struct str family; /* source family: forum news review complaint social blog video other */
	enum post_kind kind;
	struct str parent; /* id of the post this answers or reposts */
	struct str native_id; /* as the site calls it */
	struct str url;
	struct str author; /* keyed pseudonym "a:…", never the name */
	int64_t author_followers, author_since_ms;
	int author_verified; /* 1 yes, 0 no, -1 unknown */
	struct str title, text, lang; /* lang: BCP 47, zh-Hans zh-Hant en …; "" unknown */
	int stars; /* 1…5 */
	struct str app_version, region; /* region as declared by the author or site */
	int rank; /* place in a list, 1 = top */
	int64_t likes, replies, shares, views;
	int64_t posted_ms; /* -1 when undated */
	int64_t fetched_ms;
	bool date_only; /* posted_ms is a day, not a moment */
};

void post_init(struct post *p); /* everything unknown */

enum post_field { POST_TITLE, POST_TEXT, POST_FIELD__N };

/* The minute a post counts to: of posted_ms, or of fetched_ms when undated, date-only or dated in the future (design 4.11). */
int64_t post_count_ms(const struct post *p);

extern const char *const post_kind_names[POST_KIND__N]; /* "post", "reply", … */
extern const char *const post_field_names[POST_FIELD__N]; /* "title", "text" */

#endif
