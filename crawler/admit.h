/* From a parsed feed to posts in brands' streams: identity, masking, language, match. Pure but for the caller's arena. */
#ifndef EARSHOT_CRAWLER_ADMIT_H
#define EARSHOT_CRAWLER_ADMIT_H

#include "common/base/archive.h"
#include "common/text/rulebook.h"
#include "crawler/feed.h"
#include "crawler/recipe.h"
#include <earshot/source.h>

struct erased;
struct fuel;

struct admit_terms {
	const struct rulebook *book;
	const struct source *source;
	struct str pseudonym_key;
	int64_t now_ms, keep_ms; /* posts older than keep_ms are refused at the door */
	bool is_further; /* a further page of a thread: its first post does not open it */
	struct str thread; /* then: id of the post that opens the thread; "" = not known */
	bool first_sight; /* the source was never read before: its undated posts are history, not news */
	const struct erased *erased; /* what is not to be stored again; NULL = nothing */
	struct fuel *fuel; /* what the door may cost for all posts of a document; out: they are refused. NULL = without end */
};

struct admitted {
	struct post post;
	struct str own; /* ids of brands, by commas, whose own account the author is */
	uint64_t fingerprint;
	const char *refused; /* NULL, or why it is not taken */
};

/* What every post goes through before anything is stored, whatever brought it (feed, replay, file, webhook): personal data
 * masked, author (in `raw` still the name) turned into a pseudonym, caps, language; refused when it is empty or too old. */
void admit_post(struct arena *a, const struct admit_terms *t, const struct post *raw, struct admitted *out);
/* The first half of it, for posts that are only looked at. */
void admit_clean(struct arena *a, struct post *p, struct str pseudonym_key, struct str scope);

/* One a feed entry, same order, masked; `out` has feed->nentries places. */
void admit_posts(struct arena *a, const struct admit_terms *t, const struct feed *feed, struct admitted *out);

/* The same of one post that a recipe read. */
void admit_found(struct arena *a, const struct admit_terms *t, const struct recipe_post *found, struct admitted *out);

/* What a post of this source family is, when nothing better is known. */
enum post_kind admit_kind(struct str family);
/* "a,b" as a list. */
struct conf_list admit_list(struct arena *a, struct str names);

/* The post of a sight that was there before with this text; its counters may differ. `known`: fingerprint, 0 = never seen. */
bool admit_is_same_text(const struct admitted *post, uint64_t known);
/* The post as the archive keeps it, whether or not a brand is meant: with what admit_entries() would need to know again. */
void admit_archived(
	struct arena *a, const struct admit_terms *t, const struct admitted *post, uint64_t known, struct archive_entry *out);

struct admit_entry {
	int brand;
	struct str brand_id, json;
};
/* The stream entries of one post: one a brand it is about. `known` is the fingerprint of the last sight, 0 = never. */
size_t admit_entries(
	struct arena *a, const struct admit_terms *t, const struct admitted *post, uint64_t known, struct admit_entry **out);

#endif
