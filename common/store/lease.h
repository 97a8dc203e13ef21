/* Leases on partitions: one owner at a time per (role, partition). The token is epoch + random nonce and is compared for
 * equality by every state write (epochs can roll back at a failover). Time is Redis TIME. */
#ifndef EARSHOT_STORE_LEASE_H
#define EARSHOT_STORE_LEASE_H

#include "common/store/redis.h"

#define LEASE_TOKEN_BYTES 48

enum lease_role { LEASE_CRAWLER, LEASE_DETECTOR, LEASE_NOTIFIER };

struct lease {
	enum lease_role role;
	struct str partition; /* "s07" for a source shard, a brand id else; must outlive the lease */
	char token[LEASE_TOKEN_BYTES]; /* "" = not ours */
	bool held, just_taken; /* just_taken: read the pending list from 0 first */
	/* Where leases are shared (share.h): left to another worker for LIMIT_SHARE_LEFT_MS; to be given up, so begin nothing new;
	 * something is under way. */
	bool is_left, is_leaving, is_busy;
	unsigned stays; /* looks for which it is not given up: it was left to others and nobody came */
};

/* Takes or renews all `n` leases in one pipeline, those left to others only when nobody came for them; sets held and just_taken. `owner` names this process ("detector:host:pid"). */
enum outcome lease_renew(
	struct redis *r, struct arena *a, struct lease *lease, size_t n, struct str owner, struct err *e) MUST_CHECK;
/* Gives up those that are held, at a clean stop. */
void lease_release(struct redis *r, struct arena *a, struct lease *lease, size_t n);

/* The lease's key; `l` needs role and partition only. */
struct str lease_key(struct arena *a, const struct lease *l);
/* Reading back, for `status`: owner "" when nobody ever held it. */
struct lease_state {
	struct str owner;
	int64_t until_ms, epoch;
};
enum outcome lease_read(
	struct redis *r, struct arena *a, const struct lease *l, struct lease_state *out, struct err *e) MUST_CHECK;

#endif
