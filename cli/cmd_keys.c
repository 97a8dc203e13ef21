/* earshot keys: the table of Redis keys as a page, as an access list, as text; and the function library for an admin. */
#include "cli/commands.h"

#include "cli/command.h"
#include "common/store/functions.h"
#include "common/store/keys.h"

#include <stdio.h>
#include <string.h>

#define OUT_BYTES ((size_t)1 << 20)

static const struct option_row keys_options[] = {
	{ "format", true,
		"docs (docs/keys.md), acl (an ACL file: users are off until they get a password), table, functions (Lua "
		"source)" },
	{ NULL, false, NULL },
};

static void write_functions(struct buf *out)
{
	struct arena a;
	arena_init(&a, OUT_BYTES);
	buf_adds(out, functions_source(&a));
	arena_release(&a);
}

static const struct {
	const char *name;
	void (*write)(struct buf *out);
} formats[] = {
	{ "table", keys_table },
	{ "docs", keys_docs },
	{ "acl", keys_acl },
	{ "functions", write_functions },
};

static int print_keys(const struct command_row *c, const char *format)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (strcmp(formats[i].name, format) != 0)
			continue;
		struct buf out;
		buf_init(&out, OUT_BYTES);
		formats[i].write(&out);
		bool written = fwrite(buf_str(&out).p, 1, out.n, stdout) == out.n && fflush(stdout) == 0;
		buf_release(&out);
		return written ? EXIT_OK : EXIT_NO;
	}
	return command_usage_error(c, "--format \"%s\" is not known; there are table, docs, acl and functions", format);
}

int cmd_keys(int argc, char **argv)
{
	const struct command_row *c = command_find(argv[0]);
	struct options o;
	int code = EXIT_USAGE;
	if (options_parse(&o, c, keys_options, argc, argv, &code)) {
		const char *format = options_value(&o, "format");
		code = o.noperands > 0 ? command_usage_error(c, "\"%s\" is not expected", o.operand[0])
				       : print_keys(c, format ? format : "table");
	}
	options_release(&o);
	return code;
}
