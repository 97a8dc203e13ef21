/* Reads the pages of known forum engines by their rules. */
#include "crawler/extract_engine.h"

#include <earshot/limits.h>

#include "crawler/extract_engine_post.h"
#include "crawler/extract_structured.h"

#include <string.h>

static struct arena book_arena;
static struct engine_book book;

const struct engine_book *engine_builtin(void)
{
	struct problems problems;
	if (book.engine != NULL)
		return &book;
	arena_init(&book_arena, LIMIT_ENGINES_BYTES);
	problems_init(&problems);
	/* That there are none is a test: the rules were made with the binary. */
	book.n = engine_builtin_parse(&book_arena, &book.engine, &problems);
	if (problems_any_error(&problems))
		book.n = 0;
	problems_release(&problems);
	engine_index(&book_arena, &book);
	return &book;
}

void engine_release(void)
{
	if (book.engine != NULL)
		arena_release(&book_arena);
	memset(&book, 0, sizeof book);
}

static unsigned flags_of(const struct engine_page *p, uint32_t node)
{
	static const struct {
		enum engine_selector selector;
		unsigned flag;
	} marks[] = { { ENGINE_POST, ENGINE_IS_POST }, { ENGINE_QUOTE, ENGINE_IS_QUOTE },
		{ ENGINE_SIGNATURE, ENGINE_IS_SIGNATURE }, { ENGINE_DROP, ENGINE_IS_DROPPED } };
	unsigned flags = 0;
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		const struct select *s = p->rule->selector[marks[i].selector];
		if (s != NULL && engine_matches(p, s, 0, node))
			flags |= marks[i].flag;
	}
	return flags;
}

static void mark_page(struct engine_page *p)
{
	const struct dom *d = p->x->dom;
	p->flag = arena_take(p->x->a, d->n);
	p->post = arena_list(p->x->a, uint32_t, LIMIT_EXTRACT_POSTS);
	for (uint32_t n = 1; n < d->n; n++) {
		if (d->node[n].tag == TAG_TEXT)
			continue;
		p->flag[n] = (uint8_t)flags_of(p, n);
		if ((p->flag[n] & ENGINE_IS_POST) != 0 && p->nposts < LIMIT_EXTRACT_POSTS)
			p->post[p->nposts++] = n;
	}
}

struct tally {
	size_t seen, texts, names, dates, bytes;
};

/* A list of posts has writers and times; a list of anything else that happens to bear the marks has neither. */
static float confidence(const struct tally *t)
{
	if (t->texts == 0)
		return 0;
	const float n = (float)t->texts;
	const float whole = (float)t->texts / (float)t->seen;
	return (0.35f + 0.3f * (float)t->names / n + 0.3f * (float)t->dates / n) * (0.5f + 0.5f * whole);
}

/* Posts without a word or a picture are places for advertisements, or what is left of deleted ones. */
static bool is_post(const struct engine_page *p, const struct extract_post *post)
{
	const struct dom *d = p->x->dom;
	const uint32_t body = engine_find(p, post->node, ENGINE_BODY);
	bool has_image = false;
	for (uint32_t n = body; body != 0 && n < d->node[body].end; n++)
		has_image |= d->node[n].tag == TAG_IMG && (p->flag[n] & ENGINE_IS_DROPPED) == 0;
	return post->text.n != 0 || post->quote.n != 0 || (has_image && post->author.n != 0);
}

/* The head of a thread often stands above its first post. */
static void read_start(const struct engine_page *p, struct extract_post *first)
{
	if (first->author.n == 0)
		first->author = engine_value(p, 0, ENGINE_STARTER);
	if (first->published_ms < 0)
		engine_time(p, 0, ENGINE_STARTED, first);
}

static void read_page(const struct engine_page *p, struct extraction *out)
{
	out->engine = p->rule->name;
	out->title = engine_value(p, 0, ENGINE_TITLE);
	out->next = extract_url(p->x, engine_value(p, 0, ENGINE_NEXT));
	if (out->nposts == 0 || p->rule->kind != ENGINE_THREAD)
		return;
	out->author = out->posts[0].author;
	out->published = out->posts[0].published;
	out->published_ms = out->posts[0].published_ms;
	out->day_only = out->posts[0].day_only;
}

static float apply(const struct extract *x, const struct engine *rule, const struct select_page *asked, struct extraction *out,
	size_t *bytes)
{
	struct engine_page p = { .x = x, .rule = rule, .asked = asked };
	struct tally t = { 0 };
	*out = (struct extraction){ .published_ms = -1 };
	mark_page(&p);
	out->posts = arena_list(x->a, struct extract_post, p.nposts + 1);
	for (size_t i = 0; i < p.nposts; i++) {
		struct extract_post *post = &out->posts[out->nposts];
		const bool has_body = engine_post(&p, p.post[i], post);
		if (i == 0 && has_body)
			read_start(&p, post);
		t.seen += has_body || post->author.n != 0;
		if (!has_body || !is_post(&p, post))
			continue;
		out->nposts++;
		t.texts++;
		t.names += post->author.n != 0;
		t.dates += post->published_ms >= 0;
		t.bytes += structured_bytes(x, post->text);
	}
	engine_dates(x, out->posts, out->nposts);
	read_page(&p, out);
	*bytes = t.bytes;
	/* Comments are what the page is about only when they outweigh what they stand under. */
	const bool is_outweighed = rule->kind != ENGINE_THREAD && t.bytes * 2 < structured_prose(x);
	const bool is_vague = rule->kind != ENGINE_THREAD && (t.names * 2 < t.texts || t.dates * 2 < t.texts);
	if (is_outweighed || is_vague || (rule->kind == ENGINE_ENTRIES && out->nposts < 2))
		return confidence(&t) / 3;
	/* A few words without writers or times on a page that says ten times as much: something else bears the marks. */
	const bool is_known = t.names == t.texts && t.dates == t.texts;
	if (!is_known && t.bytes * 10 < structured_prose(x))
		return confidence(&t) / 2;
	return confidence(&t);
}

float engine_apply(const struct extract *x, const struct engine *rule, struct extraction *out)
{
	size_t bytes = 0, climbed = 0;
	return apply(x, rule, &(struct select_page){ .dom = x->dom, .climbed = &climbed }, out, &bytes);
}

/* Marks that many kinds of pages bear give way to those of an engine. */
static bool is_better(const struct engine *a, float sure, size_t bytes, const struct engine *best, float most_sure, size_t most)
{
	const bool a_entries = a->kind == ENGINE_ENTRIES, b_entries = best != NULL && best->kind == ENGINE_ENTRIES;
	if (best != NULL && a_entries != b_entries && sure >= 0.5f && most_sure >= 0.5f)
		return b_entries;
	return sure > most_sure - 0.01f && (sure >= most_sure + 0.01f || bytes > most);
}

float engine_read(const struct extract *x, const struct engine_book *rules, struct extraction *out)
{
	bool *found = arena_list(x->a, bool, rules->n + 1);
	const struct engine *rule = NULL;
	float best = 0;
	size_t most = 0, climbed = 0, tried = 0;
	struct select_page asked = { .dom = x->dom, .climbed = &climbed };
	if (engine_recognise(x->a, rules, &asked, found) == 0)
		return 0;
	for (size_t i = 0; i < rules->n; i++) {
		struct extraction one;
		size_t bytes = 0;
		if (!found[i] || tried++ >= LIMIT_ENGINES_TRIED)
			continue;
		const float sure = apply(x, &rules->engine[i], &asked, &one, &bytes);
		if (!is_better(&rules->engine[i], sure, bytes, rule, best, most))
			continue;
		*out = one;
		rule = &rules->engine[i];
		best = sure;
		most = bytes;
	}
	return best;
}

float extract_engine(const struct extract *x, struct extraction *out)
{
	return engine_read(x, engine_builtin(), out);
}
