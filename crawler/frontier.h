/* Who is asked next. Hosts are queues of their due sources; one request a host is under way at a time, and the host that has waited
 * longest goes first, so that a blocked host with a thousand sources takes nobody's turn. This is a copy in memory, of the shards
 * that are ours, of what Redis knows (due list, next allowed time of hosts): choosing costs no round trip, and Redis has the last
 * word when the chosen ones are taken (sources_take_queue). Pure but for its own memory.
 *
 * A source is a number: its place in the source list. After frontier_next() has given it out, its host is busy until
 * frontier_back(). */
#ifndef EARSHOT_CRAWLER_FRONTIER_H
#define EARSHOT_CRAWLER_FRONTIER_H

#include "crawler/sources.h"
#include <earshot/limits.h>

#define FRONTIER_NEVER INT64_MAX

struct frontier_host {
	uint32_t first, n; /* its sources in `queue`, a heap by due time */
	uint32_t shard;
	bool is_busy;
	int64_t next_ms; /* not before that; 0 = not known, Redis will say */
};

struct frontier {
	size_t nsources, nhosts;
	int64_t *due_ms; /* of each source */
	uint32_t *host_of; /* of each source */
	uint32_t *queue, *place; /* sources by host, and where in its host's heap each stands */
	struct frontier_host *host;
	int64_t *ready_ms; /* of each host: when its first source may go */
	uint32_t *line, *line_place; /* all hosts, a heap by ready_ms */
	uint32_t *by_shard, shard_first[EARSHOT_SHARDS + 1];
	bool is_open[EARSHOT_SHARDS]; /* ours, and its due list was read */
};

void frontier_init(struct frontier *f, const struct source_list *sources);
void frontier_release(struct frontier *f);

/* The sources of a shard. */
const uint32_t *frontier_shard(const struct frontier *f, uint32_t shard, size_t *n);
/* Sources of a shard that is closed are not given out. */
void frontier_open(struct frontier *f, uint32_t shard, bool is_open);
void frontier_due(struct frontier *f, uint32_t source, int64_t due_ms);
/* Its host has no other source. */
bool frontier_is_alone(const struct frontier *f, uint32_t source);
/* Gives out the next one that may go at `now_ms`; false: there is none. */
bool frontier_next(struct frontier *f, int64_t now_ms, uint32_t *source);
/* It is back, whether or not it was asked: due again at `due_ms`, its host not before `host_ms`. */
void frontier_back(struct frontier *f, uint32_t source, int64_t due_ms, int64_t host_ms);
/* When the next one may go; FRONTIER_NEVER when none waits. */
int64_t frontier_ready_ms(const struct frontier *f);

#endif
