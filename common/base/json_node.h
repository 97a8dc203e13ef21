/* How a JSON value lies in memory. For common/base/json.c, which makes them, and common/base/json_value.c, which reads them; everybody
 * else sees common/base/json.h. */
#ifndef EARSHOT_BASE_JSON_NODE_H
#define EARSHOT_BASE_JSON_NODE_H

#include "common/base/json.h"

struct json {
	struct json *next; /* behind it in the same array or object */
	const char *key; /* of a member of an object; NULL of all others */
	union {
		const char
			*text; /* of a string, NUL behind it; of a number, as written, and anything behind it that is no digit */
		struct json *first; /* of an array or object */
	};
	uint32_t key_n, n; /* bytes of key and text; n of a boolean: 1 = true */
	unsigned char kind; /* enum json_kind */
};

#endif
