/* Fuzz target: whatever HTML comes in, what the cleaner gives holds the invariants of crawler/clean.h. */
#include "crawler/clean.h"

#include <earshot/limits.h>

#include "common/base/utf8.h"
#include "crawler/clean_lists.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool claim)
{
	if (!claim)
		abort();
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == ':';
}

static struct str take_name(struct str *s)
{
	size_t n = 0;

	while (n < s->n && is_name(s->p[n]))
		n++;
	const struct str name = str_first(*s, n);
	*s = str_from(*s, n);
	return name;
}

/* An address has no scheme that is not listed, as written and decoded by hand: no reference may stand before its colon. */
static void check_address(struct str value)
{
	size_t n = 0;

	while (n < value.n && !strchr(":/?#", value.p[n])) {
		require((unsigned char)value.p[n] > 0x1F);
		n++;
	}
	if (n > 0 && n < value.n && value.p[n] == ':') /* a colon in front ends no scheme */
		require(clean_is_scheme(str_first(value, n)));
	require(str_find(str_first(value, n), STR("&#")) < 0);
}

/* One ` name="value"`. */
static void check_attribute(struct str *s)
{
	*s = str_from(*s, 1);
	const struct str name = take_name(s);
	const struct clean_row *row = clean_attribute(name);
	require(row != NULL && s->n > 2 && s->p[0] == '=' && s->p[1] == '"');
	*s = str_from(*s, 2);
	const ptrdiff_t end = str_findc(*s, '"');
	require(end >= 0);
	const struct str value = str_first(*s, (size_t)end);
	require(str_findc(value, '<') < 0 && str_findc(value, '>') < 0);
	if (row->flags & CLEAN_ADDRESS)
		check_address(value);
	*s = str_from(*s, (size_t)end + 1);
}

/* Tags are listed, closed in order, and not too deep; `<` stands nowhere else. */
static void check_tags(struct str s)
{
	const struct clean_row *open[CLEAN_DEPTH];
	size_t depth = 0;

	for (ptrdiff_t at = str_findc(s, '<'); at >= 0; at = str_findc(s, '<')) {
		s = str_from(s, (size_t)at + 1);
		const bool is_end = s.n > 0 && s.p[0] == '/';
		s = str_from(s, is_end);
		const struct clean_row *row = clean_element(take_name(&s));
		require(row != NULL && !(row->flags & CLEAN_HIDDEN));
		if (is_end) {
			require(depth > 0 && open[--depth] == row);
		} else {
			while (s.n > 1 && s.p[0] == ' ' && s.p[1] != '/')
				check_attribute(&s);
			require(row->flags & CLEAN_VOID ? str_starts(s, STR(" />")) : depth < CLEAN_DEPTH);
			if (!(row->flags & CLEAN_VOID))
				open[depth++] = row;
		}
		require(s.n > 0 && (s.p[0] == '>' || str_starts(s, STR(" />"))));
	}
	require(depth == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const bases[] = { "", "https://example.org/a/b", "http://例子.测试/路?x=1" };
	struct arena arena;

	if (size < 1)
		return 0;
	arena_init(&arena, LIMIT_ARENA_BYTES);
	const struct str html = utf8_repair(&arena, (struct str){ (const char *)data + 1, size - 1 });
	const struct str base = str_of(bases[data[0] % 3]);
	const struct str clean = clean_html(&arena, html, base);
	require(utf8_valid(clean) && clean.n <= 2 * html.n + (1u << 20));
	if (str_findc(html, '<') >= 0 || str_findc(html, '&') >= 0)
		check_tags(clean);
	const struct str again = clean_html(&arena, clean, base);
	require(str_eq(again, clean));
	arena_release(&arena);
	return 0;
}
