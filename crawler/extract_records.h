/* What the files of the records reader (extract_records*.c) share: marks on the nodes of a page, lists of alike nodes, records.
 *
 * A thread, a list of comments, of reviews or of complaint cards is one template filled many times. The reader finds it from the
 * inside out: nodes of the same signature that hold much text may be bodies; the largest subtree around a body with no other
 * body in it is its record; records that hold dates and users are posts. Everything is linear in the nodes of the page, or
 * n log n, and nothing recurses. Method: MiBAT (dates as pivots), REPEX and harvest (bodies first, then climbing). */
#ifndef EARSHOT_CRAWLER_EXTRACT_RECORDS_H
#define EARSHOT_CRAWLER_EXTRACT_RECORDS_H

#include <earshot/limits.h>

#include "crawler/extract.h"

enum records_flag {
	RECORDS_HIDDEN = 1, /* not seen by people: scripts, forms' choices, display:none; inherited */
	RECORDS_LINK = 2, /* in a link; inherited */
	RECORDS_DATE = 4, /* says a moment, in its text or in an attribute */
	RECORDS_USER = 8, /* names a person, by the address of a link or the words of its class */
	RECORDS_QUOTE = 16, /* repeats somebody else's words */
	RECORDS_SIGNATURE = 32, /* what a person puts under everything */
	RECORDS_TOOL = 64, /* attached files, notes of editing, buttons */
	RECORDS_POST = 128, /* its class says that it is a record of a thread, or the following */
	RECORDS_VOICE = 256, /* a comment, review, answer, complaint */
};

/* One pass over the page. The sums have one entry more than the dom has nodes: sum[end] - sum[node] is what is below a node. */
struct records_marks {
	const struct extract *x;
	const struct dom *d;
	uint32_t *plain, *linked; /* sums: weight of the text outside of links, in links (records_weight) */
	uint32_t *dates, *users; /* sums: nodes so marked */
	uint64_t *full, *lead; /* signatures of elements by all class tokens, by the first one; 0 = text or hidden */
	uint64_t *string; /* short text: hash with digits folded; 0 = long, empty, or an element */
	uint32_t *repeats; /* how often that string stands on the page */
	uint16_t *flag; /* of enum records_flag */
	uint32_t *date, *user; /* the nodes so marked, in order */
	size_t ndate, nuser;
	bool reads_noscript;
	struct records_shapes *shapes; /* short texts that were looked at for dates */
	struct records_words *words; /* class attributes that were read already */
};

struct records_range {
	uint32_t start, end; /* nodes; may begin and end in the middle of a subtree */
	uint32_t root; /* the node of the record, or of its body where the record is no subtree */
	uint32_t body; /* 0 = not found */
};

struct records_set {
	struct records_range *record;
	size_t n;
	double score;
	float dated, signed_; /* share of records with a date, with a user, at the place where most have theirs */
	uint64_t date_place, user_place; /* signatures of these places */
	float named; /* share of records whose class says that they are posts */
	float share; /* of the page's plain text */
	bool has_opening; /* record[0] is an opening post of another build */
};

static inline bool records_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The signature of the place of a node: a text stands where its element stands. */
static inline uint64_t records_place(const struct records_marks *m, uint32_t node)
{
	return m->d->node[node].tag == TAG_TEXT ? m->full[m->d->node[node].parent] : m->full[node];
}

void records_mark(const struct extract *x, struct records_marks *out);
uint32_t records_weight(struct str text); /* letters and digits: bytes, so that a Chinese character counts as three letters */
uint64_t records_string(struct str text); /* hash of a short text, digits folded; 0 when it is empty or long */
static inline uint32_t records_between(const uint32_t *sum, uint32_t from, uint32_t to)
{
	return to > from ? sum[to] - sum[from] : 0;
}

/* extract_records_words.c: what class names and ids say. */
struct records_words *records_words_new(struct arena *a, size_t nnodes);
/* Flags of an element by its class, id and properties, and its signatures; its parent's are in the marks. */
uint16_t records_read_words(const struct records_marks *m, uint32_t node, uint64_t *full, uint64_t *lead);
/* For readers without marks. */
bool records_is_quote(const struct dom *d, uint32_t node);
bool records_is_signature(const struct dom *d, uint32_t node);

/* extract_records_address.c: what addresses say */
bool records_is_user_address(struct str href);
bool records_is_action(struct str href); /* reply, report, log in … */
struct str records_page_of(struct str url); /* without query, fragment and slashes at the end */
bool records_is_within(const struct records_marks *m, struct str url); /* this page, or one whose address goes on from it */

/* extract_records_dates.c */
struct records_shapes *records_shapes_new(struct arena *a);
bool records_has_date(const struct records_marks *m, uint32_t node);
/* The date that a marked node says: as written, and read. */
bool records_read_date(const struct records_marks *m, uint32_t node, struct extract_post *post);

/* The name a user element or link says: of its visible text, the first piece. */
struct str records_name(const struct records_marks *m, uint32_t node);

/* extract_records_kind.c: is the set what people wrote, or a list of links to other pages, or comments below an article? */
bool records_is_list(const struct records_marks *m, const struct records_set *set);
bool records_is_below_article(const struct records_marks *m, const struct records_set *set);
bool records_is_thread_address(struct str url); /* says that a forum or a question is there */

/* extract_records_groups.c: the best sets of records, best first, each at a part of the page of its own; how many */
size_t records_find(const struct records_marks *m, struct records_set out[LIMIT_RECORDS_SETS]);
/* extract_records_body.c: the body in each record, the opening post before them */
void records_find_bodies(const struct records_marks *m, struct records_set *set);
bool records_is_paragraph(const struct records_marks *m, uint32_t node);
/* The innermost node below `node` that holds nearly all that is worth something. */
uint32_t records_densest(const struct records_marks *m, const struct records_set *set, uint32_t node);
void records_find_opening(const struct records_marks *m, struct records_set *set);
/* extract_records_lone.c: the one post of a thread that nobody answered; n = 0 when there is none */
void records_find_lone(const struct records_marks *m, struct records_set *set);
/* extract_records_text.c: text, quote and signature of each */
void records_read_texts(const struct records_marks *m, const struct records_set *set, struct extract_post *posts);
/* extract_records_fields.c: author, time, address */
void records_read_fields(const struct records_marks *m, const struct records_set *set, struct extract_post *posts);

#endif
