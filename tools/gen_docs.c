/* Prints the pages of docs/ that are made from tables: `gen_docs options|api|lint|metrics > docs/PAGE.md` (`make docs`). */
#include "common/base/metrics.h"
#include "common/base/settings.h"
#include "common/text/query_node.h"
#include "common/text/rulebook_problems.h"
#include "crawler/sources.h"
#include "detector/thresholds.h"
#include "notifier/route.h"

#include <stdio.h>
#include <string.h>

static const char *const type_names[] = {
	[CONF_STR] = "text",
	[CONF_LIST] = "list",
	[CONF_INT] = "whole number",
	[CONF_NUMBER] = "number",
	[CONF_BOOL] = "yes or no",
	[CONF_DURATION] = "duration",
	[CONF_SIZE] = "size",
	[CONF_CHOICE] = "choice",
	[CONF_SECRET] = "secret",
};

/* A `|` would end the table's cell. */
static void print_cell(const char *text)
{
	for (const char *p = text; *p; p++)
		printf("%s%c", *p == '|' ? "\\" : "", *p);
}

/* ---- options ---- */

struct unit {
	const char *name;
	double factor;
};
static const struct unit durations[] = { { "d", 864e5 }, { "h", 36e5 }, { "m", 6e4 }, { "s", 1e3 }, { "ms", 1 } };
static const struct unit sizes[] = { { "g", 1u << 30 }, { "m", 1 << 20 }, { "k", 1 << 10 }, { "", 1 } };
static const struct unit plain[] = { { "", 1 } };

#define NO_MOST 1e15 /* a bound that only keeps arithmetic safe */

static const struct unit *units_of(enum conf_type type)
{
	return type == CONF_DURATION ? durations : type == CONF_SIZE ? sizes : plain;
}

/* In the largest unit that leaves a whole number, as a person would write it. */
static void print_bound(enum conf_type type, double value)
{
	const struct unit *u = units_of(type);
	while (u->factor > 1 && (value < u->factor || value / u->factor > (double)(int64_t)(value / u->factor)))
		u++;
	printf("%.15g%s", value / u->factor, value > 0 ? u->name : "");
}

static void print_values(const struct conf_option *o)
{
	printf("%s", type_names[o->type]);
	for (int i = 0; o->type == CONF_CHOICE && o->choices[i] != NULL; i++)
		printf("%s`%s`", i == 0 ? " of " : " ", o->choices[i]);
	if (o->min == 0 && o->max == 0)
		return;
	printf(", ");
	print_bound(o->type, o->min);
	if (o->max >= NO_MOST) {
		printf(" or more");
		return;
	}
	printf(" to ");
	print_bound(o->type, o->max);
}

static void print_option(const struct conf_option *o)
{
	if (o->type == CONF_SECRET)
		printf("| `%s_file`, `%s_env` | ", o->name, o->name);
	else
		printf("| `%s` | ", o->name);
	print_values(o);
	if (o->required)
		printf(" | must be given | ");
	else if (o->fallback != NULL)
		printf(" | `%s` | ", o->fallback);
	else
		printf(" | | ");
	print_cell(o->help);
	printf(" |\n");
}

static void print_options(const struct conf_option *options, size_t n)
{
	printf("| option | value | default | meaning |\n|---|---|---|---|\n");
	for (size_t i = 0; i < n; i++)
		print_option(&options[i]);
	printf("\n");
}

static const char options_intro[] =
	"How the files are written: UTF-8; `[kind name]` opens a section; `key = value`; `#` begins a comment at the start\n"
	"of a line or after a space; items of a list are separated by commas. A value in `\"\"\"` … `\"\"\"` may hold several\n"
	"lines. Durations are `500ms 90s 5m 2h 1d`, sizes `64k 256m 1g`. A secret is never written as a value:\n"
	"`NAME_file = PATH` or `NAME_env = VARIABLE` says where it is. `earshot check` names file, line, column and remedy of\n"
	"every mistake.\n\n"
	"## earshot.conf\n\n"
	"The file is looked for in this order: `--config`, `$EARSHOT_CONFIG`, `$XDG_CONFIG_HOME/earshot/earshot.conf`\n"
	"(`~/.config` when that is not set), `/etc/earshot/earshot.conf`; then every `conf.d/*.conf` beside it is read too.\n"
	"Relative folders are relative to the file. `$EARSHOT_DATA` and `$EARSHOT_REDIS_URL` win over the file.\n\n";

static void print_options_page(void)
{
	printf("%s", options_intro);
	for (size_t i = 0; i < settings_nsections; i++) {
		printf("### [%s]: %s\n\n", settings_sections[i].kind, settings_sections[i].about);
		print_options(settings_sections[i].options, settings_sections[i].n);
	}
	printf("## Sources: feeds/*.conf, [source NAME]\n\n");
	print_options(source_options, source_noptions);
	printf("## Brands and word lists\n\nSee [rules.md](rules.md).\n\n## rules/thresholds.conf, [thresholds]\n\n");
	print_options(thresholds_options, thresholds_noptions);
	printf("## rules/routes.conf\n\n### [target NAME]: what every target has\n\n");
	print_options(target_options, target_noptions);
	for (size_t i = 0; i < channels_n; i++) {
		printf("### channel = %s: %s\n\n", channels[i]->name, channels[i]->about);
		print_options(channels[i]->options, channels[i]->noptions);
	}
	printf("### [route NAME]\n\n");
	print_options(route_options, route_noptions);
}

/* ---- the console's routes ---- */

#define TYPE_JSON "JSON"
#define TYPE_METRICS "text (Prometheus)"
static const struct {
	const char *method, *path, *type, *help;
} routes[] = {
#define ROUTE(method, path, handler, type, help) { method, path, TYPE_##type, help },
#include "console/routes.def"
#undef ROUTE
};

static const char api_intro[] =
	"The console answers GET and HEAD on loopback. Every error is `{\"error\":\"sentence\"}`: 400 the request is wrong,\n"
	"404 there is no such thing, 405 another method, 421 a Host that is not this machine, 503 Redis is away. Times end\n"
	"in `_ms` and are milliseconds since 1970, UTC.\n\n"
	"| method | path | answer | what |\n|---|---|---|---|\n";

static void print_api_page(void)
{
	printf("%s", api_intro);
	for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
		printf("| %s | `%s` | %s | ", routes[i].method, routes[i].path, routes[i].type);
		print_cell(routes[i].help);
		printf(" |\n");
	}
}

/* ---- what lint says ---- */

static const char lint_intro[] =
	"`earshot rules lint` says `file:line:column: error: [code] what is wrong; how to put it right`. Errors refuse the whole "
	"rulebook,\n"
	"and the old one stays in force; warnings do not. Exit code 78 with errors, with `--strict` for warnings too.\n\n";
static const char lint_heading[] = "| code | | what |\n|---|---|---|\n";

static void print_problem(const char *code, bool is_warning, const char *about)
{
	printf("| `%s` | %s | ", code, is_warning ? "warning" : "error");
	print_cell(about);
	printf(" |\n");
}

static void print_lint_page(void)
{
	printf("%s## Files, lists and brands\n\n%s", lint_intro, lint_heading);
	for (int i = 0; i < R__N; i++)
		print_problem(rule_problem_rows[i].code, rule_problem_rows[i].is_warning, rule_problem_rows[i].about);
	printf("\n## Queries\n\n%s", lint_heading);
	for (int i = 0; i < QUERY_PROBLEM__N; i++)
		print_problem(query_problem_rows[i].code, query_problem_rows[i].code[0] == 'W', query_problem_rows[i].about);
}

/* ---- metrics and log events ---- */

static const struct {
	const char *name, *about;
} events[] = {
#define EVENT(name, about) { #name, about },
#include <earshot/events.def>
#undef EVENT
};

static const char metrics_intro[] =
	"## Metrics\n\n"
	"Every process writes its values to its heartbeat; the console shows them all at `/metrics`, each name with\n"
	"`earshot_` in front and the labels `role` and `process`, beside gauges by brand.\n\n"
	"| name | kind | what |\n|---|---|---|\n";
static const char events_intro[] =
	"\n## Log events\n\n"
	"A line on standard error is `time level role event key=value …`. `info` is what an operator wants to read in the\n"
	"morning, `warn` something to look into, `error` work not done.\n\n"
	"| event | what it means |\n|---|---|\n";

static void print_metrics_page(void)
{
	printf("%s", metrics_intro);
	for (int i = 0; i < M__N; i++) {
		const struct metric_row *m = &metrics_rows()[i];
		printf("| `%s` | %s | ", m->name, m->kind == METRIC_COUNTER ? "counter" : "gauge");
		print_cell(m->help);
		printf(" |\n");
	}
	printf("%s", events_intro);
	for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
		printf("| `%s` | ", events[i].name);
		print_cell(events[i].about);
		printf(" |\n");
	}
}

static const struct {
	const char *name, *title, *made_from;
	void (*print)(void);
} pages[] = {
	{ "options", "Options",
		"the option tables (`common/base/settings.c`, `crawler/sources.c`, `detector/thresholds.c`, `notifier/route.c`, "
		"the channels)",
		print_options_page },
	{ "api", "The console's HTTP interface", "`console/routes.def`", print_api_page },
	{ "lint", "What lint says of rules", "`common/text/rulebook_problems.def` and `common/text/query_problems.def`",
		print_lint_page },
	{ "metrics", "Metrics and log events", "`include/earshot/metrics.def` and `include/earshot/events.def`",
		print_metrics_page },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < sizeof pages / sizeof *pages; i++) {
		if (strcmp(argv[1], pages[i].name) != 0)
			continue;
		printf("# %s\n\nMade from %s by `make docs`: change the tables there, not this page.\n\n", pages[i].title,
			pages[i].made_from);
		pages[i].print();
		return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
	}
	(void)fprintf(stderr, "usage: gen_docs options|api|lint|metrics\n");
	return 2;
}
