/* Prometheus text exposition 0.0.4 of what the heartbeats and the brands say. Pure: structs in, bytes out. */
#ifndef EARSHOT_CONSOLE_EXPOSITION_H
#define EARSHOT_CONSOLE_EXPOSITION_H

#include "common/store/procs.h"

/* Each metric of metrics.def once, with HELP and TYPE, then one sample a process that reports it. */
void exposition_processes(struct buf *out, const struct proc_beat *beat, size_t n, int64_t now_ms);

struct exposition_brand {
	struct str id;
	int64_t waiting, mentions, open_incidents, level; /* level: 0 none, 1 blue … 4 red */
};
void exposition_brands(struct buf *out, const struct exposition_brand *brand, size_t n);

/* earshot_build_info and whether Redis answers: there even when nothing else is. */
void exposition_console(struct buf *out, const char *version, bool redis_up);

/* `name="value"` with the escapes of the format; commas are the caller's. */
void exposition_label(struct buf *out, const char *name, struct str value);

#endif
