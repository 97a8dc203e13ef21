/* Tokens, sentences and paragraphs of a field, made when a query first asks for them. */
#include "common/text/query_work.h"

#include "common/base/utf8.h"

#include <string.h>

/* ---- tokens ---- */

static void tokens_make(struct query_work *w, enum post_field field)
{
	const struct norm *n = scanned_norm(w->a, w->s, field);
	struct query_tokens *t = &w->tokens[field];
	t->is_made = true;
	t->from = arena_list(w->a, uint32_t, n->text.n + 1);
	t->to = arena_list(w->a, uint32_t, n->text.n + 1);
	bool in_word = false;
	for (size_t at = 0; at < n->text.n;) {
		const size_t begin = at;
		const uint32_t cp = utf8_next(n->text, &at);
		const bool is_word = utf8_is_word(cp);
		if (!query_is_word_character(cp)) {
			in_word = false;
			continue;
		}
		if (!is_word || !in_word) {
			t->from[t->n] = n->origin[begin];
			t->n++;
		}
		t->to[t->n - 1] = n->origin_end[at - 1];
		in_word = is_word;
	}
}

/* How many of the sorted numbers are below `limit`. */
static uint32_t count_below(const uint32_t *list, size_t n, uint32_t limit)
{
	size_t low = 0, high = n;
	while (low < high) {
		const size_t middle = (low + high) / 2;
		if (list[middle] < limit)
			low = middle + 1;
		else
			high = middle;
	}
	return (uint32_t)low;
}

static const struct query_tokens *tokens_of(struct query_work *w, enum post_field field)
{
	if (!w->tokens[field].is_made)
		tokens_make(w, field);
	return &w->tokens[field];
}

uint32_t work_tokens_before(struct query_work *w, enum post_field field, uint32_t at)
{
	const struct query_tokens *t = tokens_of(w, field);
	return count_below(t->to, t->n, at + 1);
}

uint32_t work_tokens_until(struct query_work *w, enum post_field field, uint32_t at)
{
	const struct query_tokens *t = tokens_of(w, field);
	return count_below(t->from, t->n, at);
}

/* ---- sentences and paragraphs ---- */

static bool is_line_end(uint32_t cp)
{
	return cp == '\n' || cp == '\r' || cp == 0x85 || cp == 0x2028 || cp == 0x2029;
}

static bool is_full_stop(uint32_t cp)
{
	return cp == 0x3002 || cp == 0xFF61 || cp == '!' || cp == 0xFF01 || cp == '?' || cp == 0xFF1F || cp == 0x2026;
}

/* Closing quotes and brackets belong to the sentence they close. */
static bool is_closer(uint32_t cp)
{
	return cp == '"' || cp == '\'' || cp == ')' || cp == 0xFF09 || cp == 0x201D || cp == 0x2019 || cp == 0x300D ||
	       cp == 0x300F || cp == 0x3011;
}

static bool is_title_word(struct str word)
{
	static const char *const words[] = { "mr", "mrs", "ms", "dr", "st", "vs", "no", "jr", "sr", "prof" };
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_ieq(word, str_of(words[i])))
			return true;
	return false;
}

/* A dot ends a sentence when a blank follows, unless the word in front is an initial or a title, or the next one is small. */
static bool is_dot_end(struct str text, size_t dot)
{
	size_t from = dot, next = dot + 1;
	while (from > 0 && ((text.p[from - 1] | 0x20) >= 'a' && (text.p[from - 1] | 0x20) <= 'z'))
		from--;
	if (dot - from == 1 || is_title_word((struct str){ text.p + from, dot - from }))
		return false;
	if (next < text.n && strchr("\"')", text.p[next]))
		next++;
	if (next >= text.n)
		return true;
	if (text.p[next] != ' ' && text.p[next] != '\t' && !is_line_end((unsigned char)text.p[next]))
		return false;
	while (next < text.n && text.p[next] == ' ')
		next++;
	return next >= text.n || text.p[next] < 'a' || text.p[next] > 'z';
}

static bool ends_unit(struct str text, size_t at, uint32_t cp, enum query_scope scope)
{
	if (is_line_end(cp))
		return true;
	return scope == SCOPE_SENTENCE && (is_full_stop(cp) || (cp == '.' && is_dot_end(text, at)));
}

static void units_make(struct query_work *w, enum post_field field, enum query_scope scope)
{
	const struct str text = w->s->original[field];
	struct query_units *u = &w->units[field][scope];
	uint32_t place = 0;
	bool has_ended = true; /* the next character begins a unit, unless it closes the last one */
	u->is_made = true;
	u->at = arena_list(w->a, uint32_t, text.n + 2);
	for (size_t at = 0; at < text.n; place++) {
		const size_t begin = at;
		const uint32_t cp = utf8_next(text, &at);
		const bool ends = ends_unit(text, begin, cp, scope);
		if (has_ended && (place == 0 || !(ends || is_closer(cp)))) {
			u->at[u->n++] = place;
			has_ended = false;
		}
		has_ended = has_ended || ends;
	}
	u->at[u->n] = place;
}

const struct query_units *work_units(struct query_work *w, enum post_field field, enum query_scope scope)
{
	if (!w->units[field][scope].is_made)
		units_make(w, field, scope);
	return &w->units[field][scope];
}

struct query_view units_view(const struct query_units *u, enum post_field field, uint32_t at)
{
	const uint32_t unit = count_below(u->at, u->n, at + 1);
	return (struct query_view){ 1u << field, unit ? u->at[unit - 1] : 0, unit ? u->at[unit] : 0 };
}
