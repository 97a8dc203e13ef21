/* What the tests of the store share: a redis-server, a connection with the functions loaded, and a clean brand for each test. */
#ifndef EARSHOT_TESTS_STORE_FIXTURE_H
#define EARSHOT_TESTS_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/clock.h"
#include "common/base/proc.h"
#include "common/store/incidents.h"
#include "common/store/posts.h"
#include "tests/support/redis_up.h"
#include <earshot/limits.h>

#include <stdio.h>
#include <string.h>

#define NOON 4004424000000LL /* 2096-11-22T12:00:00Z: Redis expires keys by its own clock, so it must lie ahead */
#define MUST(call) must((call), #call)

static struct redis *redis;
static struct arena arena;
static struct err err;
static char url[256];
static struct str brand;
static struct lease owner;
static struct partition here; /* the brand, under the lease of its detector */

static inline void must(enum outcome o, const char *what)
{
	if (o != OK)
		fail_msg("%s: outcome %d, %s", what, o, err.text);
}

static inline const struct reply *ask(size_t n, const char *const *word)
{
	struct command c = command_new(&arena, n);
	for (size_t i = 0; i < n; i++)
		command_addz(&c, word[i]);
	const struct reply *reply = NULL;
	MUST(redis_ask(redis, &c, &reply, &err));
	return reply;
}
#define ASK(...) ask(sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *), (const char *const[]){ __VA_ARGS__ })

/* A clean server, the functions, brand "acme" with its group, and its detector's lease. */
static inline int set_up(void **state)
{
	(void)state;
	if (!redis)
		return 0;
	arena_reset(&arena);
	redis_done(redis);
	MUST(redis_connect(redis, &err));
	(void)ASK("FLUSHALL");
	brand = STR("acme");
	owner = (struct lease){ .role = LEASE_DETECTOR, .partition = brand };
	here = (struct partition){ .redis = redis, .arena = &arena, .brand = brand, .lease = &owner };
	MUST(posts_group(&here, &err));
	MUST(lease_renew(redis, &arena, &owner, 1, STR("detector:test:1"), &err));
	assert_true(owner.held);
	return 0;
}

static inline void need_server(void)
{
	if (!redis)
		skip();
}

static inline int store_start(void **state)
{
	(void)state;
	proc_signals();
	arena_init(&arena, LIMIT_ARENA_BYTES);
	if (!redis_up(url))
		return 0;
	redis = redis_new(url, "", STR(""), &err);
	if (redis && redis_connect(redis, &err) == OK && redis_functions(redis, true, &err) == OK)
		return 0;
	(void)fprintf(stderr, "%s\n", err.text);
	return 1;
}

static inline int store_stop(void **state)
{
	(void)state;
	redis_free(redis);
	arena_release(&arena);
	redis_down();
	return 0;
}

#define CASE(test) cmocka_unit_test_setup(test, set_up)

#endif
