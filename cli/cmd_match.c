/* earshot match: posts in, the rules they hit and the brands they are about out, one JSON object a line. */
#include "cli/batch_io.h"
#include "cli/commands.h"
#include "cli/rules.h"
#include "common/base/post.h"
#include "common/base/utf8.h"

static const struct option_row rows[] = {
	{ "batch", false,
		"JSONL on standard input: {\"id\",\"text\",\"title\"?,\"source\"?,\"stars\"? …}, the fields of a post; one "
		"answer a line" },
	{ "rules", true, "a folder of rules; may be repeated, a later one overrides an earlier one" },
	{ "config", true, "configuration file that names the rules folders, when no --rules is given" },
	{ NULL, false, NULL },
};

static bool answer(struct arena *a, const struct json *line, struct buf *out, void *context)
{
	const struct rulebook *book = context;
	struct err e = { 0 };
	struct post post;
	struct scanned scanned;
	struct admission *about;
	struct str brand;
	if (json_kind(json_get(line, "text")) != JSON_STRING || post_read_line(a, line, &post, &brand, &e) != OK)
		return false;
	post.title = utf8_repair(a, post.title);
	post.text = utf8_repair(a, post.text);
	scan_matches(a, book, &post, &scanned);
	const size_t nabout = admission_find(a, book, &scanned, &about);
	buf_addc(out, '{');
	buf_json_str(out, "id", json_text_of(a, line, "id"));
	rules_write_brands(out, book, about, nabout);
	rules_write_matches(out, "rules", book, &scanned);
	buf_addc(out, '}');
	return true;
}

int cmd_match(int argc, char **argv)
{
	return rules_batch(argc, argv, rows, answer);
}
