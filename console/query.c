/* Query strings: finding a parameter, decoding it, holding it to its form. */
#include "console/query.h"

#include <earshot/limits.h>

#include <string.h>

static int hex_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static struct str decode(struct arena *a, struct str raw)
{
	char *out = arena_take(a, raw.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < raw.n; i++) {
		const bool is_escape = raw.p[i] == '%' && i + 2 < raw.n && hex_of(raw.p[i + 1]) >= 0 && hex_of(raw.p[i + 2]) >= 0;
		if (is_escape) {
			out[n++] = (char)(hex_of(raw.p[i + 1]) * 16 + hex_of(raw.p[i + 2]));
			i += 2;
		} else {
			out[n++] = raw.p[i] == '+' ? ' ' : raw.p[i];
		}
	}
	return (struct str){ out, n };
}

bool query_value(struct arena *a, struct str query, const char *name, struct str *out)
{
	struct str pair;
	while (str_split(&query, '&', &pair)) {
		const ptrdiff_t equals = str_findc(pair, '=');
		const struct str key = equals < 0 ? pair : str_first(pair, (size_t)equals);
		if (!str_eqc(decode(a, key), name))
			continue;
		*out = equals < 0 ? (struct str){ 0 } : decode(a, str_from(pair, (size_t)equals + 1));
		return true;
	}
	return false;
}

enum outcome query_int(
	struct arena *a, struct str query, const char *name, struct query_bounds bounds, int64_t *out, struct err *e)
{
	struct str text;
	*out = bounds.fallback;
	if (!query_value(a, query, name, &text))
		return OK;
	int64_t value = 0;
	if (!str_to_i64(text, &value) || value < bounds.min || value > bounds.max)
		return err_set(e, REJECT, "%s = \"%.*s\" has to be a whole number from %lld to %lld", name,
			STR_FMT(str_cut_utf8(text, 40)), (long long)bounds.min, (long long)bounds.max);
	*out = value;
	return OK;
}

static bool is_brand_id(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '\0' || strchr("abcdefghijklmnopqrstuvwxyz0123456789-", s.p[i]) == NULL)
			return false;
	return s.n > 0 && s.n <= LIMIT_BRAND_ID;
}

enum outcome query_brand(struct arena *a, struct str query, struct str *out, struct err *e)
{
	if (!query_value(a, query, "brand", out))
		return err_set(e, REJECT, "which brand? Add ?brand=ID; /api/overview lists the ids");
	if (!is_brand_id(*out))
		return err_set(e, REJECT, "brand = \"%.*s\" is no brand id: 1 to %d of a-z, 0-9 and -",
			STR_FMT(str_cut_utf8(*out, 40)), LIMIT_BRAND_ID);
	return OK;
}
