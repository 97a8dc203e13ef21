/* The table of routes and the order in which a request is refused or served. */
#include "console/routes.h"

#include "console/assets.h"

#define TYPE_JSON "application/json; charset=utf-8"
#define TYPE_METRICS "text/plain; version=0.0.4; charset=utf-8"

const struct route routes[] = {
#define ROUTE(method, path, handler, type, help) { method, path, handler, TYPE_##type, help },
#include "console/routes.def"
#undef ROUTE
};
const size_t routes_n = sizeof routes / sizeof *routes;

static const struct route *find(struct str path)
{
	for (size_t i = 0; i < routes_n; i++)
		if (str_eqc(path, routes[i].path))
			return &routes[i];
	return NULL;
}

static int status_of(enum outcome outcome)
{
	switch (outcome) {
	case OK:
		return 200;
	case REJECT:
		return 400;
	case SKIP:
		return 404;
	case RETRY:
		return 503;
	case STOP:
		return 500;
	}
	return 500;
}

static void serve_asset(const struct request *request, const struct asset *asset, struct response *response)
{
	response->type = asset->type;
	response->etag = asset->etag;
	response->asset = asset->bytes;
	if (str_eqc(request->if_none_match, asset->etag)) {
		response->status = 304;
		response->asset = STR("");
	}
}

static enum outcome serve_route(const struct route *route, struct api *api, struct response *response, struct err *e)
{
	response->type = route->type;
	enum outcome done = route->handler(api, &response->body, e);
	if (done == OK && response->body.overflow)
		done = err_set(e, STOP, "%s: the answer is larger than %u bytes; ask for less", route->path, RESPONSE_BODY_BYTES);
	if (done != OK)
		response_error(response, status_of(done), "%s", e->text);
	return done;
}

enum outcome routes_serve(struct api *api, struct response *response, struct err *e)
{
	const struct request *q = api->request;
	if (!request_host_is_loopback(q->host)) {
		response_error(response, 421, "this console answers to 127.0.0.1, localhost and [::1] only, not to \"%.*s\"",
			STR_FMT(str_cut_utf8(q->host, 100)));
		return OK;
	}
	if (!str_eqc(q->method, "GET") && !str_eqc(q->method, "HEAD")) {
		response_error(
			response, 405, "only GET and HEAD are answered; what people ask for goes through `earshot incidents`");
		return OK;
	}
	const struct asset *asset = assets_find(q->path);
	if (asset != NULL) {
		serve_asset(q, asset, response);
		return OK;
	}
	const struct route *route = find(q->path);
	if (route != NULL)
		return serve_route(route, api, response, e);
	response_error(response, 404, "there is nothing at %.*s; console/routes.def lists what there is",
		STR_FMT(str_cut_utf8(q->path, 100)));
	return OK;
}
