/* earshot source VERB: the table of what can be done with sources. */
#include "cli/commands.h"

#include "cli/source_commands.h"
#include "cli/verbs.h"

const struct command_row source_rows[] = {
	{ "source list", "[--sick] [--json] [--config F] [--redis URL]",
		"every configured source: state, last fetch, next poll, failures, posts; exit 1 when one is sick",
		"States: ok; waiting (not fetched yet); failing; late (its time is over, and no crawler asks); paused (`source "
		"pause`);\n"
		"pushed (a webhook: nobody polls it); off (enabled = no). Sick are those that are failing or late.",
		source_list },
	{ "source explain", "ID [--config F] [--redis URL]",
		"one source: what is configured where, the last answer, the next poll and why", NULL, source_explain },
	{ "source try", "ID|URL [--allow-cidr C]...",
		"one source fetched and parsed to stdout, nothing stored (the same as earshot fetch)", NULL, cmd_fetch },
	{ "source add", "URL [--id ID] [--kind feed|page] [--family F] [--every T] [--dry-run]",
		"find out by fetching what an address gives, and write its section",
		"The address is asked once; one that a recipe names is read by it. Of a page that names feeds the first feed is "
		"taken that\n"
		"can be read, and --kind page takes the page itself. What the loader would refuse is not written.",
		source_add },
	{ "source pause", "ID [--until T] [--config F] [--redis URL]",
		"no crawler asks for it from the next second on; live, no file changes",
		"T is a span (2h, 7d) or a moment (2026-11-23T08:00:00Z). Without it the pause lasts until `earshot source "
		"resume`.\n"
		"A request that is under way ends. The pause is kept in Redis: it outlasts restarts.",
		source_pause },
	{ "source resume", "ID [--config F] [--redis URL]", "end a pause; the source is due at once", NULL, source_resume },
	{ "source import", "FILE.opml [--family F] [--every T] [--dry-run]",
		"sections for the feeds of a subscription list (OPML); those that are known are passed over",
		"Nothing is fetched. Folders that are called like a family (news, 新闻, blogs …) give it; others become "
		"comments.",
		source_import },
	{ "source export", "--opml [--config F]", "the configured feeds as a subscription list (OPML)", NULL, source_export },
	{ NULL, NULL, NULL, NULL, NULL },
};

int cmd_source(int argc, char **argv)
{
	return verbs_run(source_rows, "source", argc, argv);
}
