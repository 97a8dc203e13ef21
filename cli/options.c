/* Command-line options from a table, usage text, and what every subcommand needs to start. */
#include "cli/command.h"

#include <earshot/limits.h>

#include "common/base/file.h"
#include "common/base/log.h"
#include "common/store/redis.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int command_exit_of(enum outcome outcome)
{
	switch (outcome) {
	case OK:
		return EXIT_OK;
	case RETRY:
		return EXIT_AGAIN;
	case SKIP:
	case REJECT:
	case STOP:
		return EXIT_NO;
	}
	return EXIT_NO;
}

int command_fail(const struct err *e)
{
	fprintf(stderr, "earshot: %s\n", e->text);
	return command_exit_of(e->outcome);
}

int command_usage_error(const struct command_row *c, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	fprintf(stderr, "earshot %s: ", c->name);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fprintf(stderr, "\nusage: earshot %s %s\n       earshot %s --help says more\n", c->name, c->usage, c->name);
	return EXIT_USAGE;
}

static void print_help(const struct command_row *c, const struct option_row *rows)
{
	printf("earshot %s: %s\n\nusage: earshot %s %s\n", c->name, c->about, c->name, c->usage);
	if (c->help != NULL)
		printf("\n%s\n", c->help);
	if (rows[0].name != NULL)
		printf("\noptions:\n");
	for (size_t i = 0; rows[i].name != NULL; i++) {
		char left[64];
		(void)snprintf(left, sizeof left, "--%s%s", rows[i].name, rows[i].takes_value ? " VALUE" : "");
		printf("  %-24s %s\n", left, rows[i].help);
	}
	printf("  %-24s %s\n", "--help", "this text");
}

static int row_of(const struct option_row *rows, const char *name, size_t n)
{
	for (int i = 0; rows[i].name != NULL; i++)
		if (strlen(rows[i].name) == n && memcmp(rows[i].name, name, n) == 0)
			return i;
	return -1;
}

static bool unknown_option(const struct command_row *c, const struct option_row *rows, const char *arg, size_t n)
{
	const char *names[24];
	size_t count = 0;
	while (rows[count].name != NULL && count < 24) {
		names[count] = rows[count].name;
		count++;
	}
	const char *near = problems_nearest((struct str){ arg, n }, names, count);
	if (near != NULL)
		(void)command_usage_error(c, "there is no option --%.*s; did you mean --%s?", (int)n, arg, near);
	else
		(void)command_usage_error(c, "there is no option --%.*s", (int)n, arg);
	return false;
}

/* One `--name`, `--name=value` or `--name value`; *at moves over what was used. */
static bool take_option(struct options *o, const struct command_row *c, int argc, char **argv, int *at)
{
	const char *arg = argv[*at] + 2;
	const char *equals = strchr(arg, '=');
	const size_t n = equals != NULL ? (size_t)(equals - arg) : strlen(arg);
	const int row = row_of(o->row, arg, n);
	if (row < 0)
		return unknown_option(c, o->row, arg, n);
	o->count[row]++;
	if (!o->row[row].takes_value) {
		if (equals != NULL)
			(void)command_usage_error(c, "--%s takes no value", o->row[row].name);
		return equals == NULL;
	}
	if (equals == NULL && *at + 1 >= argc) {
		(void)command_usage_error(c, "--%s needs a value", o->row[row].name);
		return false;
	}
	if (equals == NULL)
		*at += 1;
	o->value[row] = equals != NULL ? equals + 1 : argv[*at];
	return true;
}

bool options_parse(struct options *o, const struct command_row *command, const struct option_row *rows, int argc, char **argv,
	int *exit_code)
{
	*o = (struct options){ .row = rows, .operand = calloc((size_t)argc + 1, sizeof(char *)) };
	if (o->operand == NULL)
		abort();
	*exit_code = EXIT_USAGE;
	bool only_operands = false;
	for (int i = 1; i < argc; i++) {
		if (only_operands || strncmp(argv[i], "--", 2) != 0) {
			o->operand[o->noperands++] = argv[i];
		} else if (argv[i][2] == '\0') {
			only_operands = true;
		} else if (strcmp(argv[i], "--help") == 0) {
			print_help(command, rows);
			*exit_code = EXIT_OK;
			return false;
		} else if (!take_option(o, command, argc, argv, &i)) {
			return false;
		}
	}
	return true;
}

void options_release(struct options *o)
{
	free(o->operand);
	o->operand = NULL;
}

const char *options_value(const struct options *o, const char *name)
{
	const int row = row_of(o->row, name, strlen(name));
	return row < 0 ? NULL : o->value[row];
}

bool options_has(const struct options *o, const char *name)
{
	const int row = row_of(o->row, name, strlen(name));
	return row >= 0 && o->count[row] > 0;
}

const char *options_each(int argc, char **argv, const char *name, int i)
{
	const size_t n = strlen(name);
	for (int at = 1; at < argc && strcmp(argv[at], "--") != 0; at++) {
		if (strncmp(argv[at], "--", 2) != 0 || strncmp(argv[at] + 2, name, n) != 0)
			continue;
		const char *rest = argv[at] + 2 + n;
		if ((*rest == '=' || (*rest == '\0' && at + 1 < argc)) && i-- == 0)
			return *rest == '=' ? rest + 1 : argv[at + 1];
	}
	return NULL;
}

bool command_problems(const struct problems *p)
{
	struct buf text;
	buf_init(&text, 1u << 20);
	problems_write(p, &text);
	if (text.n > 0)
		(void)fwrite(text.p, 1, text.n, stderr);
	buf_release(&text);
	return !problems_any_error(p);
}

bool command_settings(struct arena *a, const struct options *o, struct settings *out)
{
	struct problems problems;
	problems_init(&problems);
	settings_load(a, options_value(o, "config"), out, &problems);
	const bool fine = command_problems(&problems);
	problems_release(&problems);
	if (fine)
		log_init("earshot", (enum log_level)out->log_level);
	return fine;
}

struct redis *command_redis(struct arena *a, const struct options *o, const struct settings *s)
{
	struct settings own = *s;
	const char *url = options_value(o, "redis");
	if (url != NULL)
		own.redis_url = str_of(url);
	settings_identity(a, &own, "admin");
	struct err e = { 0 };
	struct redis *r = redis_new(
		settings_redis_url(a, &own), own.redis_user.n > 0 ? arena_cstr(a, own.redis_user) : NULL, own.redis_password, &e);
	if (r != NULL && redis_connect(r, &e) == OK)
		return r;
	fprintf(stderr,
		"earshot: %s\n         start one with `earshot up`, or say where it is with --redis URL or [redis] in the "
		"configuration\n",
		e.text);
	redis_free(r);
	return NULL;
}

bool command_open(struct session *s, const struct option_row *rows, int argc, char **argv, int *exit_code)
{
	arena_init(&s->arena, LIMIT_ARENA_BYTES);
	if (!options_parse(&s->options, command_find(argv[0]), rows, argc, argv, exit_code))
		return false;
	*exit_code = EXIT_CONFIG;
	return command_settings(&s->arena, &s->options, &s->settings);
}

void command_close(struct session *s)
{
	options_release(&s->options);
	arena_release(&s->arena);
}

const char *command_archive(struct session *s)
{
	const char *folder = options_value(&s->options, "archive");
	return folder != NULL ? folder : arena_cstr(&s->arena, s->settings.archive_folder);
}
