/* earshot rules pull: the rulebook in force as files in a folder, for git or for Excel. */
#include "cli/rules_commands.h"

#include <earshot/limits.h>

#include "common/base/file.h"
#include "common/rules/model_layer.h"
#include "common/rules/published.h"
#include "common/text/rulebook_write.h"

#include <stdio.h>

static const struct option_row pull_options[] = {
	{ "config", true, "configuration file that names the rules folders, when no folder is given" },
	{ "to", true, "the folder to write; without it rules-VERSION" },
	{ "published", false, "what is published in Redis, not the folders" },
	{ "version", true, "a version that was published before (earshot rules log lists them)" },
	{ "redis", true, "URL of Redis, for --published and --version" },
	{ "excel", false, "lists as .csv that Excel opens right; everything else stays as it is" },
	{ NULL, false, NULL },
};

struct pull {
	struct arena *a;
	const struct rulebook_files *files;
	struct problems *p;
	struct str to;
	bool has_folders; /* the files come from several: each gets its own below `to` */
	bool is_excel;
};

/* Two folders may hold a file of one name. The layer of the model has its own in any case. */
static bool are_several_folders(const struct rulebook_files *files)
{
	int first = MODEL_LAYER;
	for (size_t i = 0; i < files->n; i++) {
		if (files->file[i].folder == MODEL_LAYER)
			continue;
		if (first != MODEL_LAYER && files->file[i].folder != first)
			return true;
		first = files->file[i].folder;
	}
	return false;
}

static struct str folder_of(const struct pull *p, const struct rulebook_file *f)
{
	if (f->folder == MODEL_LAYER)
		return file_join(p->a, p->to, STR("model"));
	if (!p->has_folders)
		return p->to;
	return arena_printf(p->a, "%.*s/%d", STR_FMT(p->to), f->folder + 1);
}

static bool is_list(struct str name)
{
	const bool is_table = str_ends(name, STR(".tsv")) || str_ends(name, STR(".csv"));
	return is_table && !str_starts(name, STR("brands."));
}

static bool write_file(const struct pull *p, const struct rulebook_file *f, struct str name, struct str bytes)
{
	struct err e = { 0 };
	const struct str folder = folder_of(p, f);
	const char *path = arena_cstr(p->a, file_join(p->a, folder, name));
	if (file_mkdirs(arena_cstr(p->a, folder), 0755, &e) == OK && !file_exists(path) &&
		file_write(path, bytes, 0644, &e) == OK)
		return true;
	problems_add(p->p, path, 0, 0, "%s", e.text[0] ? e.text : "is there already; give an empty folder with --to");
	return false;
}

static bool pull_for_excel(const struct pull *p, const struct rulebook_file *f)
{
	struct buf out;
	buf_init(&out, LIMIT_CONF_BYTES * 2);
	const struct str name = arena_printf(p->a, "%.*s.csv", (int)f->name.n - 4, f->name.p);
	bool is_good = rulebook_write_list(f, &out, p->p);
	is_good = is_good && write_file(p, f, name, buf_str(&out));
	buf_release(&out);
	return is_good;
}

static bool pull_files(const struct pull *p)
{
	for (size_t i = 0; i < p->files->n; i++) {
		const struct rulebook_file *f = &p->files->file[i];
		if (p->is_excel && is_list(f->name) ? !pull_for_excel(p, f) : !write_file(p, f, f->name, f->bytes))
			return false;
	}
	printf("%zu files in %.*s\n", p->files->n, STR_FMT(p->to));
	return true;
}

/* ---- where the files come from ---- */

static void read_folders(struct session *s, struct rulebook_files *out, struct problems *p)
{
	const bool has_folders = s->options.noperands > 0;
	const char *const *folder = has_folders ? (const char *const *)s->options.operand : s->settings.rules_folder;
	rulebook_read(&s->arena, folder, has_folders ? (size_t)s->options.noperands : s->settings.rules.n, out, p);
}

static enum outcome read_published(struct session *s, struct redis *r, struct rulebook_files *out, struct err *e)
{
	struct rulebooks_now now;
	const char *version = options_value(&s->options, "version");
	const enum outcome found = version != NULL ? OK : rulebooks_now(r, &s->arena, &now, e);
	if (found != OK)
		return found;
	if (version == NULL && now.version[0] == 0)
		return err_set(e, REJECT, "no rulebook is published, each worker follows its folders; leave --published out");
	return published_files(r, &s->arena, version != NULL ? version : now.version, out, e);
}

/* false with the exit code after printing why. */
static bool read_redis(struct session *s, struct rulebook_files *out, int *code)
{
	struct err e = { 0 };
	struct redis *r = command_redis(&s->arena, &s->options, &s->settings);
	*code = EXIT_REDIS;
	if (r == NULL)
		return false;
	const enum outcome done = read_published(s, r, out, &e);
	redis_free(r);
	if (done != OK)
		*code = command_fail(&e);
	return done == OK;
}

static bool pull(struct session *s, const struct rulebook_files *files, struct problems *p)
{
	char version[RULEBOOK_VERSION_BYTES];
	struct rulebook *book = rulebook_compile(files, p);
	rulebook_version(files, version);
	const char *to = options_value(&s->options, "to");
	const struct pull job = { &s->arena, files, p, to ? str_of(to) : arena_printf(&s->arena, "rules-%s", version),
		are_several_folders(files), options_has(&s->options, "excel") };
	const bool is_good = book != NULL && pull_files(&job);
	rulebook_free(book);
	return is_good;
}

static int run(struct session *s, struct problems *p)
{
	struct rulebook_files files = { 0 };
	int code = EXIT_CONFIG;
	if (!options_has(&s->options, "published") && !options_has(&s->options, "version"))
		read_folders(s, &files, p);
	else if (!read_redis(s, &files, &code))
		return code;
	const bool is_good = pull(s, &files, p);
	return command_problems(p) && is_good ? EXIT_OK : EXIT_CONFIG;
}

int rules_pull(int argc, char **argv)
{
	struct session s = { 0 };
	struct problems problems;
	int code = EXIT_USAGE;
	problems_init(&problems);
	if (command_open(&s, pull_options, argc, argv, &code))
		code = run(&s, &problems);
	problems_release(&problems);
	command_close(&s);
	return code;
}
