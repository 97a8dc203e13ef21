/* What people ask of a source besides its state: when it is due, and when its host may be asked. Reads only. */
#ifndef EARSHOT_STORE_SOURCES_LOOK_H
#define EARSHOT_STORE_SOURCES_LOOK_H

#include "common/store/partition.h"

struct host_state {
	int64_t next_ms, failures; /* when it may be asked again; 0 = it was not asked yesterday or today */
	bool is_claimed; /* a request is under way */
	struct str traffic; /* its requests, counted: name=value (crawler/traffic.h) */
};

/* *due_ms: 0 = it is not on the list of what is due: no crawler has taken it up yet. */
enum outcome sources_look_due(const struct partition *p, struct str id, int64_t *due_ms, struct err *e) MUST_CHECK;
enum outcome sources_look_host(const struct partition *p, struct str host, struct host_state *out, struct err *e) MUST_CHECK;

#endif
