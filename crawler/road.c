/* Posts of files and webhooks on the road of crawled ones. */
#include "crawler/road.h"

#include "common/base/erased.h"
#include "common/base/metrics.h"
#include "common/base/post.h"
#include "common/store/posts.h"
#include "common/store/redis.h"
#include "crawler/identity.h"
#include "crawler/keep.h"

static struct admit_terms terms_of(const struct road *i, const struct source *s)
{
	return (struct admit_terms){ .book = i->book,
		.source = s,
		.pseudonym_key = i->pseudonym_key,
		.erased = i->erased,
		.now_ms = i->now_ms,
		.keep_ms = i->keep_ms,
		.first_sight = i->is_history };
}

static struct str joined(struct arena *a, const struct conf_list *brands)
{
	struct str list = STR("");
	for (size_t i = 0; i < brands->n; i++)
		list = arena_printf(a, "%.*s%s%.*s", STR_FMT(list), i > 0 ? "," : "", STR_FMT(brands->item[i]));
	return list;
}

enum outcome road_door(struct arena *a, const struct road *i, const struct draft_terms *t, const struct draft *d,
	struct road_post *out, struct err *e)
{
	struct post raw;
	struct str brand = STR("");
	const enum outcome done = draft_post(a, t, d, &raw, &brand, e);
	if (done != OK)
		return done;
	if (brand.n > 0 && i->book != NULL && rulebook_brand(i->book, brand) < 0)
		return err_set(e, REJECT, "no rules know the brand \"%.*s\"; write the id of a brand that is watched",
			STR_FMT(str_cut_utf8(brand, 60)));
	struct source source = *t->source;
	source.scope = raw.source; /* a pseudonym holds within the place it is from */
	const struct admit_terms terms = terms_of(i, &source);
	admit_post(a, &terms, &raw, &out->admitted);
	out->about = brand.n > 0 ? brand : joined(a, &t->source->how->brands);
	if (out->admitted.refused != NULL)
		return err_set(e, REJECT, "%s", out->admitted.refused);
	return OK;
}

static struct source source_of(struct arena *a, const struct road_post *post)
{
	struct source_how *how = arena_new(a, struct source_how);
	how->family = post->admitted.post.family;
	how->brands = admit_list(a, post->about);
	return (struct source){ .id = post->admitted.post.source, .scope = post->admitted.post.source, .how = how };
}

/* In an arena of its own: what is found in one text may take many times its size. What is queued is a copy. */
static size_t append_entries(struct road *i, const struct road_post *post)
{
	struct arena one;
	struct admit_entry *entry = NULL;
	arena_init(&one, LIMIT_ARENA_BYTES);
	const struct source source = source_of(&one, post);
	const struct admit_terms terms = terms_of(i, &source);
	const size_t n = admit_entries(&one, &terms, &post->admitted, post->known, &entry);
	for (size_t k = 0; k < n; k++) {
		const struct partition brand = { .redis = i->redis, .arena = &one, .brand = entry[k].brand_id };
		posts_append(&brand, entry[k].json);
		i->bytes += entry[k].json.n;
	}
	arena_release(&one);
	return n;
}

bool road_append(struct road *i, const struct road_post *post)
{
	if (erased_has_post(i->erased, &post->admitted.post))
		return false; /* it waited on the disk since before that */
	const size_t n = append_entries(i, post);
	metrics_add(n > 0 ? M_posts_appended_total : M_posts_skipped_total, n > 0 ? (int64_t)n : 1);
	i->matched += n > 0;
	i->queued += n;
	i->waiting[i->nwaiting++] = post;
	return i->nwaiting == LIMIT_BATCH || i->bytes >= LIMIT_UNSENT_BYTES;
}

enum outcome road_settle(struct road *i, struct arena *a, struct err *e)
{
	enum outcome done = i->queued > 0 ? redis_flush(i->redis, e) : OK;
	if (done == OK && i->queued > 0)
		done = posts_append_settle(i->redis, i->queued, e);
	for (size_t k = 0; k < i->nwaiting && done == OK && i->keep != NULL; k++) {
		const struct source source = source_of(a, i->waiting[k]);
		const struct admit_terms terms = terms_of(i, &source);
		keep_post(i->keep, a, &terms, &i->waiting[k]->admitted, i->waiting[k]->known);
	}
	i->posts += done == OK ? (int64_t)i->nwaiting : 0;
	i->entries += done == OK ? (int64_t)i->queued : 0;
	i->nwaiting = 0;
	i->queued = i->bytes = 0;
	return done;
}

void road_write(struct buf *out, const struct road_post *post)
{
	buf_addz(out, "{\"post\":");
	post_write(out, &post->admitted.post);
	buf_json_opt(out, "own", post->admitted.own);
	buf_json_opt(out, "about", post->about);
	buf_addz(out, "}\n");
}

enum outcome road_read(struct arena *a, struct str line, struct road_post *out, struct err *e)
{
	const struct json *doc = json_parse_in(a, line, e);
	*out = (struct road_post){ 0 };
	if (doc == NULL)
		return REJECT;
	const enum outcome done = post_read(a, json_get(doc, "post"), &out->admitted.post, e);
	out->admitted.own = json_str_of(doc, "own");
	out->admitted.fingerprint = identity_fingerprint(&out->admitted.post);
	out->about = json_str_of(doc, "about");
	return done;
}
