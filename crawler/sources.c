/* The configured sources: one table of options, and what is derived from them. */
#include "crawler/sources.h"

#include <earshot/limits.h>

#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/post.h"
#include "common/base/signature.h"
#include "common/base/url.h"
#include "crawler/recipe_problems.h"
#include "crawler/robots.h"
#include "crawler/source_proxy.h"
#include "crawler/webhook.h"

#include <string.h>

const char *const source_family_names[] = { "forum", "news", "review", "complaint", "social", "blog", "video", "other", NULL };
const char *const source_kind_names[] = {
	[SOURCE_FEED] = "feed", [SOURCE_WEBHOOK] = "webhook", [SOURCE_PAGE] = "page", [SOURCE_IMAP] = "imap", NULL
};

static const char *const robots_names[] = { "obey", "ignore", NULL };

/* As it is read, before what few sources have goes its own way. */
struct raw_source {
	struct source s;
	struct source_how how; /* s.how while it is made */
	int family;
	int robots; /* place in robots_names */
	struct conf_list allow_cidr;
	struct str recipe, cookie;
	struct source_mailbox mailbox;
	struct source_pushed pushed;
	struct str items; /* of a webhook: JSON pointer of the posts in a body; "" = the body is one, or a list of them */
	struct conf_list map; /* of a webhook: which value is which part of a post */
};
#define OPTION(field, type_) .offset = offsetof(struct raw_source, field), .type = type_

const struct conf_option source_options[] = {
	{ .name = "url",
		OPTION(s.url, CONF_STR),
		.help = "what to fetch: http or https; of a mailbox imaps://host; not of a webhook" },
	{ .name = "kind",
		OPTION(how.kind, CONF_CHOICE),
		.choices = source_kind_names,
		.fallback = "feed",
		.help = "feed: RSS, RDF, Atom or JSON Feed, told apart by content; page: a thread, reviews or an article, read "
			"by what the page shows; imap: the messages of a mailbox; webhook: posts are brought. See "
			"docs/sources.md" },
	{ .name = "recipe",
		OPTION(recipe, CONF_STR),
		.help = "NAME of a NAME.recipe in the feeds folders: how its pages are read; default: as a feed" },
	{ .name = "cookie",
		OPTION(cookie, CONF_SECRET),
		.help = "cookie of the operator's own account, sent for recipes with login = operator-cookie" },
	{ .name = "family",
		OPTION(family, CONF_CHOICE),
		.choices = source_family_names,
		.fallback = "other",
		.help = "what it is; a dimension of the counts" },
	{ .name = "scope",
		OPTION(s.scope, CONF_STR),
		.help = "identity scope of its posts; default: the registrable domain. Never change it later" },
	{ .name = "brands",
		OPTION(how.brands, CONF_LIST),
		.help = "every post is about these (a brand's own review page); default: match the text" },
	{ .name = "fields",
		OPTION(how.fields, CONF_LIST),
		.help = "what is stored of its posts, as title, text, url, lang; id, source, kind and times always are; default: "
			"everything" },
	{ .name = "retention",
		OPTION(how.retention_ms, CONF_DURATION),
		.min = MS_PER_HOUR,
		.max = 3650.0 * MS_PER_DAY,
		.help = "its posts are kept for so long, as 7d; older ones are refused, and go from mentions and archive; "
			"default: as "
			"[retention] says, which always holds" },
	{ .name = "every",
		OPTION(how.every_ms, CONF_DURATION),
		.min = 500,
		.max = 7.0 * MS_PER_DAY,
		.help = "fixed polling interval; default: by how often it posts, between every_min and every_max" },
	{ .name = "every_min",
		OPTION(how.every_min_ms, CONF_DURATION),
		.fallback = "1m",
		.min = 500,
		.max = 7.0 * MS_PER_DAY,
		.help = "without `every`: it is polled no more often" },
	{ .name = "every_max",
		OPTION(how.every_max_ms, CONF_DURATION),
		.fallback = "6h",
		.min = 500,
		.max = 7.0 * MS_PER_DAY,
		.help = "without `every`: it is polled no less often, unless it fails or asks for a longer pause" },
	{ .name = "delay",
		OPTION(how.delay_ms, CONF_DURATION),
		.fallback = "1s",
		.max = 10.0 * MS_PER_MINUTE,
		.help = "pause between two requests to its host" },
	{ .name = "websub",
		OPTION(how.has_websub, CONF_BOOL),
		.fallback = "yes",
		.help = "where [websub] callback is set: a hub that its feed names is asked to push what is new; no: it is "
			"polled alone" },
	{ .name = "safety_min",
		OPTION(how.safety_ms, CONF_DURATION),
		.fallback = "1h",
		.min = 500,
		.max = 1.0 * MS_PER_DAY,
		.help = "without `every`: while a hub pushes what is new, it is polled no more often; a day at most lies "
			"between" },
	{ .name = "allow_cidr",
		OPTION(allow_cidr, CONF_LIST),
		.help = "private or loopback networks it may reach, as 127.0.0.0/8" },
	{ .name = "robots",
		OPTION(robots, CONF_CHOICE),
		.choices = robots_names,
		.fallback = "obey",
		.help = "obey: what its host's robots.txt disallows is not fetched; ignore: only with the site's permission, "
			"and say in a comment who gave it. See docs/sources.md" },
	{ .name = "proxy",
		OPTION(how.proxy_url, CONF_STR),
		.help = "by whose way it is asked: http://host:port, https://host:port or socks5://host:port; its own address "
			"is still looked up and checked here" },
	{ .name = "proxy_user", OPTION(how.proxy_user, CONF_STR), .help = "who logs in at the proxy" },
	{ .name = "proxy_password", OPTION(how.proxy_password, CONF_SECRET), .help = "that user's password" },
	{ .name = "proxy_allow_cidr",
		OPTION(how.proxy_allow_cidr, CONF_LIST),
		.help = "private or loopback networks that the proxy may stand in, as 10.0.0.5/32" },
	{ .name = "header", OPTION(how.header, CONF_LIST), .help = "request headers, as Accept-Language: zh" },
	{ .name = "utc_offset",
		OPTION(how.zone_minutes, CONF_INT),
		.fallback = "0",
		.min = -720,
		.max = 840,
		.help = "minutes from UTC of times that name no zone: 480 for Chinese sites" },
	{ .name = "secret", OPTION(pushed.secret, CONF_SECRET), .help = "of a webhook: what its requests are signed with" },
	{ .name = "items",
		OPTION(items, CONF_STR),
		.help = "of a webhook: JSON pointer of the posts in a body, as /tickets; default: the body, or its items" },
	{ .name = "map",
		OPTION(map, CONF_LIST),
		.help = "of a webhook: PART=POINTER, as text=/ticket/body; the rest is guessed from names" },
	{ .name = "user", OPTION(mailbox.user, CONF_STR), .help = "of a mailbox: who logs in" },
	{ .name = "password", OPTION(mailbox.password, CONF_SECRET), .help = "of a mailbox: the user's password" },
	{ .name = "folder", OPTION(mailbox.folder, CONF_STR), .fallback = "INBOX", .help = "of a mailbox: which folder is read" },
	{ .name = "ca_file",
		OPTION(mailbox.ca_file, CONF_STR),
		.help = "of a mailbox: PEM file of the certificates that its server's is signed by; default: this machine's" },
	{ .name = "enabled",
		OPTION(how.enabled, CONF_BOOL),
		.fallback = "yes",
		.help = "no: it stays in the file and is not polled" },
};
const size_t source_noptions = sizeof source_options / sizeof *source_options;

static bool is_id(struct str id)
{
	if (id.n == 0 || id.n > 64)
		return false;
	for (size_t i = 0; i < id.n; i++)
		if (strchr("abcdefghijklmnopqrstuvwxyz0123456789-", id.p[i]) == NULL)
			return false;
	return true;
}

static void allow_networks(struct arena *a, struct raw_source *raw, const struct conf_section *at, struct problems *p)
{
	struct source_how *how = &raw->how;
	how->allow = raw->allow_cidr.n > 0 ? arena_list(a, struct http_cidr, raw->allow_cidr.n) : NULL;
	for (size_t i = 0; i < raw->allow_cidr.n; i++) {
		struct err e = { 0 };
		if (http_cidr_parse(raw->allow_cidr.item[i], &how->allow[how->nallow], &e) == OK)
			how->nallow++;
		else
			problems_add(p, at->file, at->line, 1, "source %.*s: allow_cidr: %s", STR_FMT(raw->s.id), e.text);
	}
}

/* A part that stands in the whole, which is kept, needs no copy. */
static struct str keep_part(struct arena *a, struct str whole, struct str part)
{
	const char *at = part.n > 0 ? memmem(whole.p, whole.n, part.p, part.n) : whole.p;
	return at != NULL ? (struct str){ at, part.n } : arena_copy(a, part);
}

static enum outcome derive(struct arena *a, struct arena *scratch, struct source *s, struct err *e)
{
	struct url url;
	enum outcome done = url_check_fetchable(s->url, e);
	if (done == OK)
		done = url_parse(scratch, s->url, STR(""), &url, e);
	if (done != OK)
		return done;
	s->host = keep_part(a, s->url, url.host);
	s->shard = url_shard(url.host);
	const struct str path = robots_path(scratch, url.href);
	s->origin = keep_part(a, s->url, str_first(url.href, (size_t)(path.p - url.href.p)));
	s->robots_path = keep_part(a, s->url, robots_escape(scratch, path));
	if (s->scope.n == 0)
		s->scope = keep_part(a, s->host, url_registrable_domain(scratch, url.host));
	return OK;
}

/* A code, place and sentence about the recipe of a source. */
static void tell(struct problems *p, enum recipe_problem kind, const struct conf_section *at, const char *fmt, ...)
	PRINTF_LIKE(4, 5);
static void tell(struct problems *p, enum recipe_problem kind, const struct conf_section *at, const char *fmt, ...)
{
	const struct recipe_problem_row *row = &recipe_problem_rows[kind];
	const struct problem place = {
		.file = at->file, .line = at->line, .column = 1, .is_warning = row->is_warning, .code = row->code
	};
	va_list args;
	va_start(args, fmt);
	problems_tell(p, &place, fmt, args);
	va_end(args);
}

/* Headers of the recipe first, so that the source has the last word; then the operator's cookie. */
static void join_headers(struct arena *a, struct raw_source *raw)
{
	struct source_how *how = &raw->how;
	const struct conf_list *first = &how->recipe->header;
	struct conf_list all = { arena_list(a, struct str, first->n + how->header.n + 2), 0 };
	for (size_t i = 0; i < first->n; i++)
		all.item[all.n++] = first->item[i];
	for (size_t i = 0; i < how->header.n; i++)
		all.item[all.n++] = how->header.item[i];
	if (raw->cookie.n > 0)
		all.item[all.n++] = arena_printf(a, "Cookie: %.*s", STR_FMT(raw->cookie));
	how->header = all;
}

static void find_recipe(struct arena *a, struct raw_source *raw, const struct recipe_book *book, const struct conf_section *at,
	struct problems *p)
{
	const struct source *s = &raw->s;
	struct source_how *how = &raw->how;
	if (raw->recipe.n == 0)
		return;
	const struct recipe *r = recipes_find(book, raw->recipe);
	how->recipe = r;
	if (r == NULL) {
		tell(p, P_SOURCE_RECIPE, at,
			"source %.*s: there is no recipe \"%.*s\", or it has errors; `earshot recipe list` names all",
			STR_FMT(s->id), STR_FMT(raw->recipe));
		return;
	}
	if ((r->login == RECIPE_LOGIN_COOKIE) != (raw->cookie.n > 0))
		tell(p, P_SOURCE_COOKIE, at,
			raw->cookie.n > 0 ? "source %.*s: recipe %.*s works without a login; take the cookie away"
					  : "source %.*s: recipe %.*s wants the operator's own cookie; add cookie_file = PATH",
			STR_FMT(s->id), STR_FMT(r->name));
	if ((r->hosts.n > 0 || r->paths.n > 0) && !recipe_is_for(r, s->url))
		tell(p, P_SOURCE_ADDRESS, at, "source %.*s: recipe %.*s is not meant for this address; one like %.*s is expected",
			STR_FMT(s->id), STR_FMT(r->name), STR_FMT(r->example.n > 0 ? r->example : STR("its hosts and paths")));
	if (how->every_ms > 0)
		how->every_ms = how->every_ms > r->every_ms ? how->every_ms : r->every_ms;
	how->every_min_ms = how->every_min_ms > r->every_ms ? how->every_min_ms : r->every_ms;
	how->delay_ms = how->delay_ms > r->delay_ms ? how->delay_ms : r->delay_ms;
	join_headers(a, raw);
}

static enum outcome derive_webhook(struct arena *a, struct raw_source *raw, struct err *e)
{
	struct source *s = &raw->s;
	if (s->url.n > 0)
		return err_set(e, REJECT, "a webhook has no url; its posts come to POST /ingest/%.*s", STR_FMT(s->id));
	if (!signature_can_check(raw->pushed.secret))
		return err_set(e, REJECT,
			"a webhook needs a secret of 16 bytes or more, without blanks: write secret_file = PATH (openssl rand "
			"-hex 32 makes "
			"one)");
	if (s->scope.n == 0)
		s->scope = s->id;
	struct source_pushed *pushed = arena_new(a, struct source_pushed);
	*pushed = raw->pushed;
	raw->how.pushed = pushed;
	return webhook_compile(a, raw->items, &raw->map, &pushed->webhook, e);
}

static bool is_mailbox_url(struct str url)
{
	return str_starts(url, STR("imaps://")) || str_starts(url, STR("imap://"));
}

/* imaps://host[:port]; the HTTP client, which makes the connection, is given the same with its own scheme. */
static enum outcome derive_mailbox(struct arena *a, struct raw_source *raw, struct err *e)
{
	struct source *s = &raw->s;
	struct url url;
	if (!is_mailbox_url(s->url) || str_findc(s->url, '@') >= 0)
		return err_set(e, REJECT, "the url of a mailbox is imaps://host; write user = NAME and folder = NAME beside it");
	if (raw->mailbox.user.n == 0 || raw->mailbox.password.n == 0)
		return err_set(e, REJECT, "a mailbox needs user = NAME and password_file = PATH (or password_env = NAME)");
	const bool is_plain = str_starts(s->url, STR("imap://"));
	if (is_plain && raw->how.nallow == 0)
		return err_set(e, REJECT,
			"imap:// sends the password in the clear; write imaps://, or name the network you trust "
			"with allow_cidr");
	const struct str same = arena_printf(a, "http%.*s", STR_FMT(str_from(s->url, sizeof "imap" - 1)));
	const enum outcome done = url_parse(a, same, STR(""), &url, e);
	if (done != OK)
		return done;
	if (url.path.n > 1 || url.query.n > 0)
		return err_set(e, REJECT, "the url of a mailbox ends with its host; write folder = NAME for the rest");
	const int web = is_plain ? 80 : 443, mail = is_plain ? 143 : 993;
	struct source_mailbox *mailbox = arena_new(a, struct source_mailbox);
	*mailbox = raw->mailbox;
	raw->how.mailbox = mailbox;
	mailbox->server =
		arena_printf(a, "%.*s://%.*s:%d/", STR_FMT(url.scheme), STR_FMT(url.host), url.port == web ? mail : url.port);
	s->host = url.host;
	s->shard = url_shard(url.host);
	s->scope = s->scope.n > 0 ? s->scope : s->id; /* messages have ids of their own, whichever server keeps them */
	return OK;
}

static enum outcome derive_kind(struct arena *a, struct arena *scratch, struct raw_source *raw, struct err *e)
{
	struct source *s = &raw->s;
	if (raw->how.kind == SOURCE_WEBHOOK)
		return derive_webhook(a, raw, e);
	if (s->url.n == 0)
		return err_set(e, REJECT, "it has no url; write url = https://…");
	return raw->how.kind == SOURCE_IMAP ? derive_mailbox(a, raw, e) : derive(a, scratch, s, e);
}

/* What stands in the file's own memory, which is given back, is copied; defaults stand in the table. */
static struct str keep_text(struct arena *a, struct str text, const struct conf_option *option)
{
	if (text.n == 0)
		return STR("");
	return text.p == option->fallback ? text : arena_copy(a, text);
}

static void keep_option(struct arena *a, struct raw_source *raw, const struct conf_option *option)
{
	char *at = (char *)raw + option->offset;
	struct str text;
	struct conf_list list;
	if (option->type == CONF_STR || option->type == CONF_SECRET) {
		memcpy(&text, at, sizeof text);
		text = keep_text(a, text, option);
		memcpy(at, &text, sizeof text);
	} else if (option->type == CONF_LIST) {
		memcpy(&list, at, sizeof list);
		struct str *item = list.n > 0 ? arena_list(a, struct str, list.n) : NULL;
		for (size_t i = 0; i < list.n; i++)
			item[i] = arena_copy(a, list.item[i]);
		list.item = item;
		memcpy(at, &list, sizeof list);
	}
}

/* Its own mailbox, its own secret: these are not shared. */
static bool is_shared(const struct source_how *how)
{
	return how->kind != SOURCE_IMAP && how->kind != SOURCE_WEBHOOK;
}

/* All options but those that are of no use once they were derived from. */
static void keep_options(struct arena *a, struct raw_source *raw)
{
	for (size_t i = 0; i < source_noptions; i++)
		if (source_options[i].offset != offsetof(struct raw_source, allow_cidr))
			keep_option(a, raw, &source_options[i]);
	raw->how.family = str_of(source_family_names[raw->family]);
	raw->how.ignores_robots = raw->robots > 0;
}

/* Of one that is configured as another one that was fine. */
static void keep_own(struct arena *a, struct raw_source *raw)
{
	raw->s.url = arena_copy(a, raw->s.url);
	raw->s.scope = arena_copy(a, raw->s.scope);
}

static bool fits_recipe(const struct source *s)
{
	const struct recipe *r = s->how->recipe;
	return r == NULL || (r->hosts.n == 0 && r->paths.n == 0) || recipe_is_for(r, s->url);
}

/* It may say of itself what the other one cannot: then it is read as if there were no other. */
static bool read_alike(struct source_reader *r, const struct conf_section *at, const struct source_how *how, struct source *out)
{
	struct raw_source raw = { 0 };
	struct problems unsaid;
	problems_init(&unsaid);
	conf_fill(r->scratch, at, source_options, source_noptions, &raw, &unsaid);
	raw.s.how = how;
	bool is_fine = is_id(at->name) && unsaid.errors == 0 && fits_recipe(&raw.s) && url_check_fetchable(raw.s.url, NULL) == OK;
	problems_release(&unsaid);
	if (!is_fine)
		return false;
	raw.s.id = arena_copy(r->a, at->name);
	keep_own(r->a, &raw);
	is_fine = derive(r->a, r->scratch, &raw.s, NULL) == OK;
	*out = raw.s;
	return is_fine;
}

/* Without words there is nothing to find a brand in. */
static void derive_fields(struct raw_source *raw, const struct conf_section *at, struct problems *p)
{
	struct err e = { 0 };
	const struct conf_list *names = &raw->how.fields;
	if (post_fields_read(names->item, names->n, &raw->how.stored, &e) != OK)
		problems_add(p, at->file, at->line, 1, "source %.*s: %s", STR_FMT(at->name), e.text);
	else if (names->n > 0 && !conf_list_has(names, STR("title")) && !conf_list_has(names, STR("text")))
		problems_add(p, at->file, at->line, 1, "source %.*s: fields has neither title nor text; add one of them",
			STR_FMT(at->name));
}

static bool read_whole(struct source_reader *r, const struct conf_section *at, struct str key, struct source *out)
{
	struct raw_source raw = { 0 };
	struct problems *p = r->p;
	const size_t errors = p->errors, all = p->n;
	conf_fill(r->scratch, at, source_options, source_noptions, &raw, p);
	keep_options(r->a, &raw);
	struct source *s = &raw.s;
	s->id = arena_copy(r->a, at->name);
	if (!is_id(at->name))
		problems_add(p, at->file, at->line, 1, "source name \"%.*s\": use 1 to 64 of a-z 0-9 -", STR_FMT(at->name));
	allow_networks(r->a, &raw, at, p);
	derive_fields(&raw, at, p);
	find_recipe(r->a, &raw, r->recipes, at, p);
	struct err e = { 0 };
	if (p->errors == errors &&
		(derive_kind(r->a, r->scratch, &raw, &e) != OK || source_proxy_derive(r->a, &raw.how, &e) != OK))
		problems_add(p, at->file, at->line, 1, "source %.*s: %s", STR_FMT(s->id), e.text);
	const bool is_model = p->n == all && is_shared(&raw.how);
	s->how = source_how_keep(&r->hows, r->a, is_model ? key : STR(""), &raw.how);
	*out = *s;
	return p->errors == errors;
}

bool sources_read(struct source_reader *r, const struct conf_section *at, struct source *out)
{
	const struct str key = source_how_key(r->scratch, at);
	const struct source_how *how = source_how_find(&r->hows, key);
	return (how != NULL && read_alike(r, at, how, out)) || read_whole(r, at, key, out);
}

enum outcome sources_of_url(
	struct arena *a, struct str url, const struct conf_list *allow_cidr, struct source *out, struct err *e)
{
	struct raw_source raw = { 0 };
	conf_defaults(a, source_options, source_noptions, &raw);
	struct source_how *how = arena_new(a, struct source_how);
	*how = raw.how;
	*out = raw.s;
	out->id = STR("command-line");
	out->url = url;
	out->how = how;
	how->family = STR("other");
	how->allow = arena_list(a, struct http_cidr, allow_cidr->n + 1);
	for (size_t i = 0; i < allow_cidr->n; i++) {
		const enum outcome done = http_cidr_parse(allow_cidr->item[i], &how->allow[how->nallow++], e);
		if (done != OK)
			return done;
	}
	return derive(a, a, out, e);
}
