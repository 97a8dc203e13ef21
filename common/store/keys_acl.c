/* The access list of Redis, made from the writers and readers of keys.def: a process that writes a key it does not own is
 * refused by Redis itself.
 *
 * Three traps shape it. Group commands (XREADGROUP, XACK …) count as writes, so a stream's reader needs write rights on it and
 * must all the same not be able to append: a selector of its own gives it just the group commands on just that stream. FCALL
 * wants read and write rights on every key it declares, whatever the function does: another selector gives FCALL alone. What
 * a function calls is checked against the caller's rights once more, command by command. */
#include "common/store/keys.h"

#include <stdio.h>
#include <string.h>

const char *const keys_role_names[ROLE__N] = { "crawler", "detector", "notifier", "console", "analyst", "admin" };

#define ANY_TYPE "*"
#define CONNECTION "+ping +echo +auth +hello +select +quit +time +info +client|setname +client|getname +client|id +command"
#define GROUP_COMMANDS "+xreadgroup +xack +xpending +xautoclaim +xdel +xtrim +xgroup|create"

static const struct {
	const char *type, *read, *write;
} commands[] = {
	{ "hash", "+hget +hmget +hgetall +hlen +hkeys +hvals +hexists +hscan", "+hset +hsetnx +hincrby +hdel" },
	{ "zset", "+zrange +zrangebyscore +zrevrange +zrevrangebyscore +zscore +zmscore +zcard +zcount +zscan",
		"+zadd +zrem +zremrangebyscore" },
	{ "stream", "+xlen +xrange +xrevrange +xpending +xinfo|stream +xinfo|groups +xinfo|consumers", "+xadd" },
	{ ANY_TYPE, "+exists +type +ttl +pttl", "+expireat +pexpire +pexpireat +unlink" },
};

#define NTYPES (sizeof(commands) / sizeof(commands[0]))

/* A role that reads a stream as a group: keys.def says "(group detector)" behind what the stream holds. */
static bool is_group(const struct key_row *k, const char *role)
{
	char words[32];
	(void)snprintf(words, sizeof(words), "(group %s)", role);
	return strcmp(k->type, "stream") == 0 && strstr(k->holds, words) != NULL;
}

static bool may_write(const struct key_row *k, const char *role)
{
	return keys_lists(k->writers, role) && !is_group(k, role);
}

static bool may_read(const struct key_row *k, const char *role)
{
	return keys_lists(k->readers, role) || keys_lists(k->writers, role);
}

/* Placeholders become `*`; the braces of a hash tag mean themselves in Redis' patterns. */
static void add_pattern(struct buf *out, const char *rights, const char *pattern)
{
	buf_addf(out, " %s~", rights);
	for (const char *p = pattern; *p; p++) {
		bool is_place = *p >= 'A' && *p <= 'Z';
		if (is_place && p > pattern && p[-1] >= 'A' && p[-1] <= 'Z')
			continue;
		buf_addc(out, is_place ? '*' : *p);
	}
}

/* Whether the role reads (or writes) any key of a type. */
static bool any_of_type(const char *type, const char *role, bool (*may)(const struct key_row *, const char *))
{
	for (int i = 0; i < KEY__N; i++)
		if ((strcmp(type, ANY_TYPE) == 0 || strcmp(key_rows[i].type, type) == 0) && may(&key_rows[i], role))
			return true;
	return false;
}

static void add_commands(struct buf *out, const char *role)
{
	buf_addz(out, " -@all " CONNECTION);
	for (size_t i = 0; i < NTYPES; i++) {
		if (any_of_type(commands[i].type, role, may_read))
			buf_addf(out, " %s", commands[i].read);
		if (any_of_type(commands[i].type, role, may_write))
			buf_addf(out, " %s", commands[i].write);
	}
}

static void add_keys(struct buf *out, const char *role)
{
	for (int i = 0; i < KEY__N; i++) {
		if (may_write(&key_rows[i], role))
			add_pattern(out, "%RW", key_rows[i].pattern);
		else if (may_read(&key_rows[i], role))
			add_pattern(out, "%R", key_rows[i].pattern);
	}
}

static void add_selectors(struct buf *out, const char *role)
{
	bool reads_groups = any_of_type("stream", role, is_group);
	if (reads_groups) {
		buf_addz(out, " (-@all " GROUP_COMMANDS);
		for (int i = 0; i < KEY__N; i++)
			if (is_group(&key_rows[i], role))
				add_pattern(out, "%RW", key_rows[i].pattern);
		buf_addc(out, ')');
	}
	buf_addz(out, " (-@all +fcall");
	for (int i = 0; i < KEY__N; i++)
		if (keys_lists(key_rows[i].writers, role))
			add_pattern(out, "%RW", key_rows[i].pattern);
	buf_addc(out, ')');
}

void keys_acl_rules(struct buf *out, enum keys_role role)
{
	const char *name = keys_role_names[role];
	buf_addz(out, "resetkeys resetchannels clearselectors");
	if (role == ROLE_ADMIN) {
		buf_addz(out, " ~* &* +@all");
		return;
	}
	add_commands(out, name);
	add_keys(out, name);
	if (role == ROLE_ANALYST) {
		buf_addz(out, " +scan +dbsize +memory|usage"); /* looks only: neither functions nor groups */
		return;
	}
	buf_addz(out, " +fcall_ro +wait");
	add_selectors(out, name);
}

void keys_acl(struct buf *out)
{
	buf_addz(out, KEYS_ACL_DEFAULT);
	for (int role = 0; role < ROLE__N; role++) {
		buf_addf(out, "user %s off ", keys_role_names[role]);
		keys_acl_rules(out, (enum keys_role)role);
		buf_addc(out, '\n');
	}
}
