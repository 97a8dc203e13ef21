/* Loads the function library that travels inside the binary, and starts calls of its functions. */
#include "common/store/functions.h"

#include "common/base/crypto.h"
#include "gen/functions_lua.h"

#include <string.h>

#define NAME_PREFIX "earshot_1_" /* as in functions.lua */
#define VERSION_MARK "@VERSION@"
#define ARENA_BYTES ((size_t)1 << 20)

static struct str embedded(void)
{
	return (struct str){ (const char *)functions_lua, functions_lua_size };
}

static void version(char out[65])
{
	struct sha256 hash = crypto_sha256(embedded());
	crypto_hex(hash.byte, sizeof(hash.byte), out);
}

struct str functions_source(struct arena *a)
{
	char hex[65];
	version(hex);
	struct str text = embedded();
	size_t mark = (size_t)str_find(text, STR(VERSION_MARK)); /* written in the file, tested */
	struct str behind = str_from(text, mark + sizeof(VERSION_MARK) - 1);
	return arena_printf(a, "%.*s%s%.*s", (int)mark, text.p, hex, STR_FMT(behind));
}

struct command functions_call(struct arena *a, const char *name, size_t nkeys, size_t room)
{
	struct command c = command_new(a, room + 3);
	command_addz(&c, "FCALL");
	command_add(&c, arena_printf(a, NAME_PREFIX "%s", name));
	command_int(&c, (int64_t)nkeys);
	return c;
}

struct command functions_owned(struct arena *a, const char *name, const struct lease *l, size_t nkeys, size_t room)
{
	struct command c = functions_call(a, name, nkeys + 1, room + 2);
	command_add(&c, lease_key(a, l));
	return c;
}

void functions_token(struct command *c, const struct lease *l)
{
	command_addz(c, l->token);
}

/* ---- loading ---- */

static enum outcome ask_version(struct redis *r, struct arena *a, struct str *out, struct err *e)
{
	struct command c = command_new(a, 3);
	command_addz(&c, "FCALL_RO");
	command_addz(&c, NAME_PREFIX "version");
	command_int(&c, 0);
	const struct reply *reply = NULL;
	struct err why = { 0 };
	enum outcome o = redis_ask(r, &c, &reply, &why);
	*out = STR("");
	if (o == OK)
		*out = arena_copy(a, reply_str(reply));
	if (o == OK || (reply && str_starts(reply_str(reply), STR("ERR Function not found"))))
		return OK; /* none loaded: no version */
	return err_set(e, o, "%s", why.text);
}

static enum outcome load(struct redis *r, struct arena *a, struct err *e)
{
	struct command c = command_new(a, 4);
	command_addz(&c, "FUNCTION");
	command_addz(&c, "LOAD");
	command_addz(&c, "REPLACE");
	command_add(&c, functions_source(a));
	const struct reply *reply = NULL;
	return redis_ask(r, &c, &reply, e);
}

static enum outcome check_and_load(struct redis *r, struct arena *a, bool may_load, struct err *e)
{
	char ours[65];
	version(ours);
	struct str theirs = STR("");
	enum outcome o = ask_version(r, a, &theirs, e);
	if (o != OK || str_eqc(theirs, ours))
		return o;
	if (may_load)
		return load(r, a, e);
	return err_set(e, STOP,
		"Redis has %s of earshot's functions (ours is %.12s); load them with: earshot keys --format functions | "
		"redis-cli -x "
		"FUNCTION LOAD REPLACE",
		theirs.n > 0 ? "another version" : "none", ours);
}

enum outcome redis_functions(struct redis *r, bool may_load, struct err *e)
{
	struct arena a;
	arena_init(&a, ARENA_BYTES);
	enum outcome o = check_and_load(r, &a, may_load, e);
	arena_release(&a);
	return o;
}
