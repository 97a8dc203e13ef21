/* earshot check: configuration, sources, recipes, rules, thresholds and routes, every problem with its place and remedy. */
#include "cli/commands.h"

#include <earshot/limits.h>

#include "cli/command.h"
#include "common/text/rulebook.h"
#include "crawler/sources.h"
#include "detector/thresholds.h"
#include "notifier/route.h"

#include <stdio.h>

static const struct option_row check_options[] = {
	{ "config", true, "configuration file" },
	{ NULL, false, NULL },
};

/* A source that names a brand nobody knows would collect posts for nobody. */
static void check_brands(const struct source_list *sources, const struct rulebook *book, struct problems *p)
{
	for (size_t i = 0; i < sources->n; i++)
		for (size_t k = 0; k < sources->source[i].how->brands.n; k++)
			if (rulebook_brand(book, sources->source[i].how->brands.item[k]) < 0)
				problems_add(p, "feeds", 0, 0,
					"source %.*s is about the brand \"%.*s\", which no rules folder knows; add [brand %.*s] "
					"to a brands.conf",
					STR_FMT(sources->source[i].id), STR_FMT(sources->source[i].how->brands.item[k]),
					STR_FMT(sources->source[i].how->brands.item[k]));
}

static void check_all(struct arena *a, const struct settings *s, struct problems *p)
{
	struct thresholds thresholds;
	struct source_list sources;
	struct routes routes;
	struct rulebook *book = rulebook_load(s->rules_folder, s->rules.n, p);
	sources_load_lean(a, s->feeds_folder, s->feeds.n, &sources, p);
	thresholds_load(a, s->rules_folder, s->rules.n, &thresholds, p);
	routes_load(a, s->rules_folder, s->rules.n, &routes, p);
	if (book != NULL) {
		check_brands(&sources, book, p);
		printf("rulebook %s: %zu brands, %zu rules; %zu sources, %zu recipes, %zu targets\n", book->version,
			book->nbrands, book->nrules, sources.n, sources.recipes.n, routes.ntargets);
	}
	sources_release(&sources);
	rulebook_free(book);
}

int cmd_check(int argc, char **argv)
{
	struct session s = { 0 };
	struct problems problems;
	int code = EXIT_USAGE;
	arena_init(&s.arena, LIMIT_ARENA_BYTES);
	problems_init(&problems);
	if (!options_parse(&s.options, command_find("check"), check_options, argc, argv, &code)) {
		/* said already */
	} else if (s.options.noperands > 0) {
		code = command_usage_error(command_find("check"), "\"%s\" is not expected", s.options.operand[0]);
	} else {
		settings_load(&s.arena, options_value(&s.options, "config"), &s.settings, &problems);
		check_all(&s.arena, &s.settings, &problems);
		code = command_problems(&problems) ? EXIT_OK : EXIT_CONFIG;
	}
	problems_release(&problems);
	command_close(&s);
	return code;
}
