/* Leases: take, renew, give up. The decision itself is the function `lease` in functions.lua, on Redis' clock. */
#include "common/store/lease.h"

#include "common/base/crypto.h"
#include "common/store/functions.h"
#include "common/store/keys.h"
#include <earshot/limits.h>

#include <stdio.h>

#define NONCE_BYTES 8

struct str lease_key(struct arena *a, const struct lease *l)
{
	switch (l->role) {
	case LEASE_CRAWLER: /* the partition is written "s07", the pattern brings its own s */
		return keys_make(a, KEY_crawler_lease, str_from(l->partition, 1), STR(""), STR(""));
	case LEASE_DETECTOR:
		return keys_brand(a, KEY_detector_lease, l->partition);
	case LEASE_NOTIFIER:
		break;
	}
	return keys_brand(a, KEY_notifier_lease, l->partition);
}

static void renew_queue(struct redis *r, struct arena *a, const struct lease *l, struct str owner)
{
	unsigned char nonce[NONCE_BYTES];
	char hex[2 * NONCE_BYTES + 1];
	crypto_random(nonce, sizeof(nonce));
	crypto_hex(nonce, sizeof(nonce), hex);
	struct command c = functions_call(a, "lease", 1, 6);
	command_add(&c, lease_key(a, l));
	command_add(&c, owner);
	command_addz(&c, l->token);
	command_add(&c, arena_copy(a, str_of(hex)));
	command_int(&c, LIMIT_LEASE_MS);
	command_int(&c, l->is_left ? LIMIT_SHARE_LEFT_MS : 0);
	redis_queue(r, &c);
}

/* A lost reply changes nothing here: whoever owns the lease is found out at the next renewal, and a write by a late owner
 * is refused by its token. */
static enum outcome renew_take(struct redis *r, struct lease *l, struct err *e)
{
	const struct reply *reply = NULL;
	enum outcome o = redis_result(r, &reply, e);
	if (o != OK)
		return o;
	l->held = reply_int(reply_at(reply, 0)) == 1;
	if (l->held && l->is_left)
		l->stays = LIMIT_SHARE_STAYS;
	l->just_taken = reply_int(reply_at(reply, 2)) == 1;
	(void)snprintf(l->token, sizeof(l->token), "%.*s", STR_FMT(reply_str(reply_at(reply, 1))));
	return OK;
}

enum outcome lease_renew(struct redis *r, struct arena *a, struct lease *lease, size_t n, struct str owner, struct err *e)
{
	redis_drain(r);
	for (size_t i = 0; i < n; i++)
		renew_queue(r, a, &lease[i], owner);
	enum outcome worst = OK;
	for (size_t i = 0; i < n; i++) {
		enum outcome o = renew_take(r, &lease[i], worst == OK ? e : NULL);
		if (worst == OK)
			worst = o;
	}
	return worst;
}

void lease_release(struct redis *r, struct arena *a, struct lease *lease, size_t n)
{
	redis_drain(r);
	for (size_t i = 0; i < n; i++) {
		if (!lease[i].held)
			continue;
		struct command c = functions_owned(a, "release", &lease[i], 0, 1);
		functions_token(&c, &lease[i]);
		redis_queue(r, &c);
		lease[i].held = false;
		lease[i].token[0] = 0;
	}
	redis_drain(r); /* a lease that could not be given up runs out by itself */
}

enum outcome lease_read(struct redis *r, struct arena *a, const struct lease *l, struct lease_state *out, struct err *e)
{
	struct command c = command_new(a, 5);
	command_addz(&c, "HMGET");
	command_add(&c, lease_key(a, l));
	command_addz(&c, "owner");
	command_addz(&c, "until_ms");
	command_addz(&c, "epoch");
	const struct reply *reply = NULL;
	enum outcome o = redis_ask(r, &c, &reply, e);
	if (o != OK)
		return o;
	*out = (struct lease_state){ arena_copy(a, reply_str(reply_at(reply, 0))), reply_int(reply_at(reply, 1)),
		reply_int(reply_at(reply, 2)) };
	return OK;
}
