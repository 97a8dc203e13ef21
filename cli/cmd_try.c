/* earshot try: one text, scored and explained for a person. */
#include "cli/commands.h"
#include "cli/rules.h"
#include "common/base/file.h"
#include "common/base/utf8.h"
#include "common/text/lang.h"
#include "common/text/mask.h"

#include <earshot/limits.h>

#include <stdio.h>
#include <string.h>

static const struct option_row rows[] = {
	{ "brand", true, "judge toward this brand: an id or name of the rules, or any name" },
	{ "rules", true, "a folder of rules; may be repeated, a later one overrides an earlier one" },
	{ "config", true, "configuration file that names the rules folders, when no --rules is given" },
	{ NULL, false, NULL },
};

/* What was written between two code points of a field. */
static struct str original_of(const struct post *post, const struct match *m)
{
	struct str field = m->field == POST_TITLE ? post->title : post->text;
	size_t from = utf8_offset(field, m->from), to = utf8_offset(field, m->to);
	return (struct str){ field.p + from, to - from };
}

static void print_place(const struct post *post, const struct match *m)
{
	const char *fold[FOLD__N];
	size_t nfolds = rules_fold_names(m->folds, fold);
	printf("  %4u-%-4u %.*s", m->from, m->to, STR_FMT(original_of(post, m)));
	for (size_t i = 0; i < nfolds; i++)
		printf("%s%s", i ? " " : "  [seen through: ", fold[i]);
	printf("%s", nfolds ? "]" : "");
}

/* How an everyday word was weighed: each cue with its weight and, of a word, its place and rule. */
static void print_sense(const struct post *post, const struct sense *sense)
{
	printf("  an everyday word as well, weighed %+.2f (above 0: the brand is meant)\n", (double)sense->score);
	for (unsigned i = 0; i < sense->n; i++) {
		const struct cue *cue = &sense->cue[i];
		if (cue->match) {
			print_place(post, cue->match);
			printf("  %+.2f %s, %s:%d\n", (double)cue->weight, cue->name, cue->match->rule->file,
				cue->match->rule->line);
		} else if (cue->weight != 0) {
			printf("             %+.2f %s\n", (double)cue->weight, cue->name);
		}
	}
}

static void print_brand(const struct rulebook *book, const struct post *post, const struct admission *admission)
{
	const struct brand *brand = &book->brand[admission->brand];
	printf("  %.*s (%.*s)%s\n", STR_FMT(brand->name), STR_FMT(brand->id), admission->is_meant ? "" : ": not meant");
	for (size_t k = 0; k < admission->nplaces && admission->is_meant; k++) {
		print_place(post, admission->place[k]);
		printf("  alias, %s:%d\n", admission->place[k]->rule->file, admission->place[k]->rule->line);
	}
	if (admission->sense)
		print_sense(post, admission->sense);
}

static void print_brands(struct arena *a, const struct rulebook *book, const struct post *post, struct rules_reading *r)
{
	struct admission *weighed;
	const size_t n = admission_weigh_all(a, book, &r->scanned, &weighed);
	printf("brands: %s\n", r->nadmissions ? "" : "none");
	for (size_t i = 0; i < n; i++)
		print_brand(book, post, &weighed[i]);
}

static void print_reasons(const struct post *post, const struct verdict *v, enum rule_list list)
{
	for (size_t i = 0; i < v->nreasons; i++) {
		const struct reason *reason = &v->reason[i];
		const struct rule *rule = reason->match->rule;
		if (rule->list != list)
			continue;
		print_place(post, reason->match);
		printf("  %+.2f%s", (double)reason->effect, reason->negated ? " (negated)" : "");
		if (list == LIST_COMPLAINT)
			printf(" %s", category_names[rule->category]);
		else if (list == LIST_URGENCY)
			printf(" %s", urgency_names[rule->urgency]);
		else if (list == LIST_NATURE)
			printf(" %s", nature_names[rule->nature]);
		printf(", %s:%d\n", rule->file, rule->line);
	}
}

/* What the trained model went by, beside the rules. */
static void print_attributions(const struct post *post, const struct verdict *v, const char *question)
{
	for (size_t i = 0; i < v->nattributions; i++) {
		const struct attribution *g = &v->attribution[i];
		const struct match there = { .field = g->field, .from = g->from, .to = g->to };
		if (strcmp(g->question, question) != 0)
			continue;
		print_place(post, &there);
		printf("  %+.2f, model\n", (double)g->effect);
	}
}

static void print_verdict(const struct post *post, const struct rules_reading *r)
{
	const struct verdict *v = &r->verdict;
	printf("judged toward: %.*s\n", STR_FMT(r->brand.n ? r->brand : STR("the text as a whole")));
	printf("sentiment: %+.2f %s (confidence %.2f)\n", v->sentiment, label_names[v->label], v->confidence);
	print_reasons(post, v, LIST_SENTIMENT);
	print_attributions(post, v, "label");
	printf("complaint: %.2f %s\n", v->complaint, category_names[v->category]);
	print_reasons(post, v, LIST_COMPLAINT);
	print_attributions(post, v, "category");
	printf("nature: %s\n", nature_names[v->nature]);
	print_reasons(post, v, LIST_NATURE);
	print_attributions(post, v, "nature");
	printf("urgency: %s\n", urgency_names[v->urgency]);
	print_reasons(post, v, LIST_URGENCY);
	print_attributions(post, v, "urgency");
}

static void explain(struct arena *a, const struct rulebook *book, struct str text, struct str brand)
{
	struct post post;
	struct rules_reading r;
	size_t nmasked = 0;
	post_init(&post);
	post.text = text;
	rules_read(a, book, &post, brand, &r);
	const char *lang = lang_guess(text, STR(""));
	printf("rules: version %s, %zu terms, %zu brands\n", book->version, book->nrules, book->nbrands);
	printf("language: %s\n", *lang ? lang : "unknown");
	print_brands(a, book, &post, &r);
	print_verdict(&post, &r);
	if (r.scanned.dropped)
		printf("matches: %zu more than %d, not looked at\n", r.scanned.dropped, LIMIT_MATCHES);
	struct str masked = mask_text(a, text, &nmasked);
	if (nmasked)
		printf("stored as (%zu masked): %.*s\n", nmasked, STR_FMT(masked));
	else
		printf("stored as: unchanged, no personal data found\n");
}

/* An operand that names a file is read; anything else is the text itself. */
static enum outcome read_operand(struct arena *a, const char *operand, struct str *text, struct err *e)
{
	*text = str_of(operand);
	if (str_eqc(*text, "-") || (text->n < LIMIT_FIELD_BYTES && file_exists(operand))) {
		enum outcome outcome = file_read(a, operand, LIMIT_BODY_BYTES, text, e);
		if (outcome != OK)
			return outcome;
	}
	*text = str_cut_utf8(str_trim(utf8_repair(a, *text)), LIMIT_TEXT_BYTES);
	return OK;
}

static int run(const struct options *o, int argc, char **argv)
{
	struct err e = { 0 };
	struct arena arena;
	struct str text;
	int code = EXIT_OK;
	struct rulebook *book = rules_open(o, argc, argv, &code);
	if (!book)
		return code;
	arena_init(&arena, LIMIT_ARENA_BYTES);
	if (read_operand(&arena, o->operand[0], &text, &e) == OK)
		explain(&arena, book, text, str_of(options_value(o, "brand")));
	else
		code = command_fail(&e);
	arena_release(&arena);
	rulebook_free(book);
	return code;
}

int cmd_try(int argc, char **argv)
{
	const struct command_row *command = command_find(argv[0]);
	struct options options;
	int code = EXIT_USAGE;
	if (options_parse(&options, command, rows, argc, argv, &code)) {
		if (options.noperands == 1)
			code = run(&options, argc, argv);
		else
			code = command_usage_error(command,
				"one TEXT or FILE is needed (quote a text of several words); it was given %d", options.noperands);
	}
	options_release(&options);
	return code;
}
