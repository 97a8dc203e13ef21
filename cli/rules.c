/* Opening the rulebook for a command, and one text through it. */
#include "cli/rules.h"

#include "detector/judge.h"

#include <earshot/limits.h>

#define MAX_FOLDERS 16

static struct rulebook *load(const char *const *folder, size_t n, int *exit_code)
{
	struct problems p;
	problems_init(&p);
	struct rulebook *book = rulebook_load(folder, n, &p);
	(void)command_problems(&p); /* the missing book says the same */
	if (!book)
		*exit_code = EXIT_CONFIG;
	problems_release(&p);
	return book;
}

struct rulebook *rules_open(const struct options *o, int argc, char **argv, int *exit_code)
{
	const char *folder[MAX_FOLDERS];
	size_t n = 0;
	for (int i = 0; n < MAX_FOLDERS; i++) {
		folder[n] = options_each(argc, argv, "rules", i);
		if (!folder[n])
			break;
		n++;
	}
	if (n > 0)
		return load(folder, n, exit_code);
	struct arena arena;
	struct settings settings;
	struct rulebook *book = NULL;
	arena_init(&arena, 16u << 20);
	if (command_settings(&arena, o, &settings))
		book = load(settings.rules_folder, settings.rules.n, exit_code);
	else
		*exit_code = EXIT_CONFIG;
	arena_release(&arena);
	return book;
}

int rules_batch(int argc, char **argv, const struct option_row *rows, batch_answer *answer)
{
	const struct command_row *command = command_find(argv[0]);
	struct options options;
	struct rulebook *book = NULL;
	int code = EXIT_USAGE;
	if (!options_parse(&options, command, rows, argc, argv, &code)) {
		/* said already */
	} else if (!options_has(&options, "batch") || options.noperands > 0) {
		code = command_usage_error(
			command, "it reads JSON lines from standard input: earshot %s --batch < posts.jsonl", command->name);
	} else {
		book = rules_open(&options, argc, argv, &code);
		if (book)
			code = batch_run(answer, book);
	}
	rulebook_free(book);
	options_release(&options);
	return code;
}

static int brand_in_question(const struct rulebook *book, const struct rules_reading *r, struct str brand)
{
	if (brand.n > 0)
		return rulebook_brand(book, brand);
	return r->nadmissions == 1 ? r->admission[0].brand : -1;
}

void rules_read(
	struct arena *a, const struct rulebook *book, const struct post *post, struct str brand, struct rules_reading *out)
{
	*out = (struct rules_reading){ .brand = brand };
	scan_post(a, book, post, &out->scanned);
	out->nadmissions = admission_find(a, book, &out->scanned, &out->admission);
	int index = brand_in_question(book, out, brand);
	if (index >= 0)
		out->brand = book->brand[index].name;
	if (brand.n > 0 && index < 0)
		judge_name(a, book, brand, post, &out->scanned, &out->verdict);
	else
		judge(a, book, index, post, &out->scanned, &out->verdict);
}

size_t rules_fold_names(unsigned folds, const char *out[FOLD__N])
{
	size_t n = 0;
	for (size_t bit = 0; bit < FOLD__N; bit++)
		if (folds & 1u << bit)
			out[n++] = fold_names[bit];
	return n;
}

void rules_write_brands(struct buf *out, const struct rulebook *book, const struct admission *about, size_t n)
{
	buf_json_key(out, "brands");
	buf_addc(out, '[');
	for (size_t i = 0; i < n; i++) {
		buf_json_comma(out);
		buf_json_string(out, book->brand[about[i].brand].name);
	}
	buf_addc(out, ']');
}

static void write_match(struct buf *out, const struct rulebook *book, const struct match *m)
{
	const char *fold[FOLD__N];
	const size_t nfolds = rules_fold_names(m->folds, fold);
	buf_json_comma(out);
	buf_addc(out, '{');
	buf_json_str(out, "rule", m->rule->term);
	buf_json_str(out, "list", str_of(rule_list_names[m->rule->list]));
	if (m->rule->brand >= 0)
		buf_json_str(out, "brand", book->brand[m->rule->brand].id);
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

void rules_write_matches(struct buf *out, const char *member, const struct rulebook *book, const struct scanned *s)
{
	buf_json_key(out, member);
	buf_addc(out, '[');
	for (size_t i = 0; i < s->n; i++)
		write_match(out, book, &s->match[i]);
	buf_addc(out, ']');
}
