/* Case adapters for robots.txt: may an agent fetch an address, and what of an address is compared. */
#include "cli/case_robots.h"

#include "common/base/utf8.h"
#include "crawler/robots.h"

/* Bytes that came as latin-1 text. A NUL cannot stand in our JSON strings: it is read as U+FFFD. */
static struct str bytes_of(struct arena *a, struct str latin1)
{
	char *bytes = arena_take(a, latin1.n + 1);
	size_t n = 0;
	for (size_t at = 0; at < latin1.n;) {
		const uint32_t c = utf8_next(latin1, &at);
		bytes[n++] = c == UTF8_REPLACEMENT ? '\0' : (char)c;
	}
	return (struct str){ bytes, n };
}

static struct str latin1_of(struct arena *a, struct str bytes)
{
	char *text = arena_take(a, 2 * bytes.n + 4);
	size_t n = 0;
	for (size_t i = 0; i < bytes.n; i++)
		n += (size_t)utf8_put(text + n, (unsigned char)bytes.p[i]);
	return (struct str){ text, n };
}

bool case_robots_write(struct arena *a, const struct case_robots_question *q, struct buf *out)
{
	struct robots robots;
	const struct robots_rule *by = NULL;
	robots_parse(a, q->text, q->agent, &robots);
	const bool allowed = robots_allows(&robots, robots_path(a, q->url), &by);
	buf_addc(out, '{');
	buf_json_bool(out, "allowed", allowed);
	if (by != NULL) {
		buf_json_int(out, "line", by->line);
		buf_json_str(out, "rule", arena_printf(a, "%s: %.*s", by->allow ? "allow" : "disallow", STR_FMT(by->pattern)));
	}
	if (robots.delay_ms >= 0)
		buf_json_double(out, "crawl_delay", (double)robots.delay_ms / 1000, 3);
	if (robots.nsitemaps > 0) {
		buf_json_key(out, "sitemaps");
		buf_addc(out, '[');
		for (size_t i = 0; i < robots.nsitemaps; i++) {
			buf_json_comma(out);
			buf_json_string(out, robots.sitemap[i]);
		}
		buf_addc(out, ']');
	}
	buf_addc(out, '}');
	return allowed;
}

bool case_robots(struct arena *a, const struct json *line, struct buf *out)
{
	const struct json *latin1 = json_get(line, "robots_latin1"), *plain = json_get(line, "robots");
	if ((latin1 == NULL && plain == NULL) || json_get(line, "url") == NULL)
		return false;
	const struct case_robots_question q = {
		.text = latin1 != NULL ? bytes_of(a, json_str(latin1)) : json_str(plain),
		.agent = json_str_of(line, "agent"),
		.url = latin1 != NULL ? bytes_of(a, json_str_of(line, "url")) : json_str_of(line, "url"),
	};
	(void)case_robots_write(a, &q, out); /* the answer is in the line */
	return true;
}

bool case_robotspath(struct arena *a, const struct json *line, struct buf *out)
{
	const struct str fn = json_str_of(line, "fn"), in = bytes_of(a, json_str_of(line, "in_latin1"));
	if (!str_eqc(fn, "path") && !str_eqc(fn, "escape"))
		return false;
	const struct str answer = str_eqc(fn, "path") ? robots_path(a, in) : robots_escape(a, in);
	buf_addc(out, '{');
	buf_json_str(out, "out_latin1", latin1_of(a, answer));
	buf_addc(out, '}');
	return true;
}
