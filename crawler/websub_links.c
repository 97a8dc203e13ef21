/* rel=hub and rel=self, wherever they stand. */
#include "crawler/websub_links.h"

#include "common/base/html_token.h"
#include "common/base/url.h"
#include "crawler/feed.h"

#include <earshot/limits.h>

bool websub_links_complete(const struct websub_links *l)
{
	return l->hub.n > 0 && l->self.n > 0;
}

static bool is_secure(struct str url)
{
	return str_istarts(url, STR("https:"));
}

/* One link with its relations. What cannot be fetched names nothing. */
static void offer(struct arena *a, struct str rel, struct str href, struct str base, struct websub_links *out)
{
	struct url url;
	const bool is_hub = str_has_word(rel, STR("hub")), is_self = str_has_word(rel, STR("self"));
	if ((!is_hub && !is_self) || href.n == 0 || href.n > LIMIT_URL_BYTES)
		return;
	if (url_parse(a, str_trim(href), base, &url, NULL) != OK || url_check_fetchable(url.href, NULL) != OK)
		return;
	if (url.href.n > LIMIT_URL_BYTES)
		return;
	if (is_hub && (out->hub.n == 0 || (is_secure(url.href) && !is_secure(out->hub))))
		out->hub = url.href;
	if (is_self && out->self.n == 0)
		out->self = url.href;
}

/* ---- headers ---- */

static struct str past_blanks(struct str s)
{
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = str_from(s, 1);
	return s;
}

/* A token or a quoted string in front of `rest`, which moves behind it. */
static struct str take_value(struct arena *a, struct str *rest)
{
	size_t n = 0, used = 1;
	if (rest->n == 0 || rest->p[0] != '"') {
		while (n < rest->n && rest->p[n] != ';' && rest->p[n] != ',')
			n++;
		const struct str token = str_trim(str_first(*rest, n));
		*rest = str_from(*rest, n);
		return token;
	}
	char *text = arena_take(a, rest->n);
	for (; used < rest->n && rest->p[used] != '"'; used++) {
		used += rest->p[used] == '\\' && used + 1 < rest->n;
		text[n++] = rest->p[used];
	}
	*rest = str_from(*rest, used + 1);
	return (struct str){ text, n };
}

/* The parameters behind a target, up to the comma: the first `rel` counts (RFC 8288 3.3). A link with an anchor is about another page. */
static struct str take_rel(struct arena *a, struct str *rest)
{
	struct str rel = STR("");
	bool is_ours = true, has_rel = false;
	for (*rest = past_blanks(*rest); rest->n > 0 && rest->p[0] == ';'; *rest = past_blanks(*rest)) {
		size_t n = 0;
		*rest = past_blanks(str_from(*rest, 1));
		while (n < rest->n && rest->p[n] != '=' && rest->p[n] != ';' && rest->p[n] != ',')
			n++;
		const struct str name = str_trim(str_first(*rest, n));
		*rest = str_from(*rest, n);
		if (rest->n == 0 || rest->p[0] != '=')
			continue;
		*rest = past_blanks(str_from(*rest, 1));
		const struct str value = take_value(a, rest);
		is_ours = is_ours && !str_ieq(name, STR("anchor"));
		if (!has_rel && str_ieq(name, STR("rel"))) {
			rel = value;
			has_rel = true;
		}
	}
	return is_ours ? rel : STR("");
}

void websub_links_header(struct arena *a, struct str value, struct str base, struct websub_links *out)
{
	struct str rest = str_first(value, LIMIT_WEBSUB_HEADERS_BYTES);
	while (rest.n > 0) {
		const ptrdiff_t open = str_findc(rest, '<');
		rest = open < 0 ? STR("") : str_from(rest, (size_t)open + 1);
		const ptrdiff_t close = str_findc(rest, '>');
		if (close < 0)
			return;
		const struct str href = str_first(rest, (size_t)close);
		rest = str_from(rest, (size_t)close + 1);
		offer(a, take_rel(a, &rest), href, base, out);
	}
}

void websub_links_answer(struct arena *a, struct str raw, struct str base, struct websub_links *out)
{
	struct str line;
	while (str_split(&raw, '\n', &line))
		if (str_istarts(line, STR("link:")))
			websub_links_header(a, str_from(line, sizeof "link:" - 1), base, out);
}

/* ---- documents ---- */

void websub_links_feed(struct arena *a, const struct feed *feed, struct websub_links *out)
{
	bool has_hub = false;
	for (size_t i = 0; i < feed->head.nlinks && !has_hub; i++)
		has_hub = str_has_word(feed->head.links[i].rel, STR("hub"));
	for (size_t i = 0; i < feed->head.nlinks && has_hub; i++)
		offer(a, feed->head.links[i].rel, feed->head.links[i].href, STR(""), out);
}

static struct str attribute(struct arena *a, const struct html_token *t, const char *name)
{
	for (size_t i = 0; i < t->nattributes; i++) {
		struct buf value;
		if (!str_ieq(t->attribute[i].name, str_of(name)))
			continue;
		buf_init(&value, LIMIT_URL_BYTES);
		html_decode(&value, t->attribute[i].value, true);
		const struct str text = arena_copy(a, buf_str(&value));
		buf_release(&value);
		return text;
	}
	return STR("");
}

void websub_links_page(struct arena *a, struct str html, struct str base, struct websub_links *out)
{
	struct html_reader reader = { .in = str_first(html, LIMIT_WEBSUB_HEAD_BYTES) };
	struct html_token *token = arena_new(a, struct html_token);
	while (html_token_next(&reader, token)) {
		if (token->kind != HTML_START)
			continue;
		if (str_ieq(token->name, STR("body")))
			return; /* what visitors write is no word of the site */
		if (str_ieq(token->name, STR("link")))
			offer(a, attribute(a, token, "rel"), attribute(a, token, "href"), base, out);
		else if (str_ieq(token->name, STR("script")) || str_ieq(token->name, STR("style")))
			(void)html_token_raw(&reader, token->name);
	}
}
