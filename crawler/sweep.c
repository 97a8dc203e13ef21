/* What single sources keep for a shorter time: told to the detector, and swept out of the archive. */
#include "crawler/sweep.h"

#include "common/base/clock.h"
#include "common/base/metrics.h"
#include "common/base/post.h"

#define LIST_BYTES ((size_t)64 << 20)
#define STEP_MS (10 * MS_PER_SECOND) /* between two segments: reading a whole one takes up to a second */
#define ROUND_MS MS_PER_DAY

void sweep_init(struct sweep *s, const struct settings *settings)
{
	*s = (struct sweep){ .settings = settings };
	arena_init(&s->arena, LIST_BYTES);
}

void sweep_release(struct sweep *s)
{
	arena_release(&s->arena);
}

static void take(struct sweep *s, const struct source *source, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (source[i].how != NULL && source[i].how->retention_ms > 0)
			s->list.row[s->list.n++] =
				(struct retention_row){ arena_copy(&s->arena, source[i].id), source[i].how->retention_ms };
}

/* One that is off keeps its time: nobody asks it any more, and what it brought still goes. */
void sweep_follow(struct sweep *s, const struct source_list *sources)
{
	arena_reset(&s->arena);
	const size_t most = sources->n + sources->npushed + sources->noff;
	s->list = (struct retentions){ arena_list(&s->arena, struct retention_row, most + 1), 0 };
	take(s, sources->source, sources->n);
	take(s, sources->pushed, sources->npushed);
	take(s, sources->off, sources->noff);
	retentions_sort(&s->list);
	s->is_told = false;
	s->at.after[0] = '\0';
	s->next_ms = 0;
}

struct question {
	const struct retentions *list;
	int64_t now_ms;
};

static bool is_over(const struct post *p, const void *context)
{
	const struct question *q = context;
	return retentions_is_over(q->list, p->source, post_count_ms(p), q->now_ms);
}

/* The segment at hand is let go of at the beginning of a round: nobody can take anything out of one that is being written. */
static void sweep_archive(struct sweep *s, struct keep *keep, struct arena *a, int64_t now_ms)
{
	struct err e = { 0 };
	struct archive_erased gone = { 0 };
	const struct question q = { &s->list, now_ms };
	if (!s->settings->archive || s->list.n == 0 || now_ms < s->next_ms)
		return;
	if (s->at.after[0] == '\0')
		keep_let_go(keep, now_ms);
	/* A folder that is not there yet, or a segment that cannot be written: the next step. */
	const enum outcome done = archive_erase_next(arena_cstr(a, s->settings->archive_folder), &s->at, is_over, &q, &gone, &e);
	metrics_add(M_retention_archived_total, (int64_t)gone.posts);
	s->next_ms = now_ms + (done == SKIP ? ROUND_MS : STEP_MS);
}

enum outcome sweep_turn(struct sweep *s, struct keep *keep, struct redis *r, struct arena *a, int64_t now_ms, struct err *e)
{
	if (!s->is_told) {
		const enum outcome done = retentions_write(r, a, &s->list, e);
		redis_done(r);
		if (done != OK)
			return done;
		s->is_told = true;
	}
	sweep_archive(s, keep, a, now_ms);
	return OK;
}
