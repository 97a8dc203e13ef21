/* A source: something to poll, or that brings its posts by webhook. `[source ID]` in a file of feeds/; options and their help are the table in crawler/sources.c. */
#ifndef EARSHOT_SOURCE_H
#define EARSHOT_SOURCE_H

#include "common/base/conf.h"
#include "common/base/http.h"

struct recipe;
struct webhook;

/* feed: RSS, RDF, Atom, JSON Feed by content; page: read by what it shows; webhook: its posts are brought; imap: the messages of a mailbox. In the order of the
 * names in crawler/sources.c. */
enum source_kind { SOURCE_FEED, SOURCE_WEBHOOK, SOURCE_PAGE, SOURCE_IMAP };

struct source {
	struct str id; /* [a-z0-9-]{1,64} */
	struct str url;
	int kind; /* enum source_kind */
	struct str family; /* forum news review complaint social blog video other */
	struct str scope; /* identity scope; "" = registrable domain of the URL */
	struct conf_list brands; /* "" = match all brands; else every post is about these (a brand's own review page) */
	int64_t every_ms; /* interval; 0 = by the rate of its posts (crawler/polling.h), within the two that follow */
	int64_t every_min_ms, every_max_ms;
	int64_t delay_ms; /* pause between requests to its host */
	bool has_websub; /* a hub that its feed names is subscribed to, where a callback is configured */
	int64_t safety_ms; /* then it is polled no more often than that */
	struct conf_list allow_cidr; /* special addresses it may reach */
	struct conf_list header;
	struct str proxy_url, proxy_user, proxy_password; /* by whose way it is asked; "" = straight */
	struct conf_list proxy_allow_cidr; /* special addresses that its proxy may have */
	bool ignores_robots; /* robots.txt is not asked: the operator has the site's permission */
	int64_t zone_minutes; /* offset from UTC of times that name no zone: +480 for mainland China */
	struct str recipe_name; /* how its pages are read; "" = as a feed */
	struct str cookie; /* of the operator's own account, for recipes with login = operator-cookie */
	bool enabled;
	struct str user, password, folder; /* of a mailbox */
	struct str ca_file; /* of a mailbox: certificates that the server's is signed by; "" = this machine's */
	struct str secret; /* of a webhook: its requests are signed with it */
	struct str items; /* of a webhook: JSON pointer of the posts in a body; "" = the body is one, or a list of them */
	struct conf_list map; /* of a webhook: which value is which part of a post */
	/* derived at load */
	const struct conf_section *at; /* where it stands; NULL = on the command line, or not kept */
	struct str server; /* of a mailbox: https://host:port/ for the HTTP client */
	struct str host;
	struct str origin; /* scheme://host[:port] of its url: one robots.txt each */
	struct str robots_path; /* what of its url robots.txt compares */
	uint32_t shard;
	struct http_cidr *allow;
	size_t nallow;
	const struct http_proxy *proxy; /* NULL = none */
	const struct recipe *recipe; /* NULL = a feed */
	const struct webhook *webhook; /* items and map, compiled; NULL unless it is one */
};

#endif
