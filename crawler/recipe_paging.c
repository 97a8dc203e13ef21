/* The address of the next page, and for which addresses a recipe is meant. */
#include "crawler/recipe_plan.h"

#include <earshot/limits.h>

#include "common/base/url.h"

#include <string.h>

/* Where the value of a parameter stands in an address: behind ?name= or &name=, or as a piece of the path, /name=. */
static bool parameter_find(struct str url, struct str name, size_t *from, size_t *to)
{
	for (size_t at = 1; at + name.n < url.n; at++) {
		if (!str_starts(str_from(url, at), name) || url.p[at + name.n] != '=' || strchr("?&/", url.p[at - 1]) == NULL)
			continue;
		*from = *to = at + name.n + 1;
		while (*to < url.n && strchr("&/#", url.p[*to]) == NULL)
			*to += 1;
		return true;
	}
	return false;
}

static void add_escaped(struct buf *out, struct str value)
{
	for (size_t i = 0; i < value.n; i++) {
		const unsigned char c = (unsigned char)value.p[i];
		const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
				      (c != '\0' && strchr("-._~", (char)c) != NULL);
		buf_addf(out, is_plain ? "%c" : "%%%02X", c);
	}
}

static struct str with_parameter(struct arena *a, struct str url, struct str name, struct str value)
{
	struct buf out;
	size_t from, to;
	const ptrdiff_t hash = str_findc(url, '#');
	url = str_first(url, hash < 0 ? url.n : (size_t)hash);
	buf_init(&out, LIMIT_URL_BYTES);
	if (!parameter_find(url, name, &from, &to)) {
		buf_adds(&out, url);
		buf_addf(&out, "%c%.*s=", str_findc(url, '?') < 0 ? '?' : '&', STR_FMT(name));
		from = to = url.n;
	} else {
		buf_adds(&out, str_first(url, from));
	}
	add_escaped(&out, value);
	buf_adds(&out, str_from(url, to));
	const struct str made = out.overflow ? STR("") : arena_copy(a, buf_str(&out));
	buf_release(&out);
	return made;
}

static struct str next_number(struct recipe_scope *s, const struct recipe_paging *p)
{
	size_t from = 0, to = 0;
	int64_t number = p->start;
	if (parameter_find(s->page->url, p->parameter, &from, &to))
		(void)str_to_i64((struct str){ s->page->url.p + from, to - from }, &number);
	return arena_printf(s->a, "%lld", (long long)(number + p->step));
}

static struct str next_link(struct recipe_scope *s, struct str value)
{
	struct url url;
	return url_parse(s->a, value, s->page->url, &url, NULL) == OK ? url.href : STR("");
}

struct str recipe_next_page(struct recipe_scope *s, const struct recipe *r, const struct recipe_value *last, size_t items)
{
	const struct recipe_paging *p = &r->plan->paging;
	struct str value = STR("");
	if (p->by == PAGING_NONE || items == 0 || s->page->url.n == 0)
		return STR("");
	if (p->by == PAGING_ID)
		s->item = *last;
	if (p->by == PAGING_PAGE)
		value = next_number(s, p);
	else
		value = expression_text(s, &p->next);
	if (value.n == 0 || str_eqc(value, "null"))
		return STR("");
	const struct str url =
		p->by == PAGING_LINK ? next_link(s, value) : with_parameter(s->a, s->page->url, p->parameter, value);
	return str_eq(url, s->page->url) ? STR("") : url;
}

int64_t recipe_most_pages(const struct recipe *r)
{
	return r->plan->paging.by == PAGING_NONE ? 1 : r->plan->paging.most;
}

/* ---- addresses ---- */

static bool glob_matches(struct str glob, struct str text)
{
	ptrdiff_t star = -1;
	size_t g = 0, t = 0, retry = 0;
	while (t < text.n) {
		if (g < glob.n && glob.p[g] == '*') {
			star = (ptrdiff_t)g++;
			retry = t;
		} else if (g < glob.n && glob.p[g] == text.p[t]) {
			g++;
			t++;
		} else if (star >= 0) {
			g = (size_t)star + 1;
			t = ++retry;
		} else {
			return false;
		}
	}
	while (g < glob.n && glob.p[g] == '*')
		g++;
	return g == glob.n;
}

static bool list_matches(const struct conf_list *globs, struct str text)
{
	for (size_t i = 0; i < globs->n; i++)
		if (glob_matches(globs->item[i], text))
			return true;
	return globs->n == 0;
}

bool recipe_is_for(const struct recipe *r, struct str text)
{
	struct arena a;
	struct url url;
	if (r->hosts.n == 0 && r->paths.n == 0)
		return false;
	arena_init(&a, 1u << 20);
	bool is_for = url_parse(&a, text, STR(""), &url, NULL) == OK && list_matches(&r->hosts, url.host);
	if (is_for) {
		const struct str path =
			url.query.n > 0 ? arena_printf(&a, "%.*s?%.*s", STR_FMT(url.path), STR_FMT(url.query)) : url.path;
		is_for = list_matches(&r->paths, path);
	}
	arena_release(&a);
	return is_for;
}
