/* earshot score: posts in, verdicts out, one JSON object a line. */
#include "cli/batch_io.h"
#include "cli/commands.h"
#include "cli/rules.h"
#include "common/base/utf8.h"
#include "common/text/lang.h"
#include "common/text/mask.h"
#include "detector/judge.h"

#include <earshot/limits.h>

static const struct option_row rows[] = {
	{ "batch", false, "JSONL on standard input: {\"id\",\"text\",\"title\"?,\"lang\"?,\"brand\"?}, one verdict a line" },
	{ "rules", true, "a folder of rules; may be repeated, a later one overrides an earlier one" },
	{ "config", true, "configuration file that names the rules folders, when no --rules is given" },
	{ NULL, false, NULL },
};

static bool answer(struct arena *a, const struct json *line, struct buf *out, void *context)
{
	const struct rulebook *book = context;
	const struct json *text = json_get(line, "text");
	if (json_kind(text) != JSON_STRING)
		return false;
	struct post post;
	post_init(&post);
	post.text = str_cut_utf8(utf8_repair(a, json_str(text)), LIMIT_TEXT_BYTES);
	post.title = str_cut_utf8(utf8_repair(a, json_str_of(line, "title")), LIMIT_TITLE_BYTES);
	struct str id = json_text_of(a, line, "id");
	struct rules_reading r;
	size_t nmasked = 0;
	rules_read(a, book, &post, json_str_of(line, "brand"), &r);
	buf_addc(out, '{');
	buf_json_str(out, "id", id);
	buf_json_str(out, "lang", str_of(lang_guess(post.text, json_str_of(line, "lang"))));
	verdict_write_scores(out, &r.verdict);
	rules_write_brands(out, book, r.admission, r.nadmissions);
	rules_write_matches(out, "matches", book, &r.scanned);
	buf_json_str(out, "masked_text", mask_text(a, post.text, &nmasked));
	buf_addc(out, '}');
	return true;
}

int cmd_score(int argc, char **argv)
{
	return rules_batch(argc, argv, rows, answer);
}
