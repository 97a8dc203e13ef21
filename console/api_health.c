/* /healthz and /readyz: for supervisors and load balancers. */
#include "console/api.h"

enum outcome api_healthz(struct api *api, struct buf *out, struct err *e)
{
	(void)api;
	(void)e;
	buf_addz(out, "{\"status\":\"alive\"}\n");
	return OK;
}

/* `ready` is at most one turn old; asking Redis here would let anybody make us wait. */
enum outcome api_readyz(struct api *api, struct buf *out, struct err *e)
{
	const enum outcome there = api_need_redis(api, e);
	if (there == OK)
		buf_addz(out, "{\"status\":\"ready\"}\n");
	return there;
}
