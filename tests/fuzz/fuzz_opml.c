/* Fuzz target: subscription lists, and the sections that are written for what is in them: the loader must read each as one source. */
#include "crawler/opml.h"

#include <earshot/limits.h>

#include "common/base/utf8.h"
#include "crawler/source_draft.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool claim)
{
	if (!claim)
		abort();
}

static size_t write_sections(struct arena *a, const struct opml *list, struct buf *out)
{
	struct source_list none = { 0 };
	struct source_known known;
	source_known_init(a, &none, list->n, &known);
	for (size_t i = 0; i < list->n; i++) {
		const struct opml_feed *feed = &list->feed[i];
		struct source_draft d = {
			.url = feed->url, .title = feed->title, .folder = feed->folder, .family = feed->family
		};
		require(utf8_valid(feed->title) && utf8_valid(feed->folder) && feed->title.n <= LIMIT_OPML_NAME_BYTES);
		d.id = source_draft_id(a, &d, &known);
		source_known_add(&known.id, d.id);
		source_draft_write(out, &d);
	}
	return list->n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct opml list;
	struct err e;
	struct buf out;
	arena_init(&a, LIMIT_ARENA_BYTES);
	buf_init(&out, LIMIT_CONF_BYTES);
	if (opml_read(&a, (struct str){ (const char *)data, size }, &list, &e) == OK) {
		struct source_list read = { 0 };
		struct problems problems;
		const size_t n = write_sections(&a, &list, &out);
		problems_init(&problems);
		if (!out.overflow)
			sources_add(&a, buf_str(&out), "fuzz.conf", 1, &read, &problems);
		require(out.overflow || (read.n == n && problems.errors == 0));
		problems_release(&problems);
		buf_clear(&out);
		opml_write(&out, list.feed, list.n);
		struct opml again;
		require(out.overflow ||
			(opml_read(&a, buf_str(&out), &again, &e) == OK && again.why == NULL && again.n == list.n));
	} else {
		require(e.outcome == REJECT);
	}
	buf_release(&out);
	arena_release(&a);
	return 0;
}
