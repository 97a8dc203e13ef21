/* Near-duplicates: signatures of recent texts in tables by parts of them, so that a copy meets its original without a search. */
#include "detector/stories.h"

#include <earshot/limits.h>

#include <stdlib.h>
#include <string.h>

#define BANDS (MINHASH_SLOTS / 2)
#define TABLES (BANDS + 1) /* the last one: whole texts */
#define BUCKET 4
#define FIRST_CAPACITY 32
#define MARK 0xFFFF0000u
#define MOST_LOOKS 16 /* for a place, when all is full */
#define MEMBERS 2 /* posts remembered for one story of the capacity */
_Static_assert(LIMIT_STORIES < ~MARK, "a story's number + 1 stands beside its mark in 32 bits");

/* A post and its story. A place in the list may be somebody else's by now: then the mark is another. */
struct member {
	uint64_t post; /* hash of its id; 0 = free */
	uint32_t number, mark; /* of the story, and low half of the hash of its id */
};

struct stories {
	struct story *story;
	struct member *member; /* by hash; the newer of two that meet in a place stays */
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

static size_t members_of(const struct stories *s)
{
	return s->capacity * MEMBERS;
}

static struct story *stories_take(size_t n)
{
	struct story *story = aligned_alloc(STORIES_CACHE_LINE, n * sizeof *story);
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
	s->member = take(members_of(s), sizeof *s->member);
	tables_make(s);
	return s;
}

void stories_free(struct stories *s)
{
	if (s == NULL)
		return;
	free(s->story);
	free(s->member);
	free(s->table);
	free(s);
}

static uint64_t id_hash(struct str id)
{
	uint64_t part[POST_ID_DIGITS / 8] = { 0 }, hash = id.n;
	memcpy(part, id.p, id.n < sizeof part ? id.n : sizeof part);
	for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
		hash = (hash ^ part[i]) * 0xD6E8FEB86659FD93u;
		hash ^= hash >> 32;
	}
	return hash == 0 ? 1 : hash;
}

static struct member *member_place(const struct stories *s, uint64_t post)
{
	return &s->member[post & (members_of(s) - 1)];
}

static void member_put(struct stories *s, struct str post_id, const struct story *story)
{
	const uint64_t post = id_hash(post_id);
	*member_place(s, post) = (struct member){ post, (uint32_t)(story - s->story), (uint32_t)id_hash(str_of(story->id)) };
}

/* The story of a post that was here before; NULL when it was not, or is forgotten, or its story is. */
static struct story *member_story(const struct stories *s, struct str post_id)
{
	const uint64_t post = id_hash(post_id);
	const struct member *m = member_place(s, post);
	if (m->post != post)
		return NULL;
	struct story *story = &s->story[m->number];
	return (uint32_t)id_hash(str_of(story->id)) == m->mark ? story : NULL;
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

static void spots_find(const struct stories *s, const struct minhash *text, struct spot *spot)
{
	for (size_t t = 0; t < TABLES; t++)
		spot[t] = spot_of(s, text, t);
}

static void index_at(const struct spot *spot, uint32_t number)
{
	for (size_t t = 0; t < TABLES; t++) {
		uint32_t *bucket = spot[t].bucket;
		for (size_t i = BUCKET - 1; i > 0; i--)
			bucket[i] = bucket[i - 1];
		bucket[0] = spot[t].mark | (number + 1);
	}
}

static void index_story(struct stories *s, uint32_t number)
{
	struct spot spot[TABLES];
	spots_find(s, &s->story[number].text, spot);
	index_at(spot, number);
}

static void members_move(struct stories *s, const struct member *from, size_t n)
{
	s->member = take(members_of(s), sizeof *s->member);
	for (size_t i = 0; i < n; i++)
		if (from[i].post != 0)
			*member_place(s, from[i].post) = from[i];
}

static void grow(struct stories *s)
{
	struct member *members = s->member;
	const size_t nmembers = members_of(s);
	struct story *larger = stories_take(2 * s->capacity);
	memcpy(larger, s->story, s->n * sizeof *larger);
	free(s->story);
	s->story = larger;
	s->capacity *= 2;
	members_move(s, members, nmembers);
	free(members);
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

/* Leaves in `spot` where the text stands, for who adds it. */
static struct story *find(const struct stories *s, const struct minhash *text, int64_t at_ms, struct spot *spot)
{
	struct candidates candidates;
	candidates.n = 0;
	for (size_t t = TABLES; t-- > 0;) {
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

/* Memory grows while all that is there is of the window; behind that, what is over gives way first. */
static size_t place_for_new(struct stories *s, int64_t at_ms)
{
	if (s->n < s->capacity && s->n < s->most)
		return s->n++;
	if (s->n == s->most || at_ms - s->story[s->next].last_ms > LIMIT_STORY_WINDOW_MS)
		return place_of_old(s, at_ms);
	grow(s);
	return s->n++;
}

static void copy_str(char *to, size_t size, struct str s)
{
	const struct str cut = str_cut_utf8(s, size - 1);
	memcpy(to, cut.p, cut.n);
	to[cut.n] = '\0';
}

/* A text, and where it stands in the tables. */
struct located {
	struct minhash text;
	struct spot spot[TABLES];
};

static struct story *add(struct stories *s, struct str id, int64_t at_ms, const struct located *at)
{
	const size_t capacity = s->capacity, place = place_for_new(s, at_ms);
	struct story *story = &s->story[place];
	copy_str(story->id, sizeof story->id, id);
	story->has_copies = false;
	story->first_ms = story->last_ms = at_ms;
	story->text = at->text;
	if (s->capacity == capacity)
		index_at(at->spot, (uint32_t)place);
	else /* larger tables since */
		index_story(s, (uint32_t)place);
	return story;
}

static void take_part(struct stories *s, struct story *story, const struct stories_post *post)
{
	story->first_ms = post->at_ms < story->first_ms ? post->at_ms : story->first_ms;
	story->last_ms = post->at_ms > story->last_ms ? post->at_ms : story->last_ms;
	story->has_copies = story->has_copies || !str_eqc(post->id, story->id);
	member_put(s, post->id, story);
}

/* One more text of a story, under its name. */
static struct story *add_text(struct stories *s, const struct story *known, int64_t at_ms, const struct located *at)
{
	char id[sizeof known->id]; /* the place of the known one may be the one that gives way */
	memcpy(id, known->id, sizeof id);
	const bool has_copies = known->has_copies;
	struct story *story = add(s, str_of(id), at_ms, at);
	story->has_copies = has_copies;
	return story;
}

const struct story *stories_join(struct stories *s, const struct stories_post *post)
{
	struct located at;
	minhash_make(post->text, &at.text);
	if (at.text.weight < STORIES_WEIGHT)
		return NULL;
	struct story *story = find(s, &at.text, post->at_ms, at.spot), *known = member_story(s, post->id);
	if (known != NULL && story == NULL)
		story = add_text(s, known, post->at_ms, &at);
	else if (known != NULL && strcmp(known->id, story->id) != 0)
		story = known;
	else if (story == NULL)
		story = add(s, post->id, post->at_ms, &at);
	take_part(s, story, post);
	return story;
}

/* The first post's own text is always there: it is what copies are compared with. */
void stories_restore(struct stories *s, const struct stories_post *post, struct str story_id)
{
	struct located at;
	minhash_make(post->text, &at.text);
	if (at.text.weight < STORIES_WEIGHT)
		return;
	struct story *story = find(s, &at.text, post->at_ms, at.spot);
	const bool is_first = str_eq(post->id, story_id);
	if (story == NULL || !str_eqc(story_id, story->id) ||
		(is_first && minhash_common(&story->text, &at.text) < MINHASH_SLOTS))
		story = add(s, story_id, post->at_ms, &at);
	take_part(s, story, post);
}
