/* The list of sources: read from the files of the feeds folders, looked up by id. */
#include "crawler/sources.h"

#include <earshot/limits.h>

#include "common/base/file.h"

#include <string.h>

/* ---- by id: a hundred thousand sources are looked up at each of their polls ---- */

/* A slot is the place in one of three lists, plus one. */
enum list { POLLED, PUSHED, OFF };
#define LIST_SHIFT 30u
#define PLACE_MASK ((1u << LIST_SHIFT) - 1)

static const struct source *source_in(const struct source_list *l, uint32_t slot)
{
	const struct source *const lists[] = { [POLLED] = l->source, [PUSHED] = l->pushed, [OFF] = l->off };
	return &lists[slot >> LIST_SHIFT][(slot & PLACE_MASK) - 1];
}

/* The slot of an id, or the free one where it belongs. */
static uint32_t *slot_of(const struct source_list *l, struct str id)
{
	size_t at = (size_t)str_hash(id) & (l->nslots - 1);
	while (l->slot[at] != 0 && !str_eq(source_in(l, l->slot[at])->id, id))
		at = (at + 1) & (l->nslots - 1);
	return &l->slot[at];
}

static const struct source *find(const struct source_list *l, struct str id, enum list list)
{
	const uint32_t slot = l->nslots > 0 ? *slot_of(l, id) : 0;
	return slot != 0 && slot >> LIST_SHIFT == list ? source_in(l, slot) : NULL;
}

const struct source *sources_find(const struct source_list *l, struct str id)
{
	return find(l, id, POLLED);
}

const struct source *sources_find_pushed(const struct source_list *l, struct str id)
{
	return find(l, id, PUSHED);
}

const struct source *sources_find_off(const struct source_list *l, struct str id)
{
	return find(l, id, OFF);
}

static enum list list_of(const struct source *s)
{
	return !s->how->enabled ? OFF : s->how->kind == SOURCE_WEBHOOK ? PUSHED : POLLED;
}

static void note_id(struct source_list *l, const struct source *s, enum list list, size_t place)
{
	*slot_of(l, s->id) = (uint32_t)(place + 1) | (uint32_t)list << LIST_SHIFT;
}

static void add(struct source_list *l, const struct source *s)
{
	struct source *const lists[] = { [POLLED] = l->source, [PUSHED] = l->pushed, [OFF] = l->off };
	size_t *const counts[] = { [POLLED] = &l->n, [PUSHED] = &l->npushed, [OFF] = &l->noff };
	const enum list list = list_of(s);
	const size_t place = (*counts[list])++;
	lists[list][place] = *s;
	note_id(l, s, list, place);
}

/* ---- room ---- */

static bool has_value(const struct conf_section *s, const char *key, const char *value)
{
	for (size_t i = 0; i < s->n; i++)
		if (str_eqc(s->entry[i].key, key))
			return value == NULL || str_eqc(s->entry[i].value, value);
	return false;
}

/* How many sources may be added to each list, at most. */
struct room {
	size_t sections, pushed, off;
};

static void count(const struct conf_file *file, struct room *room)
{
	room->sections += file->n;
	for (size_t i = 0; i < file->n; i++) {
		room->pushed += has_value(&file->section[i], "kind", source_kind_names[SOURCE_WEBHOOK]);
		room->off += has_value(&file->section[i], "enabled", NULL);
	}
}

static bool fits(const struct room *seen, const struct room *room)
{
	return seen->pushed <= room->pushed && seen->off <= room->off &&
	       seen->sections - seen->pushed <= room->sections - room->pushed;
}

static struct source *grown(struct arena *a, const struct source *list, size_t n, size_t more)
{
	struct source *out = arena_raw(a, (n + more + 1) * sizeof *out);
	if (n > 0)
		memcpy(out, list, n * sizeof *out);
	return out;
}

static void make_room(struct arena *a, struct source_list *l, const struct room *room)
{
	l->source = grown(a, l->source, l->n, room->sections - room->pushed);
	l->pushed = grown(a, l->pushed, l->npushed, room->pushed);
	l->off = grown(a, l->off, l->noff, room->off);
	l->nslots = 64;
	while (l->nslots < 2 * (l->n + l->npushed + l->noff + room->sections))
		l->nslots *= 2;
	l->slot = arena_list(a, uint32_t, l->nslots);
	for (size_t i = 0; i < l->n; i++)
		note_id(l, &l->source[i], POLLED, i);
	for (size_t i = 0; i < l->npushed; i++)
		note_id(l, &l->pushed[i], PUSHED, i);
	for (size_t i = 0; i < l->noff; i++)
		note_id(l, &l->off[i], OFF, i);
}

/* ---- files ---- */

/* What reading takes: `scratch` is of one source. */
struct reading {
	struct arena scratch;
	struct source_reader reader;
	bool keeps_text;
};

static void reading_init(struct reading *r, struct arena *a, struct source_list *out, struct problems *p)
{
	*r = (struct reading){ .reader = { .a = a, .scratch = &r->scratch, .recipes = &out->recipes, .p = p } };
	arena_init(&r->scratch, LIMIT_ARENA_BYTES);
}

static void read_source(struct reading *r, const struct conf_section *at, struct source_list *out)
{
	struct source s;
	const bool is_twice = *slot_of(out, at->name) != 0;
	if (is_twice)
		problems_add(r->reader.p, at->file, at->line, 1, "source %.*s stands twice; give one of them another name",
			STR_FMT(at->name));
	const bool fine = sources_read(&r->reader, at, &s);
	s.at = r->keeps_text ? at : NULL;
	if (fine && !is_twice)
		add(out, &s);
}

static void read_file(struct reading *r, const struct conf_file *file, struct source_list *out)
{
	for (size_t i = 0; i < file->n; i++) {
		const struct conf_section *s = &file->section[i];
		if (str_eqc(s->kind, "source"))
			read_source(r, s, out);
		else if (s->kind.n > 0 || s->n > 0)
			problems_add(r->reader.p, s->file, s->line, 1,
				"there is no section [%.*s] in a sources file; write [source NAME]", STR_FMT(s->kind));
		arena_reset(&r->scratch);
	}
}

struct names {
	const char *path[LIMIT_FEEDS_FILES];
	size_t n;
};

static void find_names(struct arena *a, const char *folder, struct names *out, struct problems *p)
{
	struct str *name = NULL;
	size_t n = 0;
	struct err e = { 0 };
	if (file_list(a, folder, ".conf", &name, &n, &e) != OK)
		problems_add(p, folder, 0, 0, "%s", e.text);
	for (size_t i = 0; i < n; i++) {
		const char *path = arena_cstr(a, file_join(a, str_of(folder), name[i]));
		if (out->n == LIMIT_FEEDS_FILES) {
			problems_add(p, path, 0, 0, "more than %d files with sources; join some of them", LIMIT_FEEDS_FILES);
			return;
		}
		out->path[out->n++] = path;
	}
}

void sources_load(struct arena *a, const char *const *folder, size_t nfolders, struct source_list *out, struct problems *p)
{
	struct reading r;
	*out = (struct source_list){ 0 };
	recipes_load(a, folder, nfolders, &out->recipes, p);
	const struct conf_file *file[LIMIT_FEEDS_FILES] = { NULL };
	struct names names = { .n = 0 };
	struct room room = { 0 };
	for (size_t f = 0; f < nfolders; f++)
		find_names(a, folder[f], &names, p);
	for (size_t i = 0; i < names.n; i++) {
		file[i] = conf_load(a, names.path[i], p);
		if (file[i] != NULL)
			count(file[i], &room);
	}
	make_room(a, out, &room);
	reading_init(&r, a, out, p);
	r.keeps_text = true;
	for (size_t i = 0; i < names.n; i++)
		if (file[i] != NULL)
			read_file(&r, file[i], out);
	arena_release(&r.scratch);
}

/* One file after the other, so that no more than one is in memory. Without a list the room alone is seen to: what is wrong is said by
 * the second reading. */
static void read_each(struct reading *r, const struct names *names, struct room *room, struct source_list *out)
{
	struct arena text;
	struct problems unsaid;
	struct room seen = { 0 };
	problems_init(&unsaid);
	arena_init(&text, LIMIT_FEEDS_BYTES);
	for (size_t i = 0; i < names->n; i++) {
		const struct conf_file *file = conf_load(&text, names->path[i], out != NULL ? r->reader.p : &unsaid);
		if (file != NULL)
			count(file, &seen);
		if (out != NULL && !fits(&seen, room))
			problems_add(r->reader.p, names->path[i], 0, 0, "it was written while it was read; read it once more");
		else if (out != NULL && file != NULL)
			read_file(r, file, out);
		arena_reset(&text);
	}
	if (out == NULL)
		*room = seen;
	arena_release(&text);
	problems_release(&unsaid);
}

void sources_load_lean(struct arena *a, const char *const *folder, size_t nfolders, struct source_list *out, struct problems *p)
{
	struct names names = { .n = 0 };
	struct room room = { 0 };
	struct reading r;
	*out = (struct source_list){ 0 };
	recipes_load(a, folder, nfolders, &out->recipes, p);
	reading_init(&r, a, out, p);
	for (size_t f = 0; f < nfolders; f++)
		find_names(a, folder[f], &names, p);
	read_each(&r, &names, &room, NULL);
	make_room(a, out, &room);
	read_each(&r, &names, &room, out);
	arena_release(&r.scratch);
}

void sources_add(struct arena *a, struct str sections, const char *path, int line, struct source_list *l, struct problems *p)
{
	struct conf_file *file = conf_parse(a, sections, path, p);
	for (size_t i = 0; i < file->n; i++) {
		struct conf_section *s = &file->section[i];
		s->line += line - 1;
		for (size_t k = 0; k < s->n; k++) {
			s->entry[k].line += line - 1;
			s->entry[k].key_line += line - 1;
		}
	}
	struct room room = { 0 };
	struct reading r;
	count(file, &room);
	make_room(a, l, &room);
	reading_init(&r, a, l, p);
	r.keeps_text = true;
	read_file(&r, file, l);
	arena_release(&r.scratch);
}

void sources_release(struct source_list *l)
{
	recipes_release(&l->recipes);
}
