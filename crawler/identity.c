/* Ids of posts and pseudonyms of authors. What is released here never changes: counting once hangs on it. */
#include "crawler/identity.h"

#include "common/base/crypto.h"
#include "common/base/post.h"
#include "common/base/url.h"

struct str identity_author(struct arena *a, struct str key, struct str scope, struct str name)
{
	if (name.n == 0)
		return STR("");
	const struct str named[] = { scope, STR("\n"), name };
	const struct sha256 mac = crypto_hmac_sha256(key, arena_join(a, named, 3));
	char hex[33];
	crypto_hex(mac.byte, 16, hex);
	return arena_join(a, (const struct str[]){ STR("a:"), { hex, 32 } }, 2);
}

struct str identity_post(struct arena *a, const struct source *s, const struct feed_entry *entry)
{
	struct url url;
	if (entry->id.n > 0 && !entry->is_id_shared)
		return post_make_id(a, s->scope, entry->id);
	const bool has_url = entry->link.n > 0 && url_parse(a, entry->link, STR(""), &url, NULL) == OK;
	if (entry->id.n > 0 && !has_url)
		return post_make_id(a, s->scope, entry->id);
	const struct str address = has_url ? url_canonical(a, &url) : STR("");
	if (entry->id.n > 0)
		return post_make_id(a, s->scope, arena_printf(a, "%.*s\n%.*s", STR_FMT(entry->id), STR_FMT(address)));
	if (has_url)
		return post_make_id(a, s->scope, address);
	const struct str dated = arena_printf(a, "%.*s\n%.*s", STR_FMT(entry->title_text), STR_FMT(entry->published));
	return post_make_id(a, s->scope, dated);
}

/* High half: the text; low half: the counters. So that a later sight can tell an edit from new numbers. */
uint64_t identity_fingerprint(const struct post *p)
{
	const int64_t counter[] = { p->likes, p->replies, p->shares, p->views, p->rank };
	const uint64_t words = str_hash(p->title) * 31 + str_hash(p->text);
	const uint64_t numbers = str_hash((struct str){ (const char *)counter, sizeof counter });
	const uint64_t mark = (words >> 32 ^ words) << 32 | ((numbers >> 32 ^ numbers) & 0xffffffffu);
	return mark != 0 ? mark : 1;
}
