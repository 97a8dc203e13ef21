/* Sections of sources, written for people who add them. */
#include "crawler/source_draft.h"

#include "common/base/crypto.h"
#include "common/base/url.h"
#include "common/base/utf8.h"

#define STEM_BYTES 34 /* of an id: with what makes it unique it stays below 64 */
#define NUMBERED 10
#define TITLE_BYTES 200

static bool is_taken(const struct source_known *known, struct str id)
{
	return source_known_find(&known->id, id) != NULL;
}

/* Letters, digits and single hyphens, as ids have them. */
static struct str slug(struct arena *a, struct str text, size_t most)
{
	char *out = arena_take(a, text.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < text.n && n < most; i++) {
		const char c = text.p[i] >= 'A' && text.p[i] <= 'Z' ? (char)(text.p[i] + 'a' - 'A') : text.p[i];
		const bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
		if (is_plain)
			out[n++] = c;
		else if (n > 0 && out[n - 1] != '-')
			out[n++] = '-';
	}
	while (n > 0 && out[n - 1] == '-')
		n--;
	return (struct str){ out, n };
}

/* The last piece of a path that is a name: of /forum/brakes/index.xml "brakes". */
static struct str name_in_path(struct arena *a, struct str path)
{
	static const char *const empty_names[] = { "index", "feed", "feeds", "rss", "atom", "xml", "latest", "all" };
	struct str rest = path, piece, best = STR("");
	while (str_split(&rest, '/', &piece)) {
		const ptrdiff_t dot = str_findc(piece, '.');
		const struct str name = slug(a, dot > 0 ? str_first(piece, (size_t)dot) : piece, STEM_BYTES / 2);
		bool says_something = name.n > 0;
		for (size_t i = 0; i < sizeof empty_names / sizeof *empty_names; i++)
			says_something = says_something && !str_eqc(name, empty_names[i]);
		if (says_something)
			best = name;
	}
	return best;
}

/* Hundreds of feeds of one host: a piece of the hash of the address, so that no list has to be gone through. */
static struct str hashed(struct arena *a, struct str stem, struct str url)
{
	const struct sha256 hash = crypto_sha256(url);
	char hex[9];
	crypto_hex(hash.byte, 4, hex);
	return arena_printf(a, "%.*s-%s", STR_FMT(stem), hex);
}

struct str source_draft_id(struct arena *a, const struct source_draft *d, const struct source_known *known)
{
	struct url url;
	if (url_parse(a, d->url, STR(""), &url, NULL) != OK)
		return STR("source");
	const struct str host = str_starts(url.host, STR("www.")) ? str_from(url.host, 4) : url.host;
	struct str id = slug(a, host, STEM_BYTES);
	if (id.n == 0)
		id = STR("source");
	const struct str name = is_taken(known, id) ? name_in_path(a, url.path) : STR("");
	if (name.n > 0)
		id = arena_printf(a, "%.*s-%.*s", STR_FMT(id), STR_FMT(name));
	const struct str stem = id;
	for (int i = 2; i < NUMBERED && is_taken(known, id); i++)
		id = arena_printf(a, "%.*s-%d", STR_FMT(stem), i);
	return is_taken(known, id) ? hashed(a, stem, url.href) : id;
}

/* Strangers' words on one line: no control character, no line separator. */
static void add_line(struct buf *out, const char *before, struct str text)
{
	const struct str cut = str_cut_utf8(text, TITLE_BYTES);
	if (cut.n == 0)
		return;
	buf_addz(out, before);
	for (size_t at = 0; at < cut.n;) {
		const size_t from = at;
		const uint32_t c = utf8_next(cut, &at);
		if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029)
			buf_addc(out, ' ');
		else
			buf_add(out, cut.p + from, at - from);
	}
	buf_addc(out, '\n');
}

void source_draft_write(struct buf *out, const struct source_draft *d)
{
	buf_addc(out, '\n');
	add_line(out, "# ", d->title);
	add_line(out, "# folder: ", d->folder);
	buf_addf(out, "[source %.*s]\n", STR_FMT(d->id));
	buf_addf(out, "url = %.*s\n", STR_FMT(d->url));
	add_line(out, "kind = ", d->kind);
	add_line(out, "recipe = ", d->recipe);
	add_line(out, "family = ", d->family);
	add_line(out, "every = ", d->every);
	for (size_t i = 0; d->allow_cidr != NULL && i < d->allow_cidr->n; i++)
		buf_addf(out, "%s%.*s", i == 0 ? "allow_cidr = " : ", ", STR_FMT(d->allow_cidr->item[i]));
	if (d->allow_cidr != NULL && d->allow_cidr->n > 0)
		buf_addc(out, '\n');
}
