/* The console's loop: a turn of the role, then a turn of the HTTP server, which is the one blocking point. */
#include "console/main.h"

#include <earshot/limits.h>

#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/log.h"
#include "common/store/role.h"
#include "common/base/http_server.h"
#include "console/routes.h"

#include <stdio.h>
#include <unistd.h>

#define TURN_MS 250 /* longest wait for a request: heartbeat, leases and signals are looked at between two turns */

struct console {
	struct role role;
	struct arena arena; /* of one request */
	struct complaint_log trouble;
};

/* A broken connection is the role's business: it is told, and every request until the next turn gets 503 at once. */
static void note_trouble(struct console *c, enum outcome done, const struct err *e)
{
	if (done == RETRY && c->role.ready) {
		c->role.ready = false;
		role_trouble(&c->role, done, e);
	} else if (done == STOP) {
		log_complain(&c->trouble, EV_http_error, "why=%s", log_quote(str_of(e->text)));
	}
}

static void serve(void *owner, const struct request *request, struct response *response)
{
	struct console *c = owner;
	struct err e = { 0 };
	arena_reset(&c->arena);
	struct api api = {
		.redis = c->role.redis,
		.ready = c->role.ready && redis_connected(c->role.redis),
		.arena = &c->arena,
		.now_ms = clock_now_ms(),
		.request = request,
	};
	const enum outcome done = routes_serve(&api, response, &e);
	redis_done(c->role.redis);
	note_trouble(c, done, &e);
}

static const char *url_path(struct arena *a, const struct settings *s)
{
	return arena_cstr(a, file_join(a, s->data, STR("console.url")));
}

/* `earshot up` and the tests read the URL from the file when the port was chosen by the system. */
static void announce(struct console *c, const char *url)
{
	const struct settings *s = c->role.settings;
	printf("console: %s\n", url);
	(void)fflush(stdout);
	if (s->data.n == 0 || !file_exists(arena_cstr(&c->arena, s->data)))
		return;
	struct err e = { 0 };
	if (file_write(url_path(&c->arena, s), arena_printf(&c->arena, "%s\n", url), 0644, &e) != OK)
		log_event(LOG_WARN, EV_http_error, "why=%s", log_quote(str_of(e.text)));
}

static enum outcome run(struct console *c, struct err *e)
{
	const struct settings *s = c->role.settings;
	struct http_server *server = NULL;
	const struct http_server_options options = { .name = "console",
		.address = arena_cstr(&c->arena, s->console_listen),
		.port = s->console_port,
		.serve = serve,
		.owner = c };
	enum outcome done = http_server_new(&server, &options, e);
	if (done != OK)
		return done;
	announce(c, http_server_url(server));
	while (done == OK && role_turn(&c->role))
		done = http_server_turn(server, TURN_MS, e);
	http_server_free(server);
	arena_reset(&c->arena);
	if (s->data.n > 0)
		(void)unlink(url_path(&c->arena, s));
	return done;
}

int console_main(const struct settings *settings)
{
	struct console c = { 0 };
	struct err e = { 0 };
	/* A hundred mentions of hostile size with their later sights: records of 512 KiB, sights of 256 KiB, texts of 64 KiB. */
	arena_init(&c.arena, 2 * (size_t)LIMIT_ARENA_BYTES);
	enum outcome done = role_init(&c.role, "console", settings, &e);
	if (done == OK)
		done = run(&c, &e);
	if (done != OK)
		fprintf(stderr, "earshot: %s\n", e.text);
	role_release(&c.role);
	arena_release(&c.arena);
	return done == OK ? c.role.exit_code : done == REJECT ? EXIT_CONFIG : EXIT_NO; /* REJECT: the address is none of ours */
}
