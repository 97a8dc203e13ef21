/* earshot.conf: what every role needs to start. Search order: --config, $EARSHOT_CONFIG, $XDG_CONFIG_HOME/earshot/earshot.conf,
 * /etc/earshot/earshot.conf (and what lies in conf.d beside it, in the order of names). Relative paths in a file are relative to that file's folder.
 * $EARSHOT_DATA and $EARSHOT_REDIS_URL win over the file. */
#ifndef EARSHOT_BASE_SETTINGS_H
#define EARSHOT_BASE_SETTINGS_H

#include "common/base/conf.h"

struct settings {
	const char *path; /* the file read; "" when the defaults alone are in force */
	/* [earshot] */
	struct conf_list rules, feeds; /* folders */
	struct str data; /* data folder of `up` */
	bool rules_approval; /* four eyes: a published rulebook waits for another person's approval */
	struct str protected_posts; /* posts that a new model must not judge worse; "" = those that travel with earshot */
	int log_level;
	struct str user_agent, contact; /* honest: product, version, where to complain */
	struct str pseudonym_key; /* secret; made and kept in the data folder by `up` when not given */
	struct str pseudonym_keys_before; /* secret; of rotations, a line each, newest first */
	bool archive; /* keep every fetched post on disk */
	struct str archive_folder; /* absolute; DATA/archive when not given */
	int64_t archive_sync_ms;
	/* [redis] */
	struct str redis_url, redis_user, redis_password;
	int64_t analyst_port; /* embedded Redis: loopback port for analysts, 0 = none */
	int64_t max_memory; /* bytes, embedded Redis */
	/* [console] */
	struct str console_listen; /* 127.0.0.1 or ::1 only, until there are logins */
	int64_t console_port; /* 0 = any free one */
	/* [intake] */
	struct str intake_listen; /* any address: requests are signed */
	int64_t intake_port; /* 0 = any free one */
	/* [websub] */
	struct str websub_callback; /* where hubs reach the intake; "" = nobody is subscribed */
	int64_t websub_lease_ms; /* asked for */
	struct conf_list websub_allow; /* special addresses that hubs may have */
	/* [retention] */
	int64_t keep_mentions_ms, keep_minutes_ms, keep_hours_ms;
	int64_t archive_keep_ms, archive_bytes;
	/* [tick] */
	int64_t tick_ms; /* how often a brand is evaluated */
	/* [health] */
	int64_t health_tell_ms, health_remind_ms; /* how long a source is sick before operators hear of it, and again */
	/* derived: C strings of the folder lists */
	const char **rules_folder, **feeds_folder;
};

/* Loads and checks; problems go to `p`. `path` NULL = search. */
void settings_load(struct arena *a, const char *path, struct settings *out, struct problems *p);
/* The embedded Redis of `earshot up` keeps one password a role in DATA/ROLE.password. When no URL and no user are configured,
 * this makes the identity of `role` ("crawler" …, "admin" for commands) the one that is used. */
void settings_identity(struct arena *a, struct settings *s, const char *role);
/* Children and sockets are given paths: they have to hold wherever a process stands. */
struct str settings_absolute(struct arena *a, struct str path);
/* URL of Redis: the configured one, else the embedded server's socket. */
const char *settings_redis_url(struct arena *a, const struct settings *s);

struct settings_section {
	const char *kind;
	const struct conf_option *options;
	size_t n;
	const char *about;
};
extern const struct settings_section settings_sections[];
extern const size_t settings_nsections;

#endif
