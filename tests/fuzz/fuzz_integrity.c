/* Lines of any bytes as the posts of a window, and as records of mentions: shares stay shares, and the answer is JSON. The first five
 * bytes of a line choose author, story, voice, minute and verdict. */
#include "common/base/json.h"
#include "detector/integrity_read.h"

#include <stdlib.h>

#define MOST 300

static void check(bool holds)
{
	if (!holds)
		abort();
}

static struct str name_of(struct arena *a, unsigned char c)
{
	return c % 8 == 0 ? STR("") : arena_printf(a, "n:%d", c % 8);
}

static struct integrity_post post_of(struct arena *a, struct str line, size_t number)
{
	const unsigned char *c = (const unsigned char *)line.p;
	return (struct integrity_post){ .id = arena_printf(a, "%032zu", number),
		.author = name_of(a, c[0]),
		.story = name_of(a, c[1]),
		.source = name_of(a, c[0]),
		.text = str_from(line, 5),
		.voice = (enum integrity_voice)(c[2] % 8 < VOICE__N ? c[2] % 8 : VOICE_PERSON),
		.at_ms = c[3] * 7000,
		.author_since_ms = c[4] % 2 == 0 ? -1 : c[4],
		.complaint = c[4] / 255.0,
		.nature = (enum nature)(c[4] % NAT__N),
		.urgency = (enum urgency)(c[4] % URG__N) };
}

static void judge(struct arena *a, struct integrity_window *w)
{
	struct integrity out;
	struct buf json;
	struct err e;
	integrity_judge(a, w, &out);
	check(out.estimate >= 0 && out.estimate <= 1 && out.coordinated <= out.posts && out.posts == w->n);
	check(out.ngroups <= out.all_groups && out.nhints <= HINT__N && out.authors <= w->n);
	for (int s = 0; s < SIGNAL__N; s++)
		check(out.share[s].n <= out.share[s].of && out.share[s].excess >= 0 && out.share[s].excess <= 1);
	for (size_t i = 0; i < out.all_groups; i++)
		check(out.group[i].posts >= INTEGRITY_GROUP && out.group[i].burst <= out.group[i].authors);
	buf_init(&json, 8u << 20);
	buf_addc(&json, '{');
	integrity_write(&json, w, &out, true);
	buf_addc(&json, '}');
	struct json *doc = json_parse(buf_str(&json), &e);
	check(doc != NULL);
	json_free(doc);
	buf_release(&json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct str rest = { (const char *)data, size }, line;
	if (size == 0 || size > 100000)
		return 0;
	arena_init(&a, (size_t)256 << 20);
	struct integrity_window w = { arena_list(&a, struct integrity_post, MOST), 0, 0, 256 * 7000 };
	while (w.n < MOST && str_split(&rest, '\n', &line)) {
		const struct posts_found found = { .post_id = STR("0"), .record = line };
		if (line.n >= 5 && !integrity_read_record(&a, &found, &w.post[w.n]))
			w.post[w.n] = post_of(&a, line, w.n);
		w.n += line.n >= 5;
	}
	judge(&a, &w);
	arena_release(&a);
	return 0;
}
