/* Near-duplicates: signatures of recent texts in tables by parts of them, so that a copy meets its original without a search. */
#include "detector/stories.h"

#include <earshot/limits.h>

#include <stdlib.h>
#include <string.h>

#define BANDS (MINHASH_SLOTS / 2)
#define TABLES (BANDS + 1) /* the last one: whole texts */
#define BUCKET 4
#define FIRST_CAPACITY 256
#define MARK 0xFFFF0000u
#define CACHE_LINE 64
#define MOST_LOOKS 16 /* for a place, when all is full */
_Static_assert(sizeof(struct story) % CACHE_LINE == 0, "stories stand on cache lines of their own");
_Static_assert(LIMIT_STORIES < ~MARK, "a story's number + 1 stands beside its mark in 32 bits");

struct stories {
	struct story *story;
	uint32_t *
		table; /* TABLES × buckets × BUCKET: mark of what it stands under, and number of a story + 1; newest first; 0 = free */
	size_t n, capacity, most; /* capacity: a power of two */
	size_t next; /* when all is full: who is asked first to give way */
};

static size_t buckets_of(const struct stories *s)
{
	return s->capacity / 2;
}

static void *take(size_t n, size_t size)
{
	void *p = calloc(n, size);
	if (p == NULL)
		abort();
	return p;
}

static void tables_make(struct stories *s)
{
	s->table = take(TABLES * buckets_of(s) * BUCKET, sizeof *s->table);
}

static struct story *stories_take(size_t n)
{
	struct story *story = aligned_alloc(CACHE_LINE, n * sizeof *story);
	if (story == NULL)
		abort();
	return story;
}

struct stories *stories_new(size_t most)
{
	struct stories *s = take(1, sizeof *s);
	s->most = most;
	s->capacity = FIRST_CAPACITY;
	s->story = stories_take(s->capacity);
	tables_make(s);
	return s;
}

void stories_free(struct stories *s)
{
	if (s == NULL)
		return;
	free(s->story);
	free(s->table);
	free(s);
}

/* Where a part of a text stands, and the mark that tells it from most others there without a look at their stories. */
struct spot {
	uint32_t *bucket, mark;
};

static struct spot spot_of(const struct stories *s, const struct minhash *text, size_t table)
{
	const uint64_t key = table < BANDS ? (uint64_t)text->slot[2 * table] << 32 | text->slot[2 * table + 1] : text->exact;
	const uint64_t hash = (key + table) * 0x9E3779B97F4A7C15u;
	uint32_t *bucket = s->table + (table * buckets_of(s) + ((hash >> 32) & (buckets_of(s) - 1))) * BUCKET;
	return (struct spot){ bucket, (uint32_t)(hash >> 12) & MARK };
}

static void index_story(struct stories *s, uint32_t number)
{
	for (size_t t = 0; t < TABLES; t++) {
		const struct spot spot = spot_of(s, &s->story[number].text, t);
		memmove(spot.bucket + 1, spot.bucket, (BUCKET - 1) * sizeof *spot.bucket);
		spot.bucket[0] = spot.mark | (number + 1);
	}
}

static void grow(struct stories *s)
{
	struct story *larger = stories_take(2 * s->capacity);
	memcpy(larger, s->story, s->n * sizeof *larger);
	free(s->story);
	s->story = larger;
	s->capacity *= 2;
	free(s->table);
	tables_make(s);
	for (size_t i = 0; i < s->n; i++)
		index_story(s, (uint32_t)i);
}

static bool is_recent(const struct story *story, int64_t at_ms)
{
	return at_ms - story->last_ms <= LIMIT_STORY_WINDOW_MS && story->first_ms - at_ms <= LIMIT_STORY_WINDOW_MS;
}

/* What buckets hold for a text. Memory is asked for here and looked at later: most of a search would be waiting for it. */
struct candidates {
	struct story *story[TABLES * BUCKET];
	size_t n;
};

static void gather(const struct stories *s, const struct spot *spot, struct candidates *out)
{
	for (int i = 0; i < BUCKET; i++) {
		if (spot->bucket[i] == 0 || (spot->bucket[i] & MARK) != spot->mark)
			continue;
		struct story *story = &s->story[(spot->bucket[i] & ~MARK) - 1];
		__builtin_prefetch(story);
		__builtin_prefetch(&story->text.slot[MINHASH_SLOTS / 2]);
		out->story[out->n++] = story;
	}
}

/* The nearest candidate. A bucket may name stories that gave way to others since: their text decides. */
static struct story *nearest(const struct candidates *c, const struct minhash *text)
{
	struct story *best = NULL;
	int common = STORIES_COMMON - 1;
	for (size_t i = 0; i < c->n && common < MINHASH_SLOTS; i++) {
		const int n = minhash_common(&c->story[i]->text, text);
		best = n > common ? c->story[i] : best;
		common = n > common ? n : common;
	}
	return best;
}

static struct story *find(const struct stories *s, const struct minhash *text, int64_t at_ms)
{
	struct spot spot[TABLES];
	struct candidates candidates;
	candidates.n = 0;
	for (size_t t = 0; t < TABLES; t++) {
		spot[t] = spot_of(s, text, t);
		__builtin_prefetch(spot[t].bucket);
	}
	for (size_t t = TABLES; t-- > 0;) /* whole texts first */
		gather(s, &spot[t], &candidates);
	struct story *best = nearest(&candidates, text);
	return best != NULL && is_recent(best, at_ms) ? best : NULL;
}

static bool may_give_way(const struct story *story, int64_t at_ms)
{
	return story->last_ms == story->first_ms || at_ms - story->last_ms > LIMIT_STORY_WINDOW_MS / 2;
}

/* The place of the next in turn. Stories that still grow are passed over, a bounded number of times, and indexed again: newer ones
 * have pushed them out of buckets since. */
static size_t place_of_old(struct stories *s, int64_t at_ms)
{
	for (int looks = 0; looks < MOST_LOOKS && !may_give_way(&s->story[s->next], at_ms); looks++) {
		index_story(s, (uint32_t)s->next);
		s->next = (s->next + 1) % s->n;
	}
	const size_t place = s->next;
	s->next = (s->next + 1) % s->n;
	return place;
}

static void copy_str(char *to, size_t size, struct str s)
{
	const struct str cut = str_cut_utf8(s, size - 1);
	memcpy(to, cut.p, cut.n);
	to[cut.n] = '\0';
}

static struct story *add(struct stories *s, const struct stories_post *post, const struct minhash *text)
{
	if (s->n == s->capacity && s->n < s->most)
		grow(s);
	const size_t place = s->n < s->most ? s->n++ : place_of_old(s, post->at_ms);
	struct story *story = &s->story[place];
	copy_str(story->id, sizeof story->id, post->id);
	copy_str(story->source, sizeof story->source, post->source);
	story->first_ms = story->last_ms = post->at_ms;
	story->text = *text;
	index_story(s, (uint32_t)place);
	return story;
}

const struct story *stories_join(struct stories *s, const struct stories_post *post)
{
	struct minhash text;
	minhash_make(post->text, &text);
	if (text.weight < STORIES_WEIGHT)
		return NULL;
	struct story *story = find(s, &text, post->at_ms);
	if (story == NULL)
		return add(s, post, &text);
	story->last_ms = post->at_ms > story->last_ms ? post->at_ms : story->last_ms;
	return story;
}
