/* docs/keys.md: the table of keys, and ten questions an analyst can ask of them with redis-cli. A test runs each command. */
#include "common/store/keys.h"

static const struct {
	const char *name, *question, *command;
} questions[] = {
	{ "posts-per-minute", "How many posts a minute today?",
		"$R HGETALL \"es:{b:$BRAND}:minute:all:$(date -u +%F)\" | paste -d' ' - - | sort" },
	{ "negative-by-hour",
		"How many posts, and how many negative ones, in each hour of this month? (first all, then negative)",
		"printf 'HGETALL es:{b:%s}:hour:%s:%s\\n' \"$BRAND\" all \"$(date -u +%Y-%m)\" \"$BRAND\" negative \"$(date -u "
		"+%Y-%m)\" | $R" },
	{ "complaint-categories", "What do people complain of today?",
		"for c in quality service logistics refund price safety privacy fraud outage billing food health other; do\n"
		"\techo \"ECHO $c\"; echo \"HGET es:{b:$BRAND}:day:category:$c:$(date -u +%Y) $(date -u +%m-%d)\"\n"
		"done | $R | paste -d' ' - -" },
	{ "incidents", "Which incidents were there last, and how do they stand?",
		"$R ZREVRANGE \"es:{b:$BRAND}:incidents\" 0 9 |\n"
		"\tsed \"s/.*/HMGET es:{b:$BRAND}:incident:& id state level onset_ms posts negative/\" | $R" },
	{ "latest-mentions", "What was said last?",
		"$R ZREVRANGE \"es:{b:$BRAND}:times\" 0 4 | sed \"s/.*/HGET es:{b:$BRAND}:mentions &/\" | $R" },
	{ "source-health", "When was a source last read, and how did it go?",
		"$R --scan --pattern \"es:{s*}:source:$SOURCE\" | sed 's/.*/HMGET & fetched_ms status failures error/' | $R" },
	{ "waiting-alerts", "Which alerts are not delivered yet, and when is the next attempt (ms)?",
		"$R ZRANGE \"es:{b:$BRAND}:deliveries:due\" 0 -1 WITHSCORES | paste -d' ' - -" },
	{ "dead-letters", "Which alerts were given up, and why?", "$R XREVRANGE \"es:{b:$BRAND}:deliveries:dead\" + - COUNT 10" },
	{ "owner", "Which worker owns a brand, and until when?",
		"$R HMGET \"es:{b:$BRAND}:lease:detector\" owner until_ms epoch" },
	{ "chart", "A year day by day, ready for a chart (CSV)?",
		"$R HGETALL \"es:{b:$BRAND}:day:all:$(date -u +%Y)\" | paste -d, - - | sort" },
};

static void write_table(struct buf *out)
{
	buf_addz(out, "| key | type | written by | read by | kept | holds |\n|---|---|---|---|---|---|\n");
	for (int i = 0; i < KEY__N; i++) {
		const struct key_row *k = &key_rows[i];
		buf_addf(out, "| `%s` | %s | %s | %s | %s | %s |\n", k->pattern, k->type, k->writers, k->readers, k->kept,
			k->holds);
	}
}

static void write_questions(struct buf *out)
{
	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++)
		buf_addf(out, "\n%s\n\n```sh analyst %s\n%s\n```\n", questions[i].question, questions[i].name,
			questions[i].command);
}

void keys_docs(struct buf *out)
{
	buf_addz(out,
		"# Keys\n\n"
		"Made from `include/earshot/keys.def` by `earshot keys --format docs`: change the table there, not this page.\n\n"
		"Capitals stand for what differs: `BRAND` a brand's id, `NN` a source shard (00 to 63), `DIMENSION` what is "
		"counted\n"
		"(`all`, `negative`, `neutral`, `positive`, `complaint`, `own`, `backfill`, `category:NAME`, `source:FAMILY`, "
		"and, as sums "
		"of\n"
		"differences between sights, `likes`, `replies`, `shares`, `views`). The braces are part of the key: they are "
		"Redis\n"
		"Cluster hash tags. All times are UTC; names that end in `_ms` are milliseconds since 1970.\n\n");
	write_table(out);
	buf_addz(out, "\n## Ten questions for redis-cli\n\n"
		      "The user `analyst` may read, and nothing else. Set the scene once; `earshot up` prints the port when\n"
		      "`analyst_port` is set:\n\n"
		      "```sh\nR=\"redis-cli -p PORT --user analyst --no-auth-warning\"; export "
		      "REDISCLI_AUTH=PASSWORD\nBRAND=my-brand SOURCE=my-feed\n```\n");
	write_questions(out);
}
