/* The one speller of key strings: patterns come from <earshot/keys.def>, this fills their placeholders. Also prints the table
 * as docs/keys.md and as the access list of Redis. */
#ifndef EARSHOT_STORE_KEYS_H
#define EARSHOT_STORE_KEYS_H

#include "common/base/arena.h"
#include "common/base/buf.h"

enum key {
#define KEY(name, pattern, type, writers, readers, kept, holds) KEY_##name,
#include <earshot/keys.def>
#undef KEY
	KEY__N
};

struct key_row {
	const char *name, *pattern, *type, *writers, *readers, *kept, *holds;
};
extern const struct key_row key_rows[KEY__N];

/* A key with its placeholders filled in their order; `b` and `c` are "" where the pattern has fewer. */
struct str keys_make(struct arena *a, enum key key, struct str first, struct str b, struct str c);
struct str keys_brand(struct arena *a, enum key key, struct str brand); /* es:{b:BRAND}:… */
struct str keys_brand_part(struct arena *a, enum key key, struct str brand, struct str part);
struct str keys_shard(
	struct arena *a, enum key key, uint32_t shard, struct str part); /* es:{sNN}:…; part "" where there is none */
struct str keys_plain(struct arena *a, enum key key); /* no placeholder */

/* Roles that log in to Redis. */
enum keys_role { ROLE_CRAWLER, ROLE_DETECTOR, ROLE_NOTIFIER, ROLE_CONSOLE, ROLE_ANALYST, ROLE_ADMIN, ROLE__N };
extern const char *const keys_role_names[ROLE__N];

/* First line of an ACL file. Nobody can log in as `default` (off, and no password), yet it MUST have all rights: Redis 7.0
 * replays the append-only file as this user and checks each EXEC against its rules, so without them every function call that
 * wrote more than once would be lost at a restart. */
#define KEYS_ACL_DEFAULT "user default off resetpass ~* &* +@all\n"
/* The rules of one role as ACL SETUSER takes them, without name and password: "resetkeys -@all +hget … ~…". */
void keys_acl_rules(struct buf *out, enum keys_role role);
/* An ACL file with all roles (`earshot keys --format acl`): off until each gets a password. */
void keys_acl(struct buf *out);
/* docs/keys.md: the table and ten questions an analyst can ask with redis-cli. */
void keys_docs(struct buf *out);
/* The table for a terminal. */
void keys_table(struct buf *out);

/* True when `role` is one of the words of `list`. */
bool keys_lists(const char *list, const char *role);

#endif
