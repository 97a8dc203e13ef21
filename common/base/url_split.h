/* The pure half of url.c: taking a web address apart, resolving it against a base, and percent-encoding. It follows the
 * WHATWG URL standard for http and https; other schemes are only recognised. Nothing here looks at what a host means. */
#ifndef EARSHOT_BASE_URL_SPLIT_H
#define EARSHOT_BASE_URL_SPLIT_H

#include "common/base/arena.h"
#include "common/base/buf.h"

/* The parts of one input, still as written; slices of the cleaned input or of the base. */
struct url_parts {
	struct str scheme; /* "http" or "https" */
	struct str userinfo, host, port; /* host with its brackets; port digits as written, "" when absent */
	struct str base_path; /* folder of the base that a relative path starts from; "" when the path is absolute */
	struct str path, query, fragment;
	bool has_query, has_fragment;
};

/* Which characters a component keeps as they are. */
enum url_set { URL_SET_PATH, URL_SET_QUERY, URL_SET_FRAGMENT, URL_SET_USERINFO };

bool url_keeps(unsigned char c, enum url_set set);

/* A reference in plain ASCII beside a base in normal form; false, nothing said, when either takes more than putting them together. */
bool url_join(struct arena *a, struct str reference, struct str base, struct str *out);
/* Input as WHATWG reads it: blanks at both ends gone, tabs and newlines gone. */
struct str url_split_clean(struct arena *a, struct str input);
/* Length of the scheme in front of ':', 0 when there is none. */
size_t url_split_scheme(struct str input);
bool url_split_is_web(struct str scheme); /* http or https, any case */
/* `input` is clean; `base` is "" or a serialised http(s) URL. false when a relative input has no base, or another scheme. */
bool url_split(struct str input, struct str base, struct url_parts *out);
/* The path with "." and ".." worked out, percent-encoded; always begins with '/'. */
struct str url_split_path(struct arena *a, const struct url_parts *parts);
void url_encode(struct buf *out, struct str s, enum url_set set);
/* Adds a path in its canonical spelling: repeated slashes folded, one form of percent-encoding, no session ids. It lives
 * in url_canonical.c: ids of posts hang on it. */
void url_normal_path(struct buf *out, struct str path);
/* One hex digit as 0…15, -1 when it is none. */
int url_hex(char c);

#endif
