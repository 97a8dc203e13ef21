/* Who is told what: reading routes.conf, and choosing targets. */
#include "notifier/route.h"

#include <earshot/limits.h>

#include "common/base/file.h"
#include "common/base/names.h"
#include "common/base/url.h"
#include "notifier/text.h"
#include "notifier/words.h"

#include <string.h>

#define ROUTES_FILE "routes.conf"
#define NAME_BYTES 32

static const char *const lang_names[] = { "zh", "en", NULL };
static const char *const level_choices[] = { "blue", "yellow", "orange", "red", NULL };

const struct conf_option target_options[] = {
	{ .name = "channel",
		.type = CONF_CHOICE,
		.offset = offsetof(struct target, channel_index),
		.choices = channel_names,
		.required = true,
		.help = "how to tell it: webhook, wecom, dingtalk or log" },
	{ .name = "lang",
		.type = CONF_CHOICE,
		.offset = offsetof(struct target, lang),
		.choices = lang_names,
		.fallback = "en",
		.help = "language of the alert text: zh or en" },
	{ .name = "utc_offset",
		.type = CONF_STR,
		.offset = offsetof(struct target, utc_offset),
		.help = "the readers' clock, as +08:00; default +08:00 for zh and UTC for en" },
	{ .name = "enabled",
		.type = CONF_BOOL,
		.offset = offsetof(struct target, enabled),
		.fallback = "yes",
		.help = "no: nothing is sent to it" },
	{ .name = "operators",
		.type = CONF_BOOL,
		.offset = offsetof(struct target, operators),
		.fallback = "no",
		.help = "yes: it hears how earshot itself is (sources that fall ill …), and never of incidents; no route may "
			"name it" },
};
const size_t target_noptions = sizeof(target_options) / sizeof(target_options[0]);

const struct conf_option route_options[] = {
	{ .name = "brands",
		.type = CONF_LIST,
		.offset = offsetof(struct route, brands),
		.fallback = "*",
		.help = "brand ids, or * for all" },
	{ .name = "level",
		.type = CONF_CHOICE,
		.offset = offsetof(struct route, level),
		.choices = level_choices,
		.fallback = "blue",
		.help = "the least level it takes: blue, yellow, orange or red" },
	{ .name = "events",
		.type = CONF_LIST,
		.offset = offsetof(struct route, events),
		.fallback = "opened, escalated, calming, closed, acknowledged, false-alarm",
		.help = "what it takes: opened escalated calming closed acknowledged assigned assessing responding false-alarm "
			"muted reviewed, "
			"or * for all" },
	{ .name = "targets",
		.type = CONF_LIST,
		.offset = offsetof(struct route, targets),
		.required = true,
		.help = "names of targets" },
	{ .name = "enabled",
		.type = CONF_BOOL,
		.offset = offsetof(struct route, enabled),
		.fallback = "yes",
		.help = "no: the route is out of force" },
};
const size_t route_noptions = sizeof(route_options) / sizeof(route_options[0]);

/* One load under way. */
struct loader {
	struct arena *a;
	struct problems *p;
	struct routes *out;
	const struct conf_section **target_section, **route_section; /* beside out->target and out->route: for places */
};

/* ---- places of problems ---- */

/* Where a key stands; the section's line when it is not written. */
static void complain(struct loader *l, const struct conf_section *s, const char *key, const char *text)
{
	for (size_t i = 0; i < s->n; i++) {
		struct str written = s->entry[i].key;
		if (!str_starts(written, str_of(key)))
			continue;
		problems_add(l->p, s->file, s->entry[i].line, s->entry[i].column, "%s", text);
		return;
	}
	problems_add(l->p, s->file, s->line, 0, "%s", text);
}

static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-')
			return false;
	}
	return s.n > 0 && s.n <= NAME_BYTES;
}

/* ---- targets ---- */

/* The channel decides which options there are, so it is looked up before the section is filled. */
static const struct channel *section_channel(const struct conf_section *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (str_eqc(s->entry[i].key, "channel"))
			for (size_t c = 0; c < channels_n; c++)
				if (str_eqc(s->entry[i].value, channels[c]->name))
					return channels[c];
	return NULL;
}

static void target_fill(struct loader *l, const struct conf_section *s, struct target *t)
{
	t->channel = section_channel(s);
	size_t own = t->channel ? t->channel->noptions : 0;
	struct conf_option *options = arena_list(l->a, struct conf_option, target_noptions + own);
	memcpy(options, target_options, sizeof(target_options));
	if (own > 0)
		memcpy(options + target_noptions, t->channel->options, own * sizeof(*options));
	conf_fill(l->a, s, options, target_noptions + own, t, l->p);
	t->name = s->name;
}

static void target_derive_networks(struct loader *l, const struct conf_section *s, struct target *t)
{
	t->allow = arena_list(l->a, struct http_cidr, t->allow_cidr.n + 1);
	for (size_t i = 0; i < t->allow_cidr.n; i++) {
		struct err e;
		if (http_cidr_parse(t->allow_cidr.item[i], &t->allow[t->nallow], &e) != OK)
			complain(l, s, "allow_cidr", e.text);
		else
			t->nallow++;
	}
}

static void target_derive(struct loader *l, const struct conf_section *s, struct target *t)
{
	struct err e;
	target_derive_networks(l, s, t);
	if (t->utc_offset.n == 0)
		t->utc_offset_min = t->lang == LANG_ZH ? 8 * 60 : 0;
	else if (!text_offset_parse(t->utc_offset, &t->utc_offset_min))
		complain(l, s, "utc_offset", "utc_offset is not an offset; write it as +08:00, -05:00 or Z");
	if (t->enabled && t->channel->check(t, &e) != OK)
		complain(l, s, "url", e.text);
}

/* What works and is still worth a word. */
static void target_advise(struct loader *l, const struct conf_section *s, const struct target *t)
{
	if (!t->enabled)
		return;
	if (str_istarts(t->url, STR("http://")) && t->nallow == 0)
		problems_warn(
			l->p, s->file, s->line, 0, "target %.*s is told in the clear (http://); use https://", STR_FMT(t->name));
	if (str_eqc(str_of(t->channel->name), "webhook") && t->secret.n == 0)
		problems_warn(l->p, s->file, s->line, 0,
			"target %.*s gets unsigned alerts; give secret_file = PATH with whsec_ and base64 of 24 random bytes",
			STR_FMT(t->name));
}

static struct target *target_slot(struct loader *l, const struct conf_section *s)
{
	struct routes *r = l->out;
	for (size_t i = 0; i < r->ntargets; i++) {
		if (!str_eq(r->target[i].name, s->name))
			continue;
		if (l->target_section[i]->file == s->file)
			problems_add(l->p, s->file, s->line, 0,
				"target %.*s stands here a second time (first in line %d); rename or remove one",
				STR_FMT(s->name), l->target_section[i]->line);
		r->target[i] = (struct target){ 0 };
		l->target_section[i] = s;
		return &r->target[i];
	}
	if (r->ntargets == LIMIT_TARGETS) {
		problems_add(l->p, s->file, s->line, 0, "more than %d targets; remove some", LIMIT_TARGETS);
		return NULL;
	}
	l->target_section[r->ntargets] = s;
	return &r->target[r->ntargets++];
}

static void load_target(struct loader *l, const struct conf_section *s)
{
	if (!is_name(s->name)) {
		problems_add(l->p, s->file, s->line, 0,
			"a target's name has 1 to %d of a-z, 0-9 and -; name it as in [target pr-desk]", NAME_BYTES);
		return;
	}
	struct target *t = target_slot(l, s);
	if (!t)
		return;
	target_fill(l, s, t);
	if (t->channel) /* else conf_fill() has said so */
		target_derive(l, s, t);
	if (t->channel)
		target_advise(l, s, t);
}

/* ---- routes ---- */

static struct route *route_slot(struct loader *l, const struct conf_section *s)
{
	struct routes *r = l->out;
	for (size_t i = 0; i < r->nroutes; i++) {
		if (!str_eq(r->route[i].name, s->name))
			continue;
		if (l->route_section[i]->file == s->file)
			problems_add(l->p, s->file, s->line, 0,
				"route %.*s stands here a second time (first in line %d); rename or remove one", STR_FMT(s->name),
				l->route_section[i]->line);
		r->route[i] = (struct route){ 0 };
		l->route_section[i] = s;
		return &r->route[i];
	}
	if (r->nroutes == LIMIT_ROUTES) {
		problems_add(l->p, s->file, s->line, 0, "more than %d routes; remove some", LIMIT_ROUTES);
		return NULL;
	}
	l->route_section[r->nroutes] = s;
	return &r->route[r->nroutes++];
}

static void route_derive_news(struct loader *l, const struct conf_section *s, struct route *r)
{
	for (size_t i = 0; i < r->events.n; i++) {
		struct str word = r->events.item[i];
		int news = names_index(news_names, NEWS__N, word);
		if (str_eqc(word, "*")) {
			r->news = (1u << NEWS__N) - 1;
		} else if (news >= 0) {
			r->news |= 1u << news;
		} else {
			const char *near = problems_nearest(word, news_names, NEWS__N);
			complain(l, s, "events",
				arena_printf(l->a, "\"%.*s\" is not an event; %s%s", STR_FMT(str_first(word, 64)),
					near ? "did you mean " : "see the list in docs/options.md or use ", near ? near : "*")
					.p);
		}
	}
}

static void route_derive_brands(struct loader *l, const struct conf_section *s, struct route *r)
{
	for (size_t i = 0; i < r->brands.n; i++)
		if (!str_eqc(r->brands.item[i], "*") && !is_name(r->brands.item[i]))
			complain(l, s, "brands",
				arena_printf(l->a,
					"\"%.*s\" is not a brand id (a-z, 0-9 and -); use the id of rules/brands, not the name",
					STR_FMT(str_first(r->brands.item[i], 64)))
					.p);
}

static void load_route(struct loader *l, const struct conf_section *s)
{
	struct route *r = route_slot(l, s);
	if (!r)
		return;
	conf_fill(l->a, s, route_options, route_noptions, r, l->p);
	r->name = s->name;
	route_derive_news(l, s, r);
	route_derive_brands(l, s, r);
}

static const struct target *find_target(const struct routes *r, struct str name)
{
	for (size_t i = 0; i < r->ntargets; i++)
		if (str_eq(r->target[i].name, name))
			return &r->target[i];
	return NULL;
}

static void complain_unknown(struct loader *l, const struct conf_section *s, struct str name)
{
	const char **names = arena_list(l->a, const char *, l->out->ntargets + 1);
	for (size_t i = 0; i < l->out->ntargets; i++)
		names[i] = arena_cstr(l->a, l->out->target[i].name);
	const char *near = problems_nearest(name, names, l->out->ntargets);
	struct str text =
		near ? arena_printf(l->a, "there is no target \"%.*s\"; did you mean \"%s\"?", STR_FMT(str_first(name, 64)), near)
		     : arena_printf(l->a, "there is no target \"%.*s\"; add a [target …] section for it",
			       STR_FMT(str_first(name, 64)));
	complain(l, s, "targets", text.p);
}

/* Names become pointers last: a route may stand before its targets, or in an earlier folder. */
static void link_route(struct loader *l, const struct conf_section *s, struct route *r)
{
	r->target = arena_list(l->a, const struct target *, r->targets.n + 1);
	for (size_t i = 0; i < r->targets.n; i++) {
		const struct target *t = find_target(l->out, r->targets.item[i]);
		if (!t)
			complain_unknown(l, s, r->targets.item[i]);
		else if (t->operators)
			complain(l, s, "targets",
				arena_printf(l->a,
					"target %.*s is for operators, who hear of no incidents; name another one, or take "
					"operators = yes out of it",
					STR_FMT(t->name))
					.p);
		else if (t->enabled)
			r->target[r->ntargets++] = t;
	}
}

/* ---- files ---- */

static void loader_init(struct loader *l, struct arena *a, struct routes *out, struct problems *p)
{
	*out = (struct routes){ .target = arena_list(a, struct target, LIMIT_TARGETS),
		.route = arena_list(a, struct route, LIMIT_ROUTES) };
	*l = (struct loader){ .a = a, .p = p, .out = out };
	l->target_section = arena_list(a, const struct conf_section *, LIMIT_TARGETS);
	l->route_section = arena_list(a, const struct conf_section *, LIMIT_ROUTES);
}

static void load_file(struct loader *l, const struct conf_file *file)
{
	for (size_t i = 0; i < file->n; i++) {
		const struct conf_section *s = &file->section[i];
		if (str_eqc(s->kind, "target"))
			load_target(l, s);
		else if (str_eqc(s->kind, "route"))
			load_route(l, s);
		else if (s->kind.n > 0 || s->n > 0)
			problems_add(l->p, s->file, s->line, 0, "a section here is [target NAME] or [route NAME], not [%.*s]",
				STR_FMT(str_first(s->kind, 64)));
	}
}

static void loader_finish(struct loader *l)
{
	for (size_t i = 0; i < l->out->nroutes; i++)
		link_route(l, l->route_section[i], &l->out->route[i]);
}

void routes_load(struct arena *a, const char *const *folder, size_t nfolders, struct routes *out, struct problems *p)
{
	struct loader l;
	size_t files = 0;
	loader_init(&l, a, out, p);
	for (size_t i = 0; i < nfolders; i++) {
		const char *path = file_join(a, str_of(folder[i]), STR(ROUTES_FILE)).p;
		if (!file_exists(path))
			continue;
		files++;
		const struct conf_file *file = conf_load(a, path, p);
		if (file)
			load_file(&l, file);
	}
	loader_finish(&l);
	if (files == 0)
		problems_warn(p, nfolders > 0 ? folder[0] : "rules", 0, 0,
			"no %s in any rules folder: no alert will leave; add one", ROUTES_FILE);
}

void routes_parse(struct arena *a, struct str bytes, const char *path, struct routes *out, struct problems *p)
{
	struct loader l;
	loader_init(&l, a, out, p);
	load_file(&l, conf_parse(a, bytes, path, p));
	loader_finish(&l);
}

/* ---- choosing ---- */

const struct target *routes_target(const struct routes *r, struct str name)
{
	const struct target *t = find_target(r, name);
	return t && t->enabled ? t : NULL;
}

static bool names_brand(const struct route *r, struct str brand)
{
	for (size_t i = 0; i < r->brands.n; i++)
		if (str_eqc(r->brands.item[i], "*") || str_eq(r->brands.item[i], brand))
			return true;
	return false;
}

static bool route_fits(const struct route *r, const struct alert *alert)
{
	if (!r->enabled || (int)alert->incident.level < r->level)
		return false;
	if ((r->news & (1u << alert_news(alert))) == 0)
		return false;
	return names_brand(r, alert->brand);
}

static bool is_listed(const struct target *const *list, size_t n, const struct target *t)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == t)
			return true;
	return false;
}

size_t route_targets(struct arena *a, const struct routes *r, const struct alert *alert, const struct target ***out)
{
	const struct target **list = arena_list(a, const struct target *, LIMIT_TARGETS);
	size_t n = 0;
	for (size_t i = 0; i < r->nroutes; i++) {
		const struct route *route = &r->route[i];
		for (size_t t = 0; route_fits(route, alert) && t < route->ntargets; t++)
			if (n < LIMIT_TARGETS && !is_listed(list, n, route->target[t]))
				list[n++] = route->target[t];
	}
	*out = list;
	return n;
}

size_t routes_operators(struct arena *a, const struct routes *r, struct str **name)
{
	size_t n = 0;
	*name = arena_list(a, struct str, r->ntargets + 1);
	for (size_t i = 0; i < r->ntargets; i++)
		if (r->target[i].enabled && r->target[i].operators)
			(*name)[n++] = r->target[i].name;
	return n;
}
