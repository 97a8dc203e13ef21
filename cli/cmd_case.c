/* earshot case KIND --batch: thin adapters over the functions of the live path, in the line shapes of the scorers. */
#include "cli/commands.h"

#include "cli/batch_io.h"
#include "cli/case.h"
#include "cli/case_net.h"
#include "cli/case_polling.h"
#include "cli/case_robots.h"
#include "cli/case_story.h"
#include "cli/case_text.h"
#include "cli/command.h"
#include "common/base/http.h"

#include <stdio.h>
#include <string.h>

typedef bool case_answer(struct arena *a, const struct json *line, struct buf *out);

struct case_row {
	const char *kind, *about;
	case_answer *answer;
};

static const struct case_row kinds[] = {
	{ "charset", "legacy bytes to text", case_charset },
	{ "sniff", "which encoding a page is in", case_sniff },
	{ "csv", "a cell of an exported table, as a spreadsheet reads it", case_csv },
	{ "feeddates", "dates of feeds to Unix seconds", case_feeddates },
	{ "feeds", "a feed file to its entries", case_feeds },
	{ "html", "a page to its tree, in the notation of html5lib", case_html },
	{ "json", "is a file RFC 8259 JSON?", case_json },
	{ "normalize", "canonical form of a URL", case_normalize },
	{ "obfuscation", "is a keyword seen through a disguise?", case_obfuscation },
	{ "pii", "places of personal data in a text", case_pii },
	{ "piivectors", "single values of personal data", case_piivectors },
	{ "polling", "when a simulated feed is polled next", case_polling },
	{ "psl", "registrable domain of a host", case_psl },
	{ "redos", "a regular expression that could take for ever: refused, or stopped in time", case_redos },
	{ "robots", "does a robots.txt let an agent fetch a URL?", case_robots },
	{ "robotspath", "what of a URL or rule robots.txt compares", case_robotspath },
	{ "ssrf", "may a URL be fetched?", case_ssrf },
	{ "story", "which of the posts of this run a text is a copy of", case_story },
	{ "survive", "any file through the feed parser", case_survive },
	{ "url", "WHATWG parsing of http(s) URLs", case_url },
};
#define NKINDS (sizeof kinds / sizeof *kinds)

static const struct option_row case_options[] = {
	{ "batch", false, "one JSON object a line in, one a line out (the only mode)" },
	{ NULL, false, NULL },
};

static bool answer_case(struct arena *a, const struct json *line, struct buf *out, void *context)
{
	const struct case_row *row = context;
	return row->answer(a, line, out);
}

static const struct case_row *find_kind(const char *kind)
{
	for (size_t i = 0; i < NKINDS; i++)
		if (strcmp(kinds[i].kind, kind) == 0)
			return &kinds[i];
	return NULL;
}

static int run_case(const struct options *o)
{
	const struct case_row *row = o->noperands == 1 ? find_kind(o->operand[0]) : NULL;
	if (row == NULL) {
		for (size_t i = 0; i < NKINDS; i++)
			fprintf(stderr, "  %-12s %s\n", kinds[i].kind, kinds[i].about);
		return command_usage_error(command_find("case"), "give one of these kinds");
	}
	http_library_init();
	return batch_run(answer_case, (void *)(uintptr_t)row);
}

int cmd_case(int argc, char **argv)
{
	struct options o;
	int code = EXIT_USAGE;
	if (options_parse(&o, command_find("case"), case_options, argc, argv, &code))
		code = run_case(&o);
	options_release(&o);
	return code;
}
