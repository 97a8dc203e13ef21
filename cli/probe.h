/* One request of a source, now, beside the crawler: what `earshot fetch`, `source try` and `source add` share. Nothing is stored. */
#ifndef EARSHOT_CLI_PROBE_H
#define EARSHOT_CLI_PROBE_H

#include "cli/command.h"
#include "common/base/http.h"
#include "crawler/answer.h"

/* The networks of --allow-cidr, which may stand several times. */
struct conf_list probe_networks(struct arena *a, int argc, char **argv);
/* Asks as the crawler would ask for the first time, robots.txt before the source; release the response with http_response_release(). Redirects are followed. */
void probe_fetch(struct session *s, const struct source *source, struct http_response *out);
/* REJECT unless an answer came, and it was 200. */
enum outcome probe_check(const struct source *source, const struct http_response *r, struct err *e) MUST_CHECK;
struct page probe_page(const struct source *source, const struct http_response *r);
/* The posts of an answer that is fine, as they would be stored; its author pseudonyms are those of no crawler. */
enum outcome probe_read(struct arena *a, const struct source *source, const struct http_response *r, struct answer *out,
	struct err *e) MUST_CHECK;

#endif
