/* The numbers of [thresholds], one row each: name, default, bounds, meaning. */
#include "detector/thresholds.h"

#include "common/base/clock.h"
#include "common/base/file.h"

#include <stddef.h>
#include <string.h>

#define AT(field) offsetof(struct thresholds, field)

const struct conf_option thresholds_options[] = {
	{ .name = "open_score",
		.type = CONF_NUMBER,
		.offset = AT(open_score),
		.fallback = "3.2",
		.min = 0.1,
		.max = 1000,
		.help = "evidence score at which an incident opens" },
	{ .name = "escalate_step",
		.type = CONF_NUMBER,
		.offset = AT(escalate_step),
		.fallback = "1.3",
		.min = 1,
		.max = 100,
		.help = "an incident speaks again when its score is so many times the announced peak, or its count doubles" },
	{ .name = "min_posts",
		.type = CONF_NUMBER,
		.offset = AT(min_posts),
		.fallback = "4",
		.min = 1,
		.max = 1e6,
		.help = "fewer posts in the evidence window never open an incident" },
	{ .name = "level_yellow",
		.type = CONF_NUMBER,
		.offset = AT(level_yellow),
		.fallback = "30",
		.min = 0,
		.max = 100,
		.help = "level score from which an incident is yellow" },
	{ .name = "level_orange",
		.type = CONF_NUMBER,
		.offset = AT(level_orange),
		.fallback = "50",
		.min = 0,
		.max = 100,
		.help = "level score from which an incident is orange" },
	{ .name = "level_red",
		.type = CONF_NUMBER,
		.offset = AT(level_red),
		.fallback = "75",
		.min = 0,
		.max = 100,
		.help = "level score from which an incident is red" },
	{ .name = "calm",
		.type = CONF_DURATION,
		.offset = AT(calm_ms),
		.fallback = "3h",
		.min = MS_PER_MINUTE,
		.max = 90 * MS_PER_DAY,
		.help = "an incident that was quiet for so long resolves by itself" },
	{ .name = "cooldown",
		.type = CONF_DURATION,
		.offset = AT(cooldown_ms),
		.fallback = "30h",
		.min = MS_PER_MINUTE,
		.max = 365 * MS_PER_DAY,
		.help = "an announced peak fades to half in so long; until then a new surge must top what is left of it" },
	{ .name = "learn",
		.type = CONF_DURATION,
		.offset = AT(learn_ms),
		.fallback = "1d",
		.min = 0,
		.max = 90 * MS_PER_DAY,
		.help = "a new brand's first stretch: four times min_posts are needed" },
};
const size_t thresholds_noptions = sizeof thresholds_options / sizeof thresholds_options[0];

void thresholds_default(struct thresholds *t)
{
	struct arena a;
	arena_init(&a, 64u << 10);
	conf_defaults(&a, thresholds_options, thresholds_noptions, t);
	arena_release(&a);
}

/* Takes over what the section says itself: a later folder changes single numbers and leaves the others as they are. */
static void overlay(struct arena *a, const struct conf_section *s, struct thresholds *out, struct problems *p)
{
	struct thresholds said;
	conf_fill(a, s, thresholds_options, thresholds_noptions, &said, p);
	for (size_t i = 0; i < s->n; i++) {
		for (size_t o = 0; o < thresholds_noptions; o++) {
			const size_t at = thresholds_options[o].offset;
			if (str_eqc(s->entry[i].key, thresholds_options[o].name)) /* double or int64_t: eight bytes both */
				memcpy((char *)out + at, (const char *)&said + at, sizeof(int64_t));
		}
	}
	if (out->level_yellow > out->level_orange || out->level_orange > out->level_red)
		problems_add(p, s->file, s->line, 1,
			"the levels are out of order (yellow %g, orange %g, red %g); let them rise from yellow to red",
			out->level_yellow, out->level_orange, out->level_red);
}

static void load_file(struct arena *a, const char *path, struct thresholds *out, struct problems *p)
{
	const struct conf_file *file = conf_load(a, path, p);
	for (size_t i = 0; file != NULL && i < file->n; i++) {
		const struct conf_section *s = &file->section[i];
		if (str_eqc(s->kind, "thresholds"))
			overlay(a, s, out, p);
		else if (s->kind.n > 0 || s->n > 0)
			problems_add(p, path, s->line, 1,
				"section \"%.*s\" does not belong here; this file holds [thresholds] alone", STR_FMT(s->kind));
	}
}

void thresholds_load(struct arena *a, const char *const *folder, size_t nfolders, struct thresholds *out, struct problems *p)
{
	thresholds_default(out);
	for (size_t i = 0; i < nfolders; i++) {
		const char *path = arena_cstr(a, file_join(a, str_of(folder[i]), STR("thresholds.conf")));
		if (file_exists(path))
			load_file(a, path, out, p);
	}
}
