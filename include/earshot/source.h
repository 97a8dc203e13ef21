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

/* Of a mailbox alone. */
struct source_mailbox {
	struct str user, password, folder;
	struct str ca_file; /* certificates that the server's is signed by; "" = this machine's */
	struct str server; /* https://host:port/ for the HTTP client */
};

/* Of a webhook alone. */
struct source_pushed {
	struct str secret; /* its requests are signed with it */
	const struct webhook *webhook; /* which value of a body is which part of a post, compiled */
};

/* How it is asked and read: the same for all sources of a file that are configured alike, who share it. */
struct source_how {
	struct str family; /* forum news review complaint social blog video other */
	struct conf_list brands; /* "" = match all brands; else every post is about these (a brand's own review page) */
	struct conf_list fields; /* names of what is stored of its posts; none = everything */
	int64_t retention_ms; /* for how long its posts are kept; 0 = as all others */
	struct conf_list header;
	int64_t every_ms; /* interval; 0 = by the rate of its posts (crawler/polling.h), within the two that follow */
	int64_t every_min_ms, every_max_ms;
	int64_t delay_ms; /* pause between requests to its host */
	bool has_websub; /* a hub that its feed names is subscribed to, where a callback is configured */
	int64_t safety_ms; /* then it is polled no more often than that */
	struct str proxy_url, proxy_user, proxy_password; /* by whose way it is asked; "" = straight */
	struct conf_list proxy_allow_cidr; /* special addresses that its proxy may have */
	int64_t zone_minutes; /* offset from UTC of times that name no zone: +480 for mainland China */
	int kind; /* enum source_kind */
	bool ignores_robots; /* robots.txt is not asked: the operator has the site's permission */
	bool enabled;
	/* derived at load */
	uint64_t stored; /* `fields` as a set (post_fields_read()); 0 = everything */
	struct http_cidr *allow; /* special addresses that it may reach */
	size_t nallow;
	const struct http_proxy *proxy; /* NULL = none */
	const struct recipe *recipe; /* how its pages are read; NULL = as a feed */
	const struct source_mailbox *mailbox; /* NULL unless it is one */
	const struct source_pushed *pushed; /* NULL unless it is a webhook */
};

/* One worker has a hundred thousand, so this is what no two of them share; host, origin and path are parts of `url` where they stand in
 * it as they are. */
struct source {
	struct str id; /* [a-z0-9-]{1,64} */
	struct str url;
	struct str scope; /* identity scope; "" = registrable domain of the URL */
	struct str host;
	struct str origin; /* scheme://host[:port] of its url: one robots.txt each */
	struct str robots_path; /* what of its url robots.txt compares */
	const struct source_how *how;
	const struct conf_section *at; /* where it stands; NULL = on the command line, or not kept */
	uint32_t shard;
};

#endif
