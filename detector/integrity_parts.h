/* The parts of integrity_judge(): what groups posts, and what is told of groups and authors. Only for detector/integrity*.c. */
#ifndef EARSHOT_DETECTOR_INTEGRITY_PARTS_H
#define EARSHOT_DETECTOR_INTEGRITY_PARTS_H

#include "detector/integrity.h"

/* A post in a sorted list: `key` brings together what belongs together, time orders it. */
struct integrity_item {
	uint64_t key;
	int64_t at_ms;
	size_t post; /* index */
};
/* By key, then time, then index. */
void integrity_sort(struct integrity_item *item, size_t n);
/* How many items from `at` on have its key. */
size_t integrity_run(const struct integrity_item *item, size_t n, size_t at);
/* Who wrote it: of posts without a known author each is an author of its own. */
uint64_t integrity_author_key(const struct integrity_post *p);

/* Sets SIGNAL_COPIES, SIGNAL_TEMPLATES and SIGNAL_BURSTS, and the groups of `out`. */
void integrity_groups_find(struct arena *a, const struct integrity_window *w, struct integrity *out);
/* Sets SIGNAL_FLOODS, SIGNAL_NEW, the shares of both, and the busiest authors. */
void integrity_authors_find(struct arena *a, const struct integrity_window *w, struct integrity *out);
/* Needs groups and busiest authors. */
void integrity_hints_find(struct arena *a, const struct integrity_window *w, struct integrity *out);

#endif
