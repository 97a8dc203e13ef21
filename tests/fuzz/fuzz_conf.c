/* Fuzz target: configuration files of any bytes give sections with true places, or problems. */
#include "common/base/conf.h"
#include "common/base/utf8.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct settings {
	struct str name;
	struct conf_list list;
	int64_t number, duration, bytes;
	double ratio;
	bool enabled;
	int choice;
};

static const char *const choices[] = { "one", "two", NULL };

/* No secrets here: they would let the input name files and variables of the machine. */
static const struct conf_option options[] = {
	{ .name = "name", .type = CONF_STR, .offset = offsetof(struct settings, name), .required = true, .help = "a name" },
	{ .name = "list", .type = CONF_LIST, .offset = offsetof(struct settings, list) },
	{ .name = "number", .type = CONF_INT, .offset = offsetof(struct settings, number), .min = -10, .max = 10 },
	{ .name = "duration",
		.type = CONF_DURATION,
		.offset = offsetof(struct settings, duration),
		.fallback = "5s",
		.max = 60000 },
	{ .name = "bytes", .type = CONF_SIZE, .offset = offsetof(struct settings, bytes) },
	{ .name = "ratio", .type = CONF_NUMBER, .offset = offsetof(struct settings, ratio) },
	{ .name = "enabled", .type = CONF_BOOL, .offset = offsetof(struct settings, enabled) },
	{ .name = "choice", .type = CONF_CHOICE, .offset = offsetof(struct settings, choice), .choices = choices },
};

static void require(bool claim)
{
	if (!claim)
		abort();
}

static void check_section(struct arena *a, const struct conf_section *s, struct problems *p)
{
	struct settings into;
	require(utf8_valid(s->kind) && utf8_valid(s->name));
	for (size_t i = 0; i < s->n; i++) {
		const struct conf_entry *e = &s->entry[i];
		require(e->key.n > 0 && utf8_valid(e->key) && utf8_valid(e->value));
		require(e->line >= e->key_line && e->column > 0 && e->key_column > 0);
	}
	conf_fill(a, s, options, sizeof(options) / sizeof(options[0]), &into, p);
	require(into.number >= -10 && into.number <= 10 && into.duration >= 0 && into.duration <= 60000);
	require(into.choice >= 0 && into.choice < 2 && into.list.n <= CONF_ITEMS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct problems p;
	struct buf out;
	arena_init(&a, 256u << 20);
	problems_init(&p);
	buf_init(&out, 4u << 20);
	struct conf_file *file = conf_parse(&a, (struct str){ (const char *)data, size }, "fuzz.conf", &p);
	for (size_t i = 0; i < file->n; i++)
		check_section(&a, &file->section[i], &p);
	problems_write(&p, &out);
	require(utf8_valid(buf_str(&out)));
	buf_release(&out);
	problems_release(&p);
	arena_release(&a);
	return 0;
}
