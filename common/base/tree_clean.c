/* HTML guarded before a tree builder sees it: attributes of a tag are capped, all else is copied. */
#include "common/base/tree_clean.h"

#include <earshot/limits.h>

#include <string.h>

static bool is_space(char ch)
{
	return ch == ' ' || ch == '\t' || ch == '\n' || ch == '\r';
}

static bool is_name_start(char ch)
{
	return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || ch == '_' || ch == ':' || (unsigned char)ch >= 0x80;
}

/* End of one attribute-like run inside a tag: name, `=`, value. */
static size_t html_attribute_end(struct str s, size_t at)
{
	while (at < s.n && !is_space(s.p[at]) && s.p[at] != '>' && s.p[at] != '=')
		at++;
	if (at >= s.n || s.p[at] != '=')
		return at;
	at++;
	if (at < s.n && (s.p[at] == '"' || s.p[at] == '\'')) {
		const char *end = memchr(s.p + at + 1, s.p[at], s.n - at - 1);
		return end ? (size_t)(end - s.p) + 1 : s.n;
	}
	while (at < s.n && !is_space(s.p[at]) && s.p[at] != '>')
		at++;
	return at;
}

static size_t copy_html_tag(struct buf *out, struct str s, size_t at)
{
	size_t attributes = 0;

	for (; at < s.n && s.p[at] != '>' && !is_space(s.p[at]); at++)
		buf_addc(out, s.p[at]);
	while (at < s.n && s.p[at] != '>') {
		const size_t end = is_space(s.p[at]) ? at + 1 : html_attribute_end(s, at);
		attributes += !is_space(s.p[at]);
		if (attributes <= LIMIT_XML_ATTRIBUTES)
			buf_add(out, s.p + at, (end > at ? end : at + 1) - at);
		at = end > at ? end : at + 1;
	}
	return at;
}

void tree_clean_html(struct buf *out, struct str utf8)
{
	for (size_t at = 0; at < utf8.n;) {
		const char *tag = memchr(utf8.p + at, '<', utf8.n - at);
		const size_t end = tag ? (size_t)(tag - utf8.p) : utf8.n;
		buf_add(out, utf8.p + at, end - at);
		at = end;
		if (at + 1 < utf8.n && is_name_start(utf8.p[at + 1])) {
			at = copy_html_tag(out, utf8, at);
		} else if (at < utf8.n) {
			buf_addc(out, '<');
			at++;
		}
	}
}
