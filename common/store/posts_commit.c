/* The commit that turns stream entries into counted mentions: lays a batch out for the function `commit` of functions.lua. */
#include "common/base/clock.h"
#include "common/store/cells.h"
#include "common/store/functions.h"
#include "common/store/keys.h"
#include "common/store/posts.h"
#include <earshot/bucket.h>
#include <earshot/limits.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RUNS 4 /* arguments each mention has */
#define SIGHT 3 /* further arguments of one that tells counters or is a later sight */
#define MINUTE_CHARS 16 /* of an ISO time: 2026-11-22T12:00 */
#define MEMBER 4 /* further arguments of one whose text has copies */
#define SIGHT_BYTES (8 + COUNTERS * (2 + 8))

_Static_assert((DIMENSIONS_OF_MENTION + COUNTERS) * LIMIT_BATCH * CELL_LEVEL__N < UINT16_MAX, "cell numbers are two bytes");

static const char *const counter_dimensions[COUNTERS] = { "likes", "replies", "shares", "views" };

static char *put_number(char *to, uint16_t v)
{
	to[0] = (char)(v >> 8);
	to[1] = (char)(v & 0xFF);
	return to + 2;
}

/* Network order, as struct.unpack('>d') reads it. */
static char *put_double(char *to, double v)
{
	uint64_t bits = 0;
	memcpy(&bits, &v, sizeof(bits));
	for (int shift = 56; shift >= 0; shift -= 8)
		*to++ = (char)(bits >> shift & 0xFF);
	return to;
}

/* How many cells each mention counts in, and which, one mention after another. */
static struct str pack_cells(struct cells *cells, const struct posts_mention *m, size_t n)
{
	size_t bytes = n;
	for (size_t i = 0; i < n; i++)
		bytes += 2 * m[i].ndimensions;
	char *p = arena_take(cells->a, bytes), *to = p;
	for (size_t i = 0; i < n; i++) {
		*to++ = (char)m[i].ndimensions;
		for (size_t d = 0; d < m[i].ndimensions; d++)
			to = put_number(to, cells_minute(cells, m[i].dimension[d], m[i].count_ms));
	}
	return (struct str){ p, bytes };
}

/* When it was seen, then cell and value of each counter. "" when it tells no counter and is no later sight of anything. */
static struct str pack_sight(struct cells *cells, const struct posts_mention *m)
{
	bool tells = m->observation.n > 0;
	for (int i = 0; i < COUNTERS; i++)
		tells |= m->counter[i] >= 0;
	if (!tells)
		return STR("");
	char *p = arena_take(cells->a, SIGHT_BYTES);
	char *to = put_double(p, (double)m->seen_ms);
	for (int i = 0; i < COUNTERS; i++) {
		bool known = m->counter[i] >= 0;
		to = put_number(to, known ? cells_minute(cells, counter_dimensions[i], m->seen_ms) : 0);
		to = put_double(to, known ? (double)m->counter[i] : -1);
	}
	return (struct str){ p, SIGHT_BYTES };
}

static size_t total_cells(const struct cells *c)
{
	return c->ncells[CELL_MINUTE] + c->ncells[CELL_HOUR] + c->ncells[CELL_DAY];
}

static void add_bucket_keys(struct command *c, const struct cells *cells)
{
	for (size_t i = 0; i < cells->nbuckets; i++)
		command_add(c, cells->bucket[i].key);
}

static void add_expiries(struct command *c, const struct cells *cells, const struct redis_keep *keep)
{
	int64_t now_ms = clock_now_ms(); /* retention only: nothing hangs on this worker's clock */
	for (size_t i = 0; i < cells->nbuckets; i++)
		command_int(c, cells_expiry_s(keep, cells->bucket[i].level, cells->bucket[i].ends_ms, now_ms));
}

static void add_cells(struct command *c, const struct cells *cells)
{
	size_t n = total_cells(cells), base = 0;
	char *buckets = arena_take(cells->a, 2 * n), *parents = arena_take(cells->a, 2 * n);
	struct str packed_buckets = { buckets, 2 * n }, packed_parents = { parents, 2 * n };
	for (int level = 0; level < CELL_LEVEL__N; level++) {
		base += cells->ncells[level]; /* number of the last cell below the parents' level */
		for (size_t i = 0; i < cells->ncells[level]; i++) {
			const struct cell *cell = &cells->cell[level][i];
			buckets = put_number(buckets, cell->bucket);
			parents = put_number(parents, cell->parent == 0 ? 0 : (uint16_t)(cell->parent + base));
		}
	}
	command_add(c, packed_buckets);
	command_add(c, packed_parents);
	for (int level = 0; level < CELL_LEVEL__N; level++)
		for (size_t i = 0; i < cells->ncells[level]; i++)
			command_addz(c, cells->cell[level][i].field);
}

/* In runs, one after another: all entry ids, all post ids, …: the function unpacks whole runs into HMGET and XACK. */
static void add_mentions(struct command *c, const struct posts_mention *m, size_t n)
{
	for (size_t i = 0; i < n; i++)
		command_add(c, m[i].entry_id);
	for (size_t i = 0; i < n; i++)
		command_add(c, m[i].post_id);
	for (size_t i = 0; i < n; i++)
		command_add(c, m[i].record);
	for (size_t i = 0; i < n; i++)
		command_int(c, m[i].count_ms);
}

static void add_sights(struct command *c, const struct posts_mention *m, size_t n, const struct str *sight)
{
	for (size_t i = 0; i < n; i++) {
		if (sight[i].n == 0)
			continue;
		command_int(c, (int64_t)i + 1);
		command_add(c, sight[i]);
		command_add(c, m[i].observation);
	}
}

static size_t most_cells(const struct posts_mention *m, size_t n)
{
	size_t most = 0;
	for (size_t i = 0; i < n; i++)
		most += m[i].ndimensions + COUNTERS;
	if (n <= LIMIT_BATCH && most <= (DIMENSIONS_OF_MENTION + COUNTERS) * LIMIT_BATCH)
		return most;
	(void)fprintf(stderr, "earshot: bug: a commit of %zu mentions with up to %zu bucket cells; LIMIT_BATCH is %d\n", n, most,
		LIMIT_BATCH);
	abort();
}

/* The version that let the newest mention in, and its minute: what the buckets hold from there on. History says nothing. */
static void add_version(struct command *c, const struct posts_mention *m, size_t n)
{
	const struct posts_mention *newest = NULL;
	char iso[32];
	for (size_t i = 0; i < n; i++)
		if (m[i].rulebook.n > 0)
			newest = &m[i];
	command_add(c, newest != NULL ? newest->rulebook : STR(""));
	command_add(
		c, newest != NULL ? arena_copy(c->a, str_first(str_of(clock_iso(newest->seen_ms, iso)), MINUTE_CHARS)) : STR(""));
}

/* The stories of a batch that are counted, each once, and of which of them each mention is one (0 = none, else number + 1). */
struct batch_stories {
	struct str id[LIMIT_BATCH];
	size_t of[LIMIT_BATCH], n, nmembers;
};

static size_t story_number(struct batch_stories *s, struct str id)
{
	for (size_t i = 0; i < s->n; i++)
		if (str_eq(s->id[i], id))
			return i;
	s->id[s->n] = id;
	return s->n++;
}

static struct batch_stories *find_stories(struct arena *a, const struct posts_mention *m, size_t n)
{
	struct batch_stories *s = arena_new(a, struct batch_stories);
	for (size_t i = 0; i < n; i++) {
		if (m[i].story.id.n == 0)
			continue;
		s->of[i] = story_number(s, m[i].story.id) + 1;
		s->nmembers++;
	}
	return s;
}

static void add_story_keys(struct command *c, struct str brand, const struct batch_stories *s)
{
	for (size_t i = 0; i < s->n; i++)
		command_add(c, keys_brand_part(c->a, KEY_story, brand, s->id[i]));
}

static void add_stories(struct command *c, const struct batch_stories *s, const struct posts_mention *m, size_t n)
{
	for (size_t i = 0; i < s->n; i++)
		command_add(c, s->id[i]);
	for (size_t i = 0; i < n; i++) {
		if (s->of[i] == 0)
			continue;
		command_int(c, (int64_t)i + 1);
		command_int(c, (int64_t)s->of[i]);
		command_add(c, m[i].story.source);
		command_add(c, m[i].story.author);
	}
}

void posts_commit_queue(const struct partition *p, const struct posts_mention *m, size_t n)
{
	struct cells cells;
	const struct batch_stories *stories = find_stories(p->arena, m, n);
	cells_init(&cells, p->arena, p->brand, most_cells(m, n));
	struct str packed = pack_cells(&cells, m, n), *sight = arena_list(p->arena, struct str, n);
	size_t nsights = 0;
	for (size_t i = 0; i < n; i++) {
		sight[i] = pack_sight(&cells, &m[i]);
		nsights += sight[i].n > 0;
	}
	struct command c = functions_owned(p->arena, "commit", p->lease, 6 + cells.nbuckets + stories->n,
		24 + 2 * cells.nbuckets + total_cells(&cells) + RUNS * n + SIGHT * nsights + 2 * stories->n +
			MEMBER * stories->nmembers);
	command_add(&c, keys_brand(p->arena, KEY_posts, p->brand));
	command_add(&c, keys_brand(p->arena, KEY_mentions, p->brand));
	command_add(&c, keys_brand(p->arena, KEY_times, p->brand));
	command_add(&c, keys_brand(p->arena, KEY_observations, p->brand));
	command_add(&c, keys_brand(p->arena, KEY_versions, p->brand));
	command_add(&c, keys_brand(p->arena, KEY_stories, p->brand));
	add_bucket_keys(&c, &cells);
	add_story_keys(&c, p->brand, stories);
	functions_token(&c, p->lease);
	command_int(&c, (int64_t)n);
	command_int(&c, (int64_t)total_cells(&cells));
	command_int(&c, (int64_t)nsights);
	add_version(&c, m, n);
	const struct redis_keep keep = redis_keep(p->redis);
	command_int(&c, (int64_t)stories->n);
	command_int(&c, (clock_now_ms() + (int64_t)LIMIT_FUTURE_MS + keep.mentions_ms) / MS_PER_SECOND);
	add_expiries(&c, &cells, &keep);
	add_cells(&c, &cells);
	add_mentions(&c, m, n);
	command_add(&c, packed);
	add_sights(&c, m, n, sight);
	add_stories(&c, stories, m, n);
	redis_queue(p->redis, &c);
}

enum outcome posts_commit_take(struct redis *r, struct posts_commit *out, struct err *e)
{
	const struct reply *reply = NULL;
	enum outcome o = redis_result(r, &reply, e);
	if (o != OK)
		return o;
	*out = (struct posts_commit){ reply_int(reply_at(reply, 0)), reply_int(reply_at(reply, 1)),
		reply_int(reply_at(reply, 2)) };
	return OK;
}
