/* Fair sharing of partitions among the live workers of a role. */
#include "common/store/share.h"

#include "common/store/procs.h"

size_t share_want(size_t n, size_t nworkers)
{
	return nworkers == 0 ? n : (n + nworkers - 1) / nworkers;
}

enum outcome share_workers(struct redis *r, struct arena *a, const char *role, struct str owner, size_t *nworkers, struct err *e)
{
	size_t others = 0;
	const struct str self = arena_printf(a, "%s:%.*s", role, STR_FMT(owner));
	const enum outcome done = procs_alive(r, a, role, self, &others, e);
	*nworkers = others + 1;
	return done;
}

static size_t count_held(const struct lease *lease, size_t n)
{
	size_t held = 0;
	for (size_t i = 0; i < n; i++)
		held += lease[i].held;
	return held;
}

void share_ask(struct lease *lease, size_t n, size_t want)
{
	const bool has_enough = count_held(lease, n) >= want;
	for (size_t i = 0; i < n; i++)
		lease[i].is_left = !lease[i].held && has_enough;
}

/* Those without work first, then the last ones: two workers that differ in what they hold need not differ in what they keep. */
void share_leave(struct lease *lease, size_t n, size_t want)
{
	size_t held = count_held(lease, n);
	size_t surplus = held > want ? held - want : 0;
	for (size_t i = 0; i < n; i++) {
		lease[i].is_leaving = false;
		lease[i].stays -= lease[i].stays > 0;
	}
	for (int busy = 0; busy < 2; busy++)
		for (size_t i = n; i > 0 && surplus > 0; i--) {
			struct lease *l = &lease[i - 1];
			if (!l->held || l->is_leaving || l->stays > 0 || l->is_busy != (busy == 1))
				continue;
			l->is_leaving = true;
			surplus--;
		}
}

bool share_settle(struct redis *r, struct arena *a, struct lease *lease, size_t n, size_t want)
{
	size_t left = 0;
	for (size_t i = 0; i < n; i++) {
		if (!lease[i].held || !lease[i].is_leaving)
			continue;
		if (lease[i].is_busy) {
			left++;
			continue;
		}
		lease_release(r, a, &lease[i], 1);
		lease[i].is_leaving = false;
	}
	return left == 0 && count_held(lease, n) >= want;
}
