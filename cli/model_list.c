/* earshot model list and show: which models there are, which one judges, what a file holds. */
#include "cli/model_commands.h"

#include "cli/model_before.h"
#include "cli/model_file.h"
#include "cli/model_vet.h"
#include "cli/rules_book.h"
#include "cli/stored.h"
#include "common/base/file.h"
#include "common/rules/model_layer.h"
#include "common/rules/published.h"
#include <earshot/limits.h>

#include <stdio.h>

static const struct option_row list_options[] = {
	{ "config", true, "configuration file" },
	{ "redis", true, "URL of Redis" },
	{ "json", false, "one JSON object a line" },
	{ NULL, false, NULL },
};
static const struct option_row show_options[] = {
	{ "config", true, "configuration file" },
	{ "redis", true, "URL of Redis" },
	{ NULL, false, NULL },
};

struct row {
	const char *state; /* "in use", "before", "" */
	struct str name, where, trouble;
	const char *digest, *rulebook;
	int64_t since_ms;
};

static void write_row(struct stored *s, const struct row *r)
{
	if (options_has(&s->session.options, "json")) {
		buf_addc(&s->out, '{');
		buf_json_str(&s->out, "name", r->name);
		buf_json_str(&s->out, "state", str_of(r->state));
		buf_json_str(&s->out, "where", r->where);
		buf_json_opt(&s->out, "digest", str_of(r->digest));
		buf_json_opt(&s->out, "rulebook", str_of(r->rulebook));
		buf_json_opt(&s->out, "trouble", r->trouble);
		if (r->since_ms > 0)
			buf_json_int(&s->out, "since_ms", r->since_ms);
		buf_addz(&s->out, "}\n");
		return;
	}
	buf_addf(&s->out, "%-7s %-15.*s %-12s  ", r->state, STR_FMT(r->name), r->digest);
	stored_text(&s->out, r->where, LIMIT_URL_BYTES);
	if (r->rulebook[0] != '\0')
		buf_addf(&s->out, ", rulebook %s", r->rulebook);
	if (r->since_ms > 0) {
		buf_addz(&s->out, ", since ");
		stored_minute(&s->out, r->since_ms);
	}
	if (r->trouble.n > 0) {
		buf_addz(&s->out, "; cannot be used: ");
		stored_text(&s->out, r->trouble, LIMIT_URL_BYTES);
	}
	buf_addc(&s->out, '\n');
}

/* The digest of the layer's model; "" when its file is not in the layer. */
static const char *digest_of(struct arena *a, const struct rulebook_files *files)
{
	char *digest = arena_take(a, MODEL_FILE_DIGEST);
	for (size_t i = 0; i < files->n; i++)
		if (files->file[i].folder == MODEL_LAYER && str_ends(files->file[i].name, STR(".model")))
			model_file_digest(files->file[i].bytes, digest);
	return digest;
}

/* What a rulebook without a layer judges with: its folders say, and only compiling it tells. */
static struct str name_of_rules(struct stored *s)
{
	struct rules_book book = { 0 };
	rules_book_in_force(&book, &s->session);
	const bool is_good = rules_book_load(&book, &s->session);
	const struct str name = is_good ? arena_copy(&s->session.arena, str_of(rulebook_model(book.book))) : STR("?");
	rules_book_release(&book);
	return name;
}

static enum outcome list_published(struct stored *s, struct arena *a, struct err *e)
{
	struct rulebooks_now now;
	struct rulebook_files files = { 0 };
	struct model_before before = { 0 };
	enum outcome done = rulebooks_now(s->redis, a, &now, e);
	const bool is_published = done == OK && now.version[0] != '\0';
	if (is_published)
		done = published_files(s->redis, a, now.version, &files, e);
	if (is_published && done == OK)
		done = model_before_find(s->redis, a, &files, &before, e);
	if (done != OK)
		return done;
	const bool has_layer = model_layer_is_there(&files);
	write_row(s, &(struct row){ .state = "in use",
			     .name = has_layer ? model_layer_name(&files) : name_of_rules(s),
			     .where = is_published ? (has_layer ? STR("published") : STR("named by the published rules"))
						   : STR("named by the folders"),
			     .digest = digest_of(a, &files),
			     .rulebook = now.version,
			     .since_ms = is_published ? now.since_ms : 0 });
	if (!before.is_there)
		return OK;
	const struct str name = model_layer_name(&before.files);
	write_row(s, &(struct row){ .state = "before",
			     .name = name.n > 0 ? name : STR("(the rules')"),
			     .where = STR("earshot model rollback leads there"),
			     .digest = digest_of(a, &before.files),
			     .rulebook = before.version });
	return OK;
}

static void list_folder(struct stored *s, struct arena *a)
{
	struct str *name = NULL;
	size_t n = 0;
	const struct str folder = model_file_folder(a, &s->session.settings);
	if (!file_exists(arena_cstr(a, folder)) || file_list(a, arena_cstr(a, folder), ".model", &name, &n, NULL) != OK)
		return;
	for (size_t i = 0; i < n; i++) {
		struct arena scratch;
		struct model_file m;
		struct err e = { 0 };
		const char *path = arena_cstr(a, file_join(a, folder, name[i]));
		arena_init(&scratch, 2 * (size_t)LIMIT_MODEL_BYTES);
		const bool is_good = model_file_load(&scratch, path, &m, &e) == OK;
		write_row(s, &(struct row){ .state = "",
				     .name = is_good ? m.name : name[i],
				     .where = str_of(path),
				     .trouble = is_good ? STR("") : str_of(e.text),
				     .digest = m.digest,
				     .rulebook = "" });
		arena_release(&scratch);
	}
}

static void list_shipped(struct stored *s, struct arena *a)
{
	struct model_file m;
	struct err e = { 0 };
	const struct str name = weights_shipped_name();
	if (name.n > 0 && model_file_find(a, &s->session.settings, arena_cstr(a, name), &m, &e) == OK)
		write_row(s, &(struct row){ .state = "",
				     .name = name,
				     .where = STR("comes with earshot"),
				     .digest = m.digest,
				     .rulebook = "" });
}

int model_list(int argc, char **argv)
{
	struct stored s;
	struct arena files;
	struct err e = { 0 };
	arena_init(&files, 4 * (size_t)LIMIT_RULEBOOK_BYTES);
	if (stored_open(&s, list_options, argc, argv)) {
		if (list_published(&s, &files, &e) != OK)
			stored_fail(&s, &e);
		list_shipped(&s, &files);
		list_folder(&s, &files);
	}
	const int code = stored_close(&s);
	arena_release(&files);
	return code;
}

/* ---- one ---- */

static void write_heads(const struct model_file *m)
{
	printf("%.*s %s %s\n", STR_FMT(m->name), m->digest,
		m->path          ? m->path
		: m->weights.row ? "(comes with earshot)"
				 : "(words alone)");
	for (int i = 0; i < WEIGHTS_HEAD__N && m->weights.row; i++)
		printf("  %-12s %s\n", weights_head_names[i],
			m->weights.head[i].slope != 0 ? "learnt" : "not learnt: says nothing");
	const struct classes *c = &m->weights.classes;
	for (size_t i = 0; i < c->ngroups; i++)
		printf("  %-12s %u classes\n", c->group[i].name, c->group[i].n);
}

/* On the protected posts, beside what is in use. A worse one is no error here: looking is free. */
static enum outcome compare(struct session *s, struct arena *a, const struct model_file *m, struct err *e)
{
	struct rules_book book = { 0 };
	struct buf report;
	rules_book_in_force(&book, s);
	if (!rules_book_load(&book, s))
		return err_set(e, REJECT, "the rules in force cannot be read: the model is compared with nothing");
	buf_init(&report, 1u << 20);
	struct rulebook other = *book.book;
	other.weights = m->weights.row ? &m->weights : NULL;
	struct err worse = { 0 };
	const enum outcome done = model_vet(a, &s->settings, book.book, &other, &report, &worse);
	printf("%.*s%s", STR_FMT(buf_str(&report)), done == REJECT ? "worse than the one in use\n" : "");
	buf_release(&report);
	rules_book_release(&book);
	return done == REJECT ? OK : done;
}

int model_show(int argc, char **argv)
{
	struct session s = { 0 };
	struct arena a;
	struct model_file m;
	struct err e = { 0 };
	int code = EXIT_USAGE;
	arena_init(&a, 4 * (size_t)LIMIT_RULEBOOK_BYTES);
	if (command_open(&s, show_options, argc, argv, &code)) {
		enum outcome done = OK;
		code = EXIT_OK;
		if (s.options.noperands != 1)
			code = command_usage_error(command_find("model show"), "name one model");
		else
			done = model_file_find(&a, &s.settings, s.options.operand[0], &m, &e);
		if (done == OK && code == EXIT_OK) {
			write_heads(&m);
			done = compare(&s, &a, &m, &e);
		}
		if (done != OK)
			code = command_fail(&e);
	}
	command_close(&s);
	arena_release(&a);
	return code;
}
