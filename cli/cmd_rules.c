/* earshot rules VERB: the table of what can be done with a rulebook. */
#include "cli/commands.h"

#include "cli/rules_commands.h"
#include "cli/verbs.h"

const struct command_row rules_rows[] = {
	{ "rules lint", "[FOLDER]... [--config F] [--posts F] [--json] [--strict]",
		"find what is wrong or unwise in rules; exit 78 when something is wrong", NULL, rules_lint },
	{ "rules pull", "[FOLDER]... [--published | --version V] [--to DIR] [--excel]",
		"write the rulebook in force as files, for git or for Excel", NULL, rules_pull },
	{ "rules test", "NEW_FOLDER... [--against FOLDER]... [--since 30d] [--posts FILE] [--json] [--html FILE]",
		"what new rules would have found in the posts of the past: more, fewer, alerts, cost", NULL, rules_test },
	{ "rules diff", "OLD NEW [--json]", "what changed between two rulebooks, in words; \"rules,mine\" is two folders", NULL,
		rules_diff },
	{ "rules ledger", "[--rules FOLDER]... [--since 30d] [--posts FILE] [--json]",
		"what each rule did in the posts of the past; the dead and the double ones", NULL, rules_ledger },
	{ "rules suggest", "[--brand B] [--since 7d] [--posts FILE] [--json]",
		"terms of negative mentions that no rule knows, ready for a list", NULL, rules_suggest },
	{ "rules publish", "[FOLDER]... --by NAME [--note TEXT] [--approve-by NAME] [--since 30d] [--backfill SPAN] [--dry-run]",
		"make a rulebook the one that all workers follow",
		"Without a folder those of the configuration are published. Nothing is sent when anything in them is wrong.\n"
		"With `rules_approval = yes` the rulebook waits for `earshot rules approve` by another person.\n"
		"Workers follow within a second; baselines are moved by what the new rules find more or less, so that the\n"
		"publication is no incident.",
		rules_publish },
	{ "rules backfill", "--since SPAN [--archive DIR] [--posts FILE]",
		"count history again under the published rulebook: posts it finds that were not counted, without alerts", NULL,
		rules_backfill },
	{ "rules approve", "VERSION --by NAME [--note TEXT]", "put a proposed rulebook in force: the second pair of eyes", NULL,
		rules_approve },
	{ "rules rollback", "[VERSION] --by NAME [--note TEXT]",
		"go back to a rulebook that was published before (default: the one before this)", NULL, rules_rollback },
	{ "rules withdraw", "--by NAME [--note TEXT]", "publish nothing: every worker follows its own folders again", NULL,
		rules_withdraw },
	{ "rules log", "[--json] [--limit N]", "what is published, by whom, and what was before", NULL, rules_log },
	{ NULL, NULL, NULL, NULL, NULL },
};

int cmd_rules(int argc, char **argv)
{
	return verbs_run(rules_rows, "rules", argc, argv);
}
