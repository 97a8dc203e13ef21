/* Keeps every fetched post in the archive, whatever the disk does. */
#include "crawler/keep.h"

#include "common/base/metrics.h"

void keep_init(struct keep *k, const struct settings *s)
{
	struct arena a;
	*k = (struct keep){ 0 };
	if (!s->archive)
		return;
	arena_init(&a, 64u << 10);
	const struct archive_options options = {
		.folder = arena_cstr(&a, s->archive_folder),
		.keep_ms = s->archive_keep_ms,
		.max_bytes = s->archive_bytes,
		.sync_ms = s->archive_sync_ms,
	};
	k->archive = archive_new(&options);
	arena_release(&a);
}

static void in_trouble(struct keep *k, int64_t lost, const struct err *e)
{
	k->lost += lost;
	metrics_add(M_archive_errors_total, lost);
	log_complain(&k->trouble, EV_archive_failed, "lost=%lld why=%s", (long long)k->lost, log_quote(str_of(e->text)));
}

void keep_post(struct keep *k, struct arena *a, const struct admit_terms *t, const struct admitted *post, uint64_t known)
{
	struct archive_entry entry;
	struct err e = { 0 };
	if (k->archive == NULL || admit_is_same_text(post, known))
		return;
	admit_archived(a, t, post, known, &entry);
	if (archive_add(k->archive, &entry, t->now_ms, &e) != OK)
		in_trouble(k, 1, &e);
}

void keep_turn(struct keep *k, int64_t now_ms)
{
	struct err e = { 0 };
	if (k->archive == NULL)
		return;
	if (archive_turn(k->archive, now_ms, &e) != OK) {
		in_trouble(k, 0, &e);
		return;
	}
	log_relieved(&k->trouble, EV_archive_back, "lost=%lld", (long long)k->lost);
	k->lost = 0;
}

void keep_let_go(struct keep *k, int64_t now_ms)
{
	struct err e = { 0 };
	if (k->archive != NULL && archive_let_go(k->archive, now_ms, &e) != OK)
		in_trouble(k, 0, &e);
}

void keep_release(struct keep *k, int64_t now_ms)
{
	struct err e = { 0 };
	if (k->archive != NULL && archive_flush(k->archive, now_ms, &e) != OK)
		in_trouble(k, (int64_t)archive_waiting(k->archive), &e); /* nothing waits for another crawler to write it */
	archive_free(k->archive);
	k->archive = NULL;
}
