/* Loading a rulebook: the files of the folders in a fixed order, their version, and the compiled result. */
#include "common/text/rulebook.h"

#include "common/base/crypto.h"
#include "common/base/file.h"
#include "common/text/first_look.h"
#include "common/text/normalise.h"
#include "common/text/query_node.h"
#include "common/text/rulebook_draft.h"
#include "common/text/scan.h"
#include "common/text/weights.h"
#include <earshot/limits.h>

#include <stdlib.h>
#include <string.h>

#define BRANDS_FILE "brands.conf"
#define SCORING_FILE "scoring.conf"
#define QUERY_ENDING ".query"
#define MODEL_ENDING ".model"
#define FIRST_FILES 32 /* a power of two: the list doubles when its length is one */

/* ---- collecting the files ---- */

static void files_add(struct arena *a, struct rulebook_files *f, struct rulebook_file file)
{
	const bool is_full = f->n == 0 || (f->n >= FIRST_FILES && (f->n & (f->n - 1)) == 0);
	if (is_full) {
		struct rulebook_file *bigger = arena_list(a, struct rulebook_file, f->n ? f->n * 2 : FIRST_FILES);
		if (f->n)
			memcpy(bigger, f->file, f->n * sizeof(*bigger));
		f->file = bigger;
	}
	f->file[f->n++] = file;
}

/* What a folder gives to the book; files with other names are somebody else's (thresholds.conf, routes.conf). */
static bool is_rulebook_file(struct str name)
{
	const bool is_hidden = str_starts(name, STR(".")) || str_starts(name, STR("~")); /* what editors put beside a file */
	if (is_hidden)
		return false;
	return str_eqc(name, BRANDS_FILE) || str_eqc(name, SCORING_FILE) || str_ends(name, STR(".tsv")) ||
	       str_ends(name, STR(".csv")) || str_ends(name, STR(QUERY_ENDING)) || str_ends(name, STR(MODEL_ENDING));
}

static void tell(struct problems *p, enum rule_problem kind, const char *file, const char *sentence)
{
	p->code = rule_problem_rows[kind].code;
	problems_add(p, file, 0, 0, "%s", sentence);
	p->code = NULL;
}

static void files_read(struct arena *a, struct rulebook_files *f, struct rulebook_file file, struct problems *p)
{
	struct err e = { 0 };
	const size_t most = str_ends(file.name, STR(MODEL_ENDING)) ? LIMIT_MODEL_BYTES : LIMIT_CONF_BYTES;
	if (file_read(a, file.path, most, &file.bytes, &e) == OK)
		files_add(a, f, file);
	else
		tell(p, R_FILE, file.path, e.text);
}

static void files_of_folder(struct arena *a, struct rulebook_files *f, const char *path, int folder, struct problems *p)
{
	struct err e = { 0 };
	struct str *names = NULL;
	size_t n = 0;
	if (file_list(a, path, "", &names, &n, &e) != OK) {
		tell(p, R_FILE, path, e.text);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		const char *file = arena_cstr(a, file_join(a, str_of(path), names[i]));
		if (is_rulebook_file(names[i]))
			files_read(a, f, (struct rulebook_file){ names[i], file, folder, { 0 } }, p);
	}
}

static int file_cmp(const void *a, const void *b)
{
	const struct rulebook_file *x = a, *y = b;
	int order = str_cmp(x->name, y->name);
	return order ? order : (x->folder > y->folder) - (x->folder < y->folder);
}

void rulebook_read(struct arena *a, const char *const *folder, size_t nfolders, struct rulebook_files *out, struct problems *p)
{
	*out = (struct rulebook_files){ 0 };
	for (size_t i = 0; i < nfolders; i++)
		files_of_folder(a, out, folder[i], (int)i, p);
	if (out->n)
		qsort(out->file, out->n, sizeof(*out->file), file_cmp);
}

void rulebook_version(const struct rulebook_files *f, char out[RULEBOOK_VERSION_BYTES])
{
	struct arena a;
	arena_init(&a, 1u << 20);
	struct str *part = arena_list(&a, struct str, f->n * 2 + 1);
	for (size_t i = 0; i < f->n; i++) {
		part[2 * i] = f->file[i].name;
		part[2 * i + 1] = f->file[i].bytes;
	}
	struct sha256 hash = crypto_sha256_parts(part, f->n * 2);
	crypto_hex(hash.byte, 6, out);
	arena_release(&a);
}

/* ---- the book ---- */

static struct rulebook *book_new(void)
{
	struct arena arena;
	arena_init(&arena, RULEBOOK_ARENA_BYTES);
	struct rulebook *book = arena_new(&arena, struct rulebook);
	book->arena = arena; /* the book lives in its own arena; from here on only book->arena is used */
	return book;
}

static bool is_general_context(const struct rule *rule)
{
	return rule->list == LIST_CONTEXT && rule->brand < 0 && !rule->query;
}

/* General words for and against are of use to ambiguous aliases alone; a book without such an alias does not look for them. */
static void drop_idle_context(struct rulebook_draft *d)
{
	size_t kept = 0;
	for (size_t i = 0; i < d->nrules; i++)
		if (d->rule[i].rule.list == LIST_BRAND && d->rule[i].rule.is_ambiguous)
			return;
	for (size_t i = 0; i < d->nrules; i++)
		if (!is_general_context(&d->rule[i].rule))
			d->rule[kept++] = d->rule[i];
	d->nrules = kept;
}

/* The list of rules lives in `a`: queries_compile() makes a longer one for good. */
static void book_take(struct rulebook *book, const struct rulebook_draft *d, struct arena *a, struct str *folded)
{
	struct rule *rule = arena_list(a, struct rule, d->nrules + 1);
	for (size_t i = 0; i < d->nrules; i++) {
		rule[i] = d->rule[i].rule;
		folded[i] = d->rule[i].folded;
	}
	book->rule = rule;
	book->nrules = d->nrules;
	struct brand *brand = arena_list(&book->arena, struct brand, d->nbrands + 1);
	if (d->nbrands > 0)
		memcpy(brand, d->brand, d->nbrands * sizeof *brand);
	book->brand = brand;
	book->nbrands = d->nbrands;
	book->weights = d->weights;
}

static void compile_in(struct rulebook *book, struct rulebook_draft *d, struct arena *scratch, struct problems *p)
{
	struct err e = { 0 };
	struct str *folded = arena_list(scratch, struct str, d->nrules + 1);
	drop_idle_context(d);
	draft_take_brand_queries(d);
	book_take(book, d, d->queries ? scratch : &book->arena, folded);
	const size_t nterms = d->queries ? queries_compile(d->queries, book, scratch, &folded) : book->nrules;
	if (problems_any_error(p))
		return;
	book->scan = scan_new(book->rule, folded, nterms, &e);
	if (!book->scan)
		tell(p, R_COMPILE, "rules", e.text);
	book->first = first_look_new(book, folded, nterms);
	book->admission = first_look_admission(book, folded, nterms);
}

static void book_compile(struct rulebook *book, struct rulebook_draft *d, struct problems *p)
{
	struct arena scratch;
	arena_init(&scratch, RULEBOOK_ARENA_BYTES);
	compile_in(book, d, &scratch, p);
	arena_release(&scratch);
}

static void parse_file(struct rulebook_draft *d, const struct rulebook_file *f)
{
	const char *path = arena_cstr(d->a, str_of(f->path));
	d->folder = f->folder;
	if (str_eqc(f->name, BRANDS_FILE))
		rulebook_parse_brands(d, f->bytes, path);
	else if (str_eqc(f->name, SCORING_FILE))
		rulebook_parse_scoring(d, f->bytes, path);
	else if (str_ends(f->name, STR(MODEL_ENDING)))
		rulebook_parse_model(d, f->bytes, path);
	else if (str_ends(f->name, STR(QUERY_ENDING)))
		rulebook_parse_queries(d, f->bytes, path);
	else if (str_starts(f->name, STR("brands.")))
		rulebook_parse_brand_sheet(d, f->bytes, path);
	else
		rulebook_parse_list(d, f->bytes, path);
}

void rulebook_draft_of(const struct rulebook_files *files, struct arena *a, struct problems *p, struct rulebook_draft *out)
{
	draft_init(out, a, p);
	for (size_t i = 0; i < files->n; i++)
		parse_file(out, &files->file[i]);
	rulebook_settle_model(out);
	draft_settle(out);
}

struct rulebook *rulebook_compile(const struct rulebook_files *files, struct problems *p)
{
	struct rulebook *book = book_new();
	struct rulebook_draft draft;
	rulebook_version(files, book->version);
	rulebook_draft_of(files, &book->arena, p, &draft);
	book_compile(book, &draft, p);
	draft_release(&draft);
	if (!problems_any_error(p))
		return book;
	rulebook_free(book);
	return NULL;
}

struct rulebook *rulebook_load(const char *const *folder, size_t nfolders, struct problems *p)
{
	struct arena a;
	struct rulebook_files files;
	arena_init(&a, RULEBOOK_ARENA_BYTES);
	rulebook_read(&a, folder, nfolders, &files, p);
	struct rulebook *book = rulebook_compile(&files, p);
	arena_release(&a);
	return book;
}

/* ---- a book of one query ---- */

static void draft_take_book(struct rulebook_draft *d, const struct rulebook *lists)
{
	for (size_t i = 0; i < lists->nbrands; i++)
		d->brand[d->nbrands++] = lists->brand[i];
	for (size_t i = 0; i < lists->nrules; i++) {
		const struct rule *r = &lists->rule[i];
		if (r->list != LIST_LEAF && !r->query)
			draft_add(d, r->term, *r, (struct draft_place){ r->file, r->line, 0 });
	}
	for (size_t i = 0; lists->queries && i < lists->queries->nmacros; i++) {
		const struct query_text *macro = &lists->queries->macro[i];
		draft_macro(d, macro->name, macro->text, macro->place);
	}
}

/* What is warned of in the rules it borrows is not this query's affair: they are checked when they are loaded. */
struct rulebook *rulebook_of_query(struct str text, const struct rulebook *lists, struct problems *p)
{
	struct rulebook *book = book_new();
	struct rulebook_draft draft;
	draft_init(&draft, &book->arena, p);
	if (lists && str_findc(text, '@') >= 0)
		draft_take_book(&draft, lists);
	draft_query(&draft, STR("query"), text, (struct draft_place){ "query", 1, 1 },
		(struct rule){ .list = LIST_WATCH, .weight = 1, .urgency = URG_NORMAL, .brand = -1 });
	book_compile(book, &draft, p);
	draft_release(&draft);
	if (!problems_any_error(p))
		return book;
	rulebook_free(book);
	return NULL;
}

void rulebook_keep_admission(struct rulebook *book)
{
	if (book->admission == NULL)
		return;
	scan_free(book->scan);
	book->scan = NULL;
}

void rulebook_free(struct rulebook *book)
{
	if (!book)
		return;
	scan_free(book->scan);
	scan_free(book->first);
	scan_free(book->admission);
	queries_release(book->queries);
	struct arena arena = book->arena;
	arena_release(&arena);
}

const char *rulebook_model(const struct rulebook *book)
{
	return book->weights ? book->weights->name : "none";
}

int rulebook_brand(const struct rulebook *book, struct str id_or_name)
{
	for (size_t i = 0; i < book->nbrands; i++) {
		const struct brand *b = &book->brand[i];
		if (str_eq(b->id, id_or_name) || str_eq(b->name, id_or_name) || (b->name_en.n && str_ieq(b->name_en, id_or_name)))
			return (int)i;
	}
	return -1;
}
