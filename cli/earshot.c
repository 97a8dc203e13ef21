/* The one binary: subcommands are a table. */
#include "cli/command.h"

#include "cli/commands.h"
#include "cli/model_commands.h"
#include "cli/rules_commands.h"
#include "cli/source_commands.h"
#include "common/base/http.h"

#include <stdio.h>
#include <string.h>

#define CONFIG_USAGE "[--config F] [--redis URL]"

const struct command_row command_rows[] = {
	{ "up", "[--config F] [--data DIR]", "everything on one machine, with its own Redis; prints the console URL", NULL,
		cmd_up },
	{ "crawler", CONFIG_USAGE, "fetch sources and put the posts that are about a brand into its stream", NULL, cmd_crawler },
	{ "detector", CONFIG_USAGE, "score and count mentions, notice surges, open incidents", NULL, cmd_detector },
	{ "notifier", CONFIG_USAGE, "deliver alerts to their targets", NULL, cmd_notifier },
	{ "console", "[--config F] [--redis URL] [--listen A] [--port N]",
		"the page for PR teams and analysts, /metrics, /healthz", NULL, cmd_console },
	{ "check", "[--config F]", "find what is wrong in configuration, sources, rules and routes; exit 78 when something is",
		NULL, cmd_check },
	{ "parse", "FILE [--url U] [--header 'K: V']... | --batch", "a feed to JSON with feedparser's field names", NULL,
		cmd_parse },
	{ "extract", "FILE [--url U] [--charset C] | --batch", "a page to its title, text, author, date and posts, as JSON", NULL,
		cmd_extract },
	{ "robots", "--agent A --url U FILE | --batch", "does this robots.txt let A fetch U? exit 0 yes, 1 no",
		"FILE is a robots.txt, - is standard input. The answer says by which line, and names the Crawl-delay and "
		"sitemaps.\n"
		"--batch: JSONL in, {\"robots\" or \"robots_latin1\",\"agent\",\"url\"}, one answer a line.\n",
		cmd_robots },
	{ "rules", "VERB …", "lint, test and publish rules; earshot rules --help lists the verbs", NULL, cmd_rules },
	{ "score", "--batch [--rules DIR]...", "posts to verdicts, one JSON object a line", NULL, cmd_score },
	{ "match", "--batch [--rules DIR]...",
		"posts to the rules they hit and the brands they are about, one JSON object a line", NULL, cmd_match },
	{ "detect-csv", "FILE", "timestamp,value to timestamp,score: non-zero where an incident opens or escalates", NULL,
		cmd_detect_csv },
	{ "train", "LABELS.tsv... [--name NAME] [--out FILE] [--without TSV]... [--force]",
		"labelled texts to a model, with figures on texts it has not seen",
		"LABELS.tsv: a first line of column names, tabs between; used are label (or sentiment) and text. A label is\n"
		"negative, neutral or positive, or 0 and 1. A column kind may say service (written to a company) or review;\n"
		"English texts of neither kind are judged with more caution. A text that stands there twice counts once.\n"
		"The model is refused (exit 1) when it judges the protected posts worse than the model in use; the posts that\n"
		"flipped are shown. earshot model use makes it the one that judges.\n",
		cmd_train },
	{ "label", "[BRAND] [--next N] | BRAND POST-ID --label negative [--nature N] … --by NAME | --list | --export FILE.tsv",
		"the stored mentions whose label would help most; corrections of verdicts, stored, and as a table for earshot "
		"train",
		"--next    the verdicts that were least sure, each copy once, Chinese and English in turn. Write negative, "
		"neutral\n"
		"          or positive into the first column of those you are certain of; earshot train passes over the others.\n"
		"BRAND POST-ID  says what one mention is; the last word of each field holds, and --withdraw takes all back. "
		"Mentions\n"
		"          and counts stay as they are: the correction is shown beside them, and models learn from it.\n"
		"--export  corrected mentions as a table for earshot train. A correction goes with its mention "
		"(retention.mentions):\n"
		"          export in time. The file holds texts of people, and earshot erase does not reach it.\n",
		cmd_label },
	{ "model", "VERB …", "list, look at, use and take back trained models; earshot model --help lists the verbs", NULL,
		cmd_model },
	{ "try", "TEXT|FILE [--brand B]", "one text scored and explained for a person", NULL, cmd_try },
	{ "fetch", "SOURCE|URL [--allow-cidr C]...", "one source fetched and parsed to stdout, nothing stored", NULL, cmd_fetch },
	{ "source", "VERB …", "list, explain, try, add, pause and import sources; earshot source --help lists the verbs", NULL,
		cmd_source },
	{ "recipe", "list | test FILE.recipe... [--accept] | record FILE.recipe URL",
		"how single sites are read: see, test, record",
		"list    all recipes of the feeds folders\n"
		"test    each recipe reads its stored samples and must find the posts that are expected\n"
		"record  fetch an address once and keep the page, masked, as a sample beside the recipe",
		cmd_recipe },
	{ "replay", "FILE.jsonl [--speed N] [--config F]", "posts with times through the real detector; prints the incidents",
		NULL, cmd_replay },
	{ "import", "FILE [--source NAME] [--map PART=COLUMN]... [--dry-run]",
		"posts of a file (JSONL, CSV, mailbox) on the road of crawled ones; what is known is not counted twice", NULL,
		cmd_import },
	{ "posts", "BRAND [--since 2h] [--limit N] [--json]", "stored mentions, newest first", NULL, cmd_posts },
	{ "stories", "BRAND [--since 2h] [--limit N] [--json]", "texts that were posted more than once, the largest first", NULL,
		cmd_stories },
	{ "integrity", "BRAND [--hours N] [--json]",
		"does the talk look organic or coordinated: copies, templates, bursts, busy authors, new accounts, with examples",
		"Nothing is taken out of any count because of it. docs/integrity.md says what each line means and where its "
		"numbers\n"
		"come from.\n",
		cmd_integrity },
	{ "search", "QUERY [--since 7d] [--until T] [--limit N] [--json]",
		"every fetched post that a query finds, from the archive, newest first; exit 1 when there is none", NULL,
		cmd_search },
	{ "erase", "--author SOURCE:NAME|PSEUDONYM | --post ID [--by NAME] [--note TEXT] [--dry-run] [--json]",
		"take a person's posts, or one post, out of everything that is kept",
		"Goes through the archive, the intake, files of alerts and Redis, keeps counts, sees to it that the posts do not "
		"come\n"
		"back, and makes Redis write its append-only file anew. May be run again at any time; exit 75: run it again.\n",
		cmd_erase },
	{ "export", "--subject SOURCE:NAME|PSEUDONYM", "everything that is held of a person, as JSON lines", NULL, cmd_export },
	{ "rotate-key", "[--config F]",
		"another key for authors' pseudonyms; the old ones stay, for finding what was stored under them", NULL,
		cmd_rotate_key },
	{ "stats", "[BRAND] [--since 24h] [--json]", "counts by dimension", NULL, cmd_stats },
	{ "incidents", "[list] | VERB ID --by NAME --note TEXT", "see incidents; ack, false-alarm, mute, close one", NULL,
		cmd_incidents },
	{ "status", CONFIG_USAGE, "roles, leases, backlog and sources in trouble; exit 1 when something is down", NULL,
		cmd_status },
	{ "keys", "[--format docs|acl|table]", "every Redis key: who writes it, who reads it, what it holds", NULL, cmd_keys },
	{ "verify", "[--brand B] [--fix]", "recount mentions from their records and compare with the counters", NULL,
		cmd_verify },
	{ "dates", "", "lines of reference time, zone and date as a page writes it (TAB between) to ISO 8601",
		"Each line in: REF<TAB>ZONE<TAB>DATE, as 2024-05-08T15:30:00+08:00, +08:00, 3分钟前. REF may be empty: then\n"
		"relative dates are no dates. Each line out: 2024-05-08T15:27:00+08:00, a day alone (2024-05-08), or nothing\n"
		"when it is no date.\n",
		cmd_dates },
	{ "bench", "NAME [--json]", "measure a part against a bare baseline in the same run", NULL, cmd_bench },
	{ "case", "KIND --batch", "adapters that speak the line shapes of the scorers", NULL, cmd_case },
	{ NULL, NULL, NULL, NULL, NULL },
};

static const struct command_row *find_row(const struct command_row *rows, const char *name)
{
	for (const struct command_row *c = rows; c->name != NULL; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

const struct command_row *command_find(const char *name)
{
	const struct command_row *found = find_row(command_rows, name);
	if (found == NULL)
		found = find_row(rules_rows, name);
	if (found == NULL)
		found = find_row(model_rows, name);
	return found != NULL ? found : find_row(source_rows, name);
}

static int print_usage(FILE *to, int exit_code)
{
	fprintf(to,
		"earshot %s: public-opinion and complaint monitoring 舆情监测\n\nusage: earshot COMMAND …   (earshot COMMAND "
		"--help)\n\n",
		EARSHOT_VERSION);
	for (const struct command_row *c = command_rows; c->name != NULL; c++)
		fprintf(to, "  %-11s %s\n", c->name, c->about);
	fprintf(to, "\nexit codes: 0 ok, 1 failure or \"no\", 2 usage, 69 Redis unreachable, 75 try again, 78 configuration\n");
	return exit_code;
}

static int unknown_command(const char *name)
{
	const char *names[64];
	size_t n = 0;
	for (const struct command_row *c = command_rows; c->name != NULL && n < 64; c++)
		names[n++] = c->name;
	const char *near = problems_nearest(str_of(name), names, n);
	fprintf(stderr, "earshot: there is no command \"%s\"%s%s%s; earshot --help lists them\n", name,
		near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return print_usage(stderr, EXIT_USAGE);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0)
		return print_usage(stdout, EXIT_OK);
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
		printf("earshot %s\n", EARSHOT_VERSION);
		return EXIT_OK;
	}
	const struct command_row *c = command_find(argv[1]);
	if (c == NULL)
		return unknown_command(argv[1]);
	const int code = c->run(argc - 1, argv + 1);
	http_library_release();
	return code;
}
