/* From a request to its answer: method, Host, table of routes, table of assets. Pure but for what the handlers read. */
#ifndef EARSHOT_CONSOLE_ROUTES_H
#define EARSHOT_CONSOLE_ROUTES_H

#include "console/api.h"

struct route {
	const char *method, *path;
	enum outcome (*handler)(struct api *api, struct buf *out, struct err *e);
	const char *type, *help;
};

extern const struct route routes[]; /* rows of routes.def */
extern const size_t routes_n;

/* Fills `response` whatever happens. Returns what the handler came to, so that the caller can look after the connection;
 * *e has the sentence then. */
enum outcome routes_serve(struct api *api, struct response *response, struct err *e);

#endif
