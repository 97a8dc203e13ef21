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

static void write_brands(struct buf *out, const struct rulebook *book, const struct rules_reading *r)
{
	buf_json_key(out, "brands");
	buf_addc(out, '[');
	for (size_t i = 0; i < r->nadmissions; i++) {
		buf_json_comma(out);
		buf_json_string(out, book->brand[r->admission[i].brand].name);
	}
	buf_addc(out, ']');
}

static void write_match(struct buf *out, const struct match *m)
{
	const char *fold[FOLD__N];
	size_t nfolds = rules_fold_names(m->folds, fold);
	buf_json_comma(out);
	buf_addc(out, '{');
	buf_json_str(out, "rule", m->rule->term);
	buf_json_str(out, "list", str_of(rule_list_names[m->rule->list]));
	if (m->field != POST_TEXT)
		buf_json_str(out, "field", str_of(post_field_names[m->field]));
	buf_json_int(out, "from", m->from);
	buf_json_int(out, "to", m->to);
	buf_json_key(out, "fold");
	buf_addc(out, '[');
	for (size_t i = 0; i < nfolds; i++) {
		buf_json_comma(out);
		buf_json_string(out, str_of(fold[i]));
	}
	buf_addz(out, "]}");
}

static void write_matches(struct buf *out, const struct scanned *s)
{
	buf_json_key(out, "matches");
	buf_addc(out, '[');
	for (size_t i = 0; i < s->n; i++)
		write_match(out, &s->match[i]);
	buf_addc(out, ']');
}

static void write_verdict(struct buf *out, const struct verdict *v)
{
	buf_json_double(out, "sentiment", v->sentiment, 4);
	buf_json_str(out, "label", str_of(label_names[v->label]));
	buf_json_double(out, "confidence", v->confidence, 3);
	buf_json_double(out, "complaint", v->complaint, 4);
	buf_json_str(out, "category", str_of(category_names[v->category]));
	buf_json_str(out, "nature", str_of(nature_names[v->nature]));
	buf_json_str(out, "urgency", str_of(urgency_names[v->urgency]));
}

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
	write_verdict(out, &r.verdict);
	write_brands(out, book, &r);
	write_matches(out, &r.scanned);
	buf_json_str(out, "masked_text", mask_text(a, post.text, &nmasked));
	buf_addc(out, '}');
	return true;
}

int cmd_score(int argc, char **argv)
{
	const struct command_row *command = command_find(argv[0]);
	struct options options;
	int code = EXIT_USAGE;
	if (!options_parse(&options, command, rows, argc, argv, &code)) {
		options_release(&options);
		return code;
	}
	if (!options_has(&options, "batch") || options.noperands > 0) {
		code = command_usage_error(
			command, "it reads JSON lines from standard input: earshot score --batch < posts.jsonl");
		options_release(&options);
		return code;
	}
	struct rulebook *book = rules_open(&options, argc, argv, &code);
	if (book)
		code = batch_run(answer, book);
	rulebook_free(book);
	options_release(&options);
	return code;
}
