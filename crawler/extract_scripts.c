/* Makes a page smaller by the insides of its scripts. */
#include "crawler/extract_referee.h"

#include <earshot/limits.h>

#include <string.h>

struct cut {
	struct str rest;
	char *out;
	size_t n;
};

/* What is beyond the cap of a page is not read: it need not be copied. One byte more, so that the reader sees that it is cut. */
static size_t room(const struct cut *c, size_t n)
{
	const size_t left = LIMIT_HTML_BYTES + 1 - c->n;
	return n < left ? n : left;
}

static void keep(struct cut *c, size_t n)
{
	memcpy(c->out + c->n, c->rest.p, room(c, n));
	c->n += room(c, n);
	c->rest = str_from(c->rest, n);
}

/* Bytes before the next `what`, all of them when there is none. */
static size_t until(struct str s, const char *what)
{
	const char *found = s.n > 0 ? memmem(s.p, s.n, what, strlen(what)) : NULL;
	return found == NULL ? s.n : (size_t)(found - s.p);
}

/* The tag stays, and what is in it when it is data about the page. */
static void cut_script(struct cut *c)
{
	const struct str whole = str_first(c->rest, until(c->rest, "</script"));
	const size_t tag = until(whole, ">");
	const bool is_data = str_find(str_first(whole, tag), STR("ld+json")) >= 0;
	keep(c, is_data || tag == whole.n ? whole.n : tag + 1);
	c->rest = str_from(c->rest, (size_t)(whole.p + whole.n - c->rest.p));
	keep(c, c->rest.n < 2 ? c->rest.n : 2);
}

struct str extract_without_scripts(struct arena *a, struct str html)
{
	struct cut c = { .rest = html, .out = arena_raw(a, LIMIT_HTML_BYTES + 1) };
	while (c.rest.n > 0 && c.n <= LIMIT_HTML_BYTES) {
		keep(&c, until(c.rest, "<script"));
		if (c.rest.n > 0)
			cut_script(&c);
	}
	return (struct str){ c.out, c.n };
}
