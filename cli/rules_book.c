/* A rulebook as a person names it. */
#include "cli/rules_book.h"

#include <earshot/limits.h>

#include "common/base/file.h"
#include "common/rules/model_layer.h"
#include "common/rules/published.h"

#include <string.h>

#define FILES_ARENA_BYTES ((size_t)LIMIT_RULEBOOK_BYTES * 2)

/* Twelve hex digits, and nothing on disk is called so. */
static bool is_version(const char *word)
{
	return strlen(word) == RULEBOOK_VERSION_BYTES - 1 && strspn(word, "0123456789abcdef") == RULEBOOK_VERSION_BYTES - 1 &&
	       !file_exists(word);
}

bool rules_book_add(struct rules_book *b, struct arena *a, const char *word)
{
	struct str rest = str_of(word), part;
	if (b->nfolders == 0 && is_version(word)) {
		memcpy(b->version, word, sizeof b->version);
		return true;
	}
	while (str_split(&rest, ',', &part)) {
		if (b->nfolders == RULES_FOLDERS_MOST)
			return false;
		if (str_trim(part).n > 0)
			b->folder[b->nfolders++] = arena_cstr(a, str_trim(part));
	}
	return true;
}

void rules_book_of_settings(struct rules_book *b, const struct settings *s)
{
	for (size_t i = 0; i < s->rules.n && b->nfolders < RULES_FOLDERS_MOST; i++)
		b->folder[b->nfolders++] = s->rules_folder[i];
}

static struct redis *connect_quietly(struct session *s, struct err *e)
{
	struct settings own = s->settings;
	settings_identity(&s->arena, &own, "admin");
	struct redis *r = redis_new(settings_redis_url(&s->arena, &own),
		own.redis_user.n > 0 ? arena_cstr(&s->arena, own.redis_user) : NULL, own.redis_password, e);
	if (r != NULL && redis_connect(r, e) == OK)
		return r;
	redis_free(r);
	return NULL;
}

void rules_book_in_force(struct rules_book *b, struct session *s)
{
	struct err e = { 0 };
	struct rulebooks_now now = { 0 };
	struct redis *r = connect_quietly(s, &e);
	if (r != NULL && rulebooks_now(r, &s->arena, &now, &e) == OK && now.version[0] != '\0')
		memcpy(b->version, now.version, sizeof b->version);
	else
		rules_book_of_settings(b, &s->settings);
	redis_free(r);
}

static struct rulebook *load_published(const struct rules_book *b, struct session *s, struct problems *p)
{
	struct err e = { 0 };
	struct arena a;
	struct rulebook_files files = { 0 };
	struct rulebook *book = NULL;
	struct redis *r = connect_quietly(s, &e);
	arena_init(&a, FILES_ARENA_BYTES);
	if (r != NULL && published_files(r, &a, b->version, &files, &e) == OK)
		book = rulebook_compile(&files, p);
	else
		problems_add(p, "rules", 0, 0, "version %s cannot be read: %s", b->version, e.text);
	arena_release(&a);
	redis_free(r);
	return book;
}

/* Of what is published; false when no model is chosen there, or no Redis answers. */
static bool read_layer(struct session *s, struct arena *a, struct rulebook_files *out)
{
	struct err e = { 0 };
	struct rulebooks_now now = { 0 };
	struct redis *r = connect_quietly(s, &e);
	const bool is_read = r != NULL && rulebooks_now(r, a, &now, &e) == OK && now.version[0] != '\0' &&
			     published_files(r, a, now.version, out, &e) == OK;
	redis_free(r);
	return is_read && model_layer_is_there(out);
}

static struct rulebook *load_under_model(const struct rules_book *b, struct session *s, struct problems *p)
{
	struct arena a;
	struct rulebook_files files = { 0 }, published = { 0 };
	arena_init(&a, FILES_ARENA_BYTES * 2);
	rulebook_read(&a, b->folder, b->nfolders, &files, p);
	if (read_layer(s, &a, &published))
		files = model_layer_keep(&a, &files, &published);
	struct rulebook *book = rulebook_compile(&files, p);
	arena_release(&a);
	return book;
}

static struct rulebook *load(const struct rules_book *b, struct session *s, struct problems *p)
{
	if (b->version[0] != '\0')
		return load_published(b, s, p);
	return b->keeps_model ? load_under_model(b, s, p) : rulebook_load(b->folder, b->nfolders, p);
}

bool rules_book_load(struct rules_book *b, struct session *s)
{
	const bool is_published = b->version[0] != '\0';
	struct problems problems;
	problems_init(&problems);
	b->book = load(b, s, &problems);
	thresholds_load(&s->arena, is_published ? s->settings.rules_folder : b->folder,
		is_published ? s->settings.rules.n : b->nfolders, &b->thresholds, &problems);
	const bool fine = command_problems(&problems) && b->book != NULL;
	problems_release(&problems);
	return fine;
}

void rules_book_release(struct rules_book *b)
{
	rulebook_free(b->book);
	b->book = NULL;
}

struct str rules_book_name(const struct rules_book *b, struct arena *a)
{
	struct str out = b->version[0] != '\0' ? STR("published") : STR("");
	for (size_t i = 0; i < b->nfolders; i++)
		out = arena_printf(a, "%.*s%s%s", STR_FMT(out), i > 0 ? " + " : "", b->folder[i]);
	return out;
}

bool rules_book_is_own(const struct rules_book *b, const struct rule *rule)
{
	if (b->nfolders < 2)
		return false;
	const char *own = b->folder[b->nfolders - 1];
	const size_t n = strlen(own);
	return strncmp(rule->file, own, n) == 0 && (rule->file[n] == '/' || (n > 0 && own[n - 1] == '/'));
}
