/* Where a Redis is: reads redis:// and unix:// URLs, with clear words for the kinds this build does not speak. */
#ifndef EARSHOT_STORE_REDIS_URL_H
#define EARSHOT_STORE_REDIS_URL_H

#include "common/base/arena.h"

struct redis_url {
	const char *path; /* unix socket; NULL = TCP */
	const char *host;
	int port, db;
	struct str user, password; /* "" = not in the URL */
};

/* Strings are copied into `a`. REJECT with what is wrong and how it should look. */
enum outcome redis_url_parse(struct arena *a, struct str url, struct redis_url *out, struct err *e) MUST_CHECK;

#endif
