/* earshot.conf: the options of each section, the search for the file, and paths made absolute. */
#include "common/base/settings.h"

#include <earshot/limits.h>

#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/http.h"
#include "common/base/log.h"
#include "common/base/url.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OPTION(section_field, type_) .offset = offsetof(struct settings, section_field), .type = type_

static const char *const log_levels[] = { "debug", "info", "warn", "error", NULL };

static const struct conf_option earshot_options[] = {
	{ .name = "rules",
		OPTION(rules, CONF_LIST),
		.fallback = "rules",
		.help = "folders with brands, keyword lists, thresholds, routes" },
	{ .name = "feeds", OPTION(feeds, CONF_LIST), .fallback = "feeds", .help = "folders with sources (*.conf)" },
	{ .name = "data", OPTION(data, CONF_STR), .help = "folder of the embedded Redis and of keys made by earshot" },
	{ .name = "rules_approval",
		OPTION(rules_approval, CONF_BOOL),
		.fallback = "no",
		.help = "four eyes: `earshot rules publish` proposes, and another person approves" },
	{ .name = "protected_posts",
		OPTION(protected_posts, CONF_STR),
		.help = "table of posts with labels that a new model must not judge worse than the one in use; default: the set "
			"that "
			"comes with earshot" },
	{ .name = "log_level",
		OPTION(log_level, CONF_CHOICE),
		.fallback = "info",
		.choices = log_levels,
		.help = "least level that is logged" },
	{ .name = "user_agent",
		OPTION(user_agent, CONF_STR),
		.fallback = "earshot",
		.help = "product name sent to sites; the version is added" },
	{ .name = "contact",
		OPTION(contact, CONF_STR),
		.help = "URL or address where site owners can reach you; sent with the user agent" },
	{ .name = "pseudonym_key",
		OPTION(pseudonym_key, CONF_SECRET),
		.help = "key of the authors' pseudonyms; default: one made in the data folder" },
	{ .name = "pseudonym_keys_before",
		OPTION(pseudonym_keys_before, CONF_SECRET),
		.help = "the keys before it, a line each, newest first: for finding what was stored under them" },
	{ .name = "archive",
		OPTION(archive, CONF_BOOL),
		.fallback = "yes",
		.help = "keep every fetched post, masked, on disk: for search, backtests, back-fills" },
	{ .name = "archive_folder", OPTION(archive_folder, CONF_STR), .help = "where; default: archive in the data folder" },
	{ .name = "archive_sync",
		OPTION(archive_sync_ms, CONF_DURATION),
		.fallback = "5s",
		.max = 3600000,
		.help = "fdatasync of the archive at most so often: what a loss of power may take; 0s = every block" },
};
static const struct conf_option redis_options[] = {
	{ .name = "url",
		OPTION(redis_url, CONF_STR),
		.help = "redis://host:port/db or unix:///path; default: the embedded server of the data folder" },
	{ .name = "user", OPTION(redis_user, CONF_STR), .help = "ACL user" },
	{ .name = "password", OPTION(redis_password, CONF_SECRET), .help = "its password" },
	{ .name = "analyst_port",
		OPTION(analyst_port, CONF_INT),
		.fallback = "0",
		.max = 65535,
		.help = "embedded Redis: loopback port for the read-only user analyst; 0 = none" },
	{ .name = "max_memory",
		OPTION(max_memory, CONF_SIZE),
		.fallback = "1g",
		.min = 64 << 20,
		.max = 1e15,
		.help = "embedded Redis: most memory it may use; full means \"slow down\", never \"forget\"" },
};
static const struct conf_option console_options[] = {
	{ .name = "listen",
		OPTION(console_listen, CONF_STR),
		.fallback = "127.0.0.1",
		.help = "loopback address of the console" },
	{ .name = "port",
		OPTION(console_port, CONF_INT),
		.fallback = "8808",
		.max = 65535,
		.help = "port of the console; 0 = any free one" },
};
static const struct conf_option intake_options[] = {
	{ .name = "listen",
		OPTION(intake_listen, CONF_STR),
		.fallback = "127.0.0.1",
		.help = "address on which the crawler takes webhooks, when a source is of kind webhook; 0.0.0.0 = all" },
	{ .name = "port",
		OPTION(intake_port, CONF_INT),
		.fallback = "8809",
		.max = 65535,
		.help = "its port; 0 = any free one, written to DATA/intake.url" },
};
static const struct conf_option websub_options[] = {
	{ .name = "callback",
		OPTION(websub_callback, CONF_STR),
		.help = "public https address that leads to the intake: hubs push there what is new; default: sources are only "
			"polled" },
	{ .name = "lease",
		OPTION(websub_lease_ms, CONF_DURATION),
		.fallback = "10d",
		.min = 1000,
		.max = LIMIT_WEBSUB_LEASE_MS,
		.help = "for how long hubs are asked to push; they may grant another time; renewed before it ends" },
	{ .name = "allow_cidr",
		OPTION(websub_allow, CONF_LIST),
		.help = "private or loopback networks that hubs, and the callback, may be in, as 10.0.0.0/8" },
};
static const struct conf_option retention_options[] = {
	{ .name = "mentions",
		OPTION(keep_mentions_ms, CONF_DURATION),
		.fallback = "30d",
		.min = MS_PER_HOUR,
		.max = 3650.0 * MS_PER_DAY,
		.help = "mention records; older posts are refused at the door" },
	{ .name = "minutes",
		OPTION(keep_minutes_ms, CONF_DURATION),
		.fallback = "35d",
		.min = MS_PER_DAY,
		.max = 3650.0 * MS_PER_DAY,
		.help = "minute counts" },
	{ .name = "hours",
		OPTION(keep_hours_ms, CONF_DURATION),
		.fallback = "400d",
		.min = MS_PER_DAY,
		.max = 3650.0 * MS_PER_DAY,
		.help = "hour counts" },
	{ .name = "archive_keep",
		OPTION(archive_keep_ms, CONF_DURATION),
		.fallback = "30d",
		.min = MS_PER_DAY,
		.max = 3650.0 * MS_PER_DAY,
		.help = "archive segments of days before are deleted whole" },
	{ .name = "archive_bytes",
		OPTION(archive_bytes, CONF_SIZE),
		.fallback = "10g",
		.min = LIMIT_SEGMENT_BYTES,
		.max = 1e15,
		.help = "most the archive may take on disk: the oldest segments go first" },
};
static const struct conf_option tick_options[] = {
	{ .name = "every",
		OPTION(tick_ms, CONF_DURATION),
		.fallback = "60s",
		.min = 1000,
		.max = 3600000,
		.help = "how often a brand is evaluated; a minute is what the baselines expect" },
};

static const struct conf_option health_options[] = {
	{ .name = "tell_after",
		OPTION(health_tell_ms, CONF_DURATION),
		.fallback = "10m",
		.max = 86400000,
		.help = "how long a source has to be sick before operators are told" },
	{ .name = "remind",
		OPTION(health_remind_ms, CONF_DURATION),
		.fallback = "1d",
		.min = 1000,
		.max = 30.0 * MS_PER_DAY,
		.help = "when they are told again: after so long, then 3 times as long, then every 7 times as long" },
};

#define SECTION(kind_, options_, about_)                                                                                         \
	{                                                                                                                        \
		kind_, options_, sizeof options_ / sizeof *options_, about_                                                      \
	}
const struct settings_section settings_sections[] = {
	SECTION("earshot", earshot_options, "folders, identity, logs"),
	SECTION("redis", redis_options, "where state lives"),
	SECTION("console", console_options, "the page"),
	SECTION("intake", intake_options, "signed webhooks: posts that are brought"),
	SECTION("websub", websub_options, "pushes of hubs instead of frequent polls"),
	SECTION("retention", retention_options, "what is kept how long"),
	SECTION("tick", tick_options, "evaluation"),
	SECTION("health", health_options, "when operators are told of sick sources"),
};
const size_t settings_nsections = sizeof settings_sections / sizeof *settings_sections;

static const struct settings_section *section_of(struct str kind)
{
	for (size_t i = 0; i < settings_nsections; i++)
		if (str_eqc(kind, settings_sections[i].kind))
			return &settings_sections[i];
	return NULL;
}

static void unknown_section(const struct conf_section *s, struct problems *p)
{
	const char *names[8];
	for (size_t i = 0; i < settings_nsections; i++)
		names[i] = settings_sections[i].kind;
	const char *near = problems_nearest(s->kind, names, settings_nsections);
	problems_add(p, s->file, s->line, 1, "there is no section [%.*s]; %s%s%s", STR_FMT(s->kind),
		near ? "did you mean [" : "use [earshot", near ? near : "",
		near ? "]?" : "], [redis], [console], [intake], [websub], [retention], [tick] or [health]");
}

static void fill_file(struct arena *a, const struct conf_file *file, struct settings *out, struct problems *p)
{
	bool filled[8] = { false };
	for (size_t i = 0; i < file->n; i++) {
		const struct conf_section *s = &file->section[i];
		if (s->kind.n == 0 && s->n == 0)
			continue;
		const struct settings_section *row = section_of(s->kind);
		if (row == NULL) {
			unknown_section(s, p);
			continue;
		}
		const size_t at = (size_t)(row - settings_sections);
		if (filled[at])
			problems_add(p, s->file, s->line, 1, "[%s] stands twice; put all its options into one", row->kind);
		filled[at] = true;
		conf_fill(a, s, row->options, row->n, out, p);
	}
}

static const char *search(struct arena *a)
{
	const char *named = getenv("EARSHOT_CONFIG");
	if (named != NULL && *named != '\0')
		return named;
	const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	const char *own = xdg != NULL && *xdg != '\0' ? arena_printf(a, "%s/earshot/earshot.conf", xdg).p
						      : arena_printf(a, "%s/.config/earshot/earshot.conf", home ? home : "").p;
	if (file_exists(own))
		return own;
	return file_exists("/etc/earshot/earshot.conf") ? "/etc/earshot/earshot.conf" : NULL;
}

static struct str default_data(struct arena *a)
{
	const char *xdg = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	if (xdg != NULL && *xdg != '\0')
		return arena_printf(a, "%s/earshot", xdg);
	return home != NULL && *home != '\0' ? arena_printf(a, "%s/.local/state/earshot", home) : STR("/var/lib/earshot");
}

struct str settings_absolute(struct arena *a, struct str path)
{
	char here[4096];
	if ((path.n > 0 && path.p[0] == '/') || getcwd(here, sizeof here) == NULL)
		return path;
	return arena_printf(a, "%s/%.*s", here, STR_FMT(path));
}

/* Relative folders are relative to the file that names them; without a file, to the working directory. */
static const char **absolute(struct arena *a, struct str base, const struct conf_list *list)
{
	const char **folder = arena_list(a, const char *, list->n + 1);
	for (size_t i = 0; i < list->n; i++)
		folder[i] = arena_cstr(a, file_join(a, base, list->item[i]));
	return folder;
}

static void check_console(const struct settings *s, struct problems *p)
{
	if (str_eqc(s->console_listen, "127.0.0.1") || str_eqc(s->console_listen, "::1"))
		return;
	problems_add(p, s->path, 0, 0, "[console] listen = %.*s: the console has no logins yet; use 127.0.0.1 or ::1",
		STR_FMT(s->console_listen));
}

/* A hub has to reach it: a name or address that only this network knows is a mistake, unless it is named as one. */
static void check_websub(struct arena *a, const struct settings *s, struct problems *p)
{
	struct url url;
	struct err e = { 0 };
	unsigned char address[16];
	if (s->websub_callback.n == 0)
		return;
	if (url_parse_fetchable(a, s->websub_callback, &url, &e) != OK || url.query.n > 0) {
		problems_add(p, s->path, 0, 0, "[websub] callback = %.*s: %s", STR_FMT(s->websub_callback),
			e.text[0] != '\0' ? e.text : "it must have no query; write https://host/ or https://host/path");
		return;
	}
	const char *host = arena_cstr(a, url.host);
	const bool is_v4 = inet_pton(AF_INET, host, address) == 1;
	const bool is_private = is_v4 ? !http_address_allowed(AF_INET, address, NULL, 0)
				      : str_findc(url.host, ':') >= 0 || url_is_local_name(url.host);
	if (is_private && s->websub_allow.n == 0)
		problems_add(p, s->path, 0, 0,
			"[websub] callback = %.*s: no hub outside of this network can reach it; write the public https address "
			"of "
			"the proxy in front of the intake",
			STR_FMT(s->websub_callback));
}

static void load_folder(struct arena *a, struct str base, struct settings *out, struct problems *p)
{
	const struct str folder = file_join(a, base, STR("conf.d"));
	struct str *name = NULL;
	size_t n = 0;
	struct err e = { 0 };
	if (!file_exists(arena_cstr(a, folder)) || file_list(a, arena_cstr(a, folder), ".conf", &name, &n, &e) != OK)
		return;
	for (size_t i = 0; i < n; i++) {
		const struct conf_file *file = conf_load(a, arena_cstr(a, file_join(a, folder, name[i])), p);
		if (file != NULL)
			fill_file(a, file, out, p);
	}
}

void settings_load(struct arena *a, const char *path, struct settings *out, struct problems *p)
{
	*out = (struct settings){ .path = "" };
	for (size_t i = 0; i < settings_nsections; i++)
		conf_defaults(a, settings_sections[i].options, settings_sections[i].n, out);
	const char *found = path != NULL ? path : search(a);
	struct str base = STR(".");
	if (found != NULL) {
		out->path = arena_cstr(a, str_of(found));
		base = file_folder(a, found);
		const struct conf_file *file = conf_load(a, found, p);
		if (file != NULL)
			fill_file(a, file, out, p);
		load_folder(a, base, out, p);
	}
	const char *data = getenv("EARSHOT_DATA"), *url = getenv("EARSHOT_REDIS_URL");
	out->data = out->data.n > 0 ? file_join(a, base, out->data) : default_data(a);
	if (data != NULL && *data != '\0')
		out->data = arena_copy(a, str_of(data));
	out->data = settings_absolute(a, out->data);
	if (url != NULL && *url != '\0')
		out->redis_url = arena_copy(a, str_of(url));
	out->archive_folder = settings_absolute(
		a, out->archive_folder.n > 0 ? file_join(a, base, out->archive_folder) : file_join(a, out->data, STR("archive")));
	if (out->protected_posts.n > 0)
		out->protected_posts = settings_absolute(a, file_join(a, base, out->protected_posts));
	out->rules_folder = absolute(a, base, &out->rules);
	out->feeds_folder = absolute(a, base, &out->feeds);
	check_console(out, p);
	check_websub(a, out, p);
}

void settings_identity(struct arena *a, struct settings *s, const char *role)
{
	if (s->redis_url.n > 0 || s->redis_user.n > 0)
		return;
	const char *path = arena_printf(a, "%.*s/%s.password", STR_FMT(s->data), role).p;
	struct str password = { 0 };
	if (!file_exists(path) || file_read(a, path, 4096, &password, NULL) != OK)
		return;
	s->redis_user = arena_copy(a, str_of(role));
	s->redis_password = str_trim(password);
}

const char *settings_redis_url(struct arena *a, const struct settings *s)
{
	return s->redis_url.n > 0 ? arena_cstr(a, s->redis_url) : arena_printf(a, "unix://%.*s/redis.sock", STR_FMT(s->data)).p;
}
