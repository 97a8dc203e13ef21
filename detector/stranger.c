/* Finds Chinese names of firms that no list knows, by their place, their ends and their rarity. */
#include "detector/stranger.h"

#include "common/base/utf8.h"
#include "common/text/weights.h"
#include "common/text/words.h"

#define HAN_BYTES 3u
#define CORE_LEAST 2u /* characters of a name, without what the firm does … */
#define CORE_MOST 3u
#define LEAD_MOST 4u
#define RARE 58 /* two characters that are rarer than this are no word of reviews and posts */
#define RARE_THREE 64
#define SEARCHED_BYTES 900u

enum certainty { NO, MAYBE, SURE };

static const char closed[] = ""
#define CLOSED(characters) characters
#define LEAD(word, kind)
#define TRADE(word)
#define FOLLOW(word)
#include "detector/stranger.def"
#undef CLOSED
#undef LEAD
	;

static const struct {
	const char *word;
	enum certainty kind;
} leads[] = {
#define CLOSED(characters)
#define LEAD(word, kind) { word, kind },
#include "detector/stranger.def"
#undef LEAD
#undef TRADE
};

static const char *const trades[] = {
#define LEAD(word, kind)
#define TRADE(word) word,
#include "detector/stranger.def"
#undef TRADE
#undef FOLLOW
};

static const char *const follows[] = {
#define TRADE(word)
#define FOLLOW(word) word,
#include "detector/stranger.def"
#undef CLOSED
#undef LEAD
#undef TRADE
#undef FOLLOW
};

struct search {
	const struct reading *r;
	struct words *words;
	struct str text;
	enum post_field field;
};

static size_t starts_any(struct str text, const char *const *word, size_t n)
{
	size_t longest = 0;
	for (size_t i = 0; i < n; i++) {
		const size_t bytes = str_starts_word(text, word[i]);
		longest = bytes > longest ? bytes : longest;
	}
	return longest;
}

static size_t trade_at(struct str text)
{
	return starts_any(text, trades, sizeof(trades) / sizeof(trades[0]));
}

static bool is_han_at(struct str text, size_t at)
{
	return at < text.n && utf8_is_plain_three(text, at) && utf8_is_han(utf8_next(text, &at));
}

static bool is_closed(struct str text, size_t at)
{
	return str_find((struct str){ closed, sizeof(closed) - 1 }, (struct str){ text.p + at, HAN_BYTES }) >= 0;
}

/* Open characters in a row from `at` on, `most` of them at most. */
static size_t open_run(struct str text, size_t at, size_t most)
{
	size_t n = 0;
	while (n < most && is_han_at(text, at + n * HAN_BYTES) && !is_closed(text, at + n * HAN_BYTES))
		n++;
	return n;
}

static bool opens_clause(struct str text, size_t at)
{
	return at == 0 || !is_han_at(text, at - HAN_BYTES);
}

/* How much the place speaks for a name: the longest lead in front of it, or the start of a clause. */
static enum certainty place_certainty(struct str text, size_t at)
{
	enum certainty best = opens_clause(text, at) ? MAYBE : NO;
	size_t longest = 0;
	const struct str left = str_first(text, at);
	for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++) {
		const size_t n = strlen(leads[i].word);
		if (n <= longest || !str_ends(left, str_of(leads[i].word)))
			continue;
		longest = n;
		best = leads[i].kind;
	}
	return best;
}

static bool is_rare(const struct search *s, size_t at, size_t n)
{
	const struct weights *w = s->r->book->weights;
	int rarest = 0;
	for (size_t i = 0; i + 1 < n; i++) {
		const int rarity = weights_rarity(w, (struct str){ s->text.p + at + i * HAN_BYTES, 2 * HAN_BYTES });
		rarest = rarity > rarest ? rarity : rarest;
	}
	if (n == 3 && weights_rarity(w, (struct str){ s->text.p + at, 3 * HAN_BYTES }) < RARE_THREE)
		return false;
	return rarest >= RARE;
}

/* The end that the brand's name has: 奶粉 of 贝乐奶粉. Empty where it is too short to have one. */
static struct str shared_end(const struct reading *r)
{
	const struct place *at = &r->mention[0].at;
	const struct str name = { reading_text(r, at->field).p + at->from, at->to - at->from };
	if (name.n < 4 * HAN_BYTES || !is_han_at(name, name.n - 2 * HAN_BYTES))
		return STR("");
	return str_from(name, name.n - 2 * HAN_BYTES);
}

static bool goes_on(struct str rest)
{
	return starts_any(rest, follows, sizeof(follows) / sizeof(follows[0])) > 0;
}

/* A core of n characters without the word for what the firm does: it must stand as a name does, and be no word. */
static bool is_bare_name(const struct search *s, size_t at, size_t n, enum certainty place)
{
	const size_t to = at + n * HAN_BYTES;
	const bool is_end = !is_han_at(s->text, to), opens = opens_clause(s->text, at);
	if (is_end ? opens && place != SURE : !goes_on(str_from(s->text, to)))
		return false;
	if (place != SURE && words_is_one(s->words, (struct str){ s->text.p + at, n * HAN_BYTES }))
		return false;
	return is_rare(s, at, n) && (opens || words_border(s->words, s->text, at)) &&
	       (is_end || words_border(s->words, s->text, to));
}

/* The bytes of a name that begins at `at`: a core, and what the firm does; 0 = none. */
static size_t name_bytes(const struct search *s, size_t at)
{
	const enum certainty place = place_certainty(s->text, at);
	const size_t room = place == NO ? 0 : open_run(s->text, at, CORE_MOST);
	for (size_t n = room; n >= CORE_LEAST; n--) {
		const size_t trade = trade_at(str_from(s->text, at + n * HAN_BYTES));
		if (trade > 0 && is_rare(s, at, n) && words_border(s->words, s->text, at))
			return n * HAN_BYTES + trade;
		if (is_bare_name(s, at, n, place))
			return n * HAN_BYTES;
	}
	return 0;
}

static bool is_brand(const struct reading *r, struct place at)
{
	for (size_t i = 0; i < r->nmentions; i++)
		if (r->mention[i].at.field == at.field && at.from < r->mention[i].at.to && r->mention[i].at.from < at.to)
			return true;
	return false;
}

/* Where a core begins that ends at `to`: behind what may stand in front of a name. */
static size_t core_start(struct str text, size_t to)
{
	size_t at = to, n = 0;
	while (n < CORE_MOST && at >= HAN_BYTES && is_han_at(text, at - HAN_BYTES) && !is_closed(text, at - HAN_BYTES)) {
		if (n >= CORE_LEAST && place_certainty(text, at) != NO)
			break;
		at -= HAN_BYTES;
		n++;
	}
	return at;
}

/* Other names that end as the brand's does. */
static void ends_search(const struct search *s, rival_add *add, void *into)
{
	const struct str end = shared_end(s->r);
	for (size_t from = 0; end.n > 0 && from < s->text.n;) {
		const ptrdiff_t hit = str_find(str_from(s->text, from), end);
		if (hit < 0)
			return;
		const size_t at = from + (size_t)hit, start = core_start(s->text, at);
		const struct place place = { s->field, (uint32_t)start, (uint32_t)(at + end.n) };
		if (at - start >= CORE_LEAST * HAN_BYTES && !is_brand(s->r, place))
			add(into, place);
		from = at + end.n;
	}
}

static void places_search(const struct search *s, rival_add *add, void *into)
{
	for (size_t at = 0; at + CORE_LEAST * HAN_BYTES <= s->text.n;) {
		const size_t n = is_han_at(s->text, at) ? name_bytes(s, at) : 0;
		const struct place place = { s->field, (uint32_t)at, (uint32_t)(at + n) };
		const bool is_name = n > 0 && !is_brand(s->r, place);
		if (is_name)
			add(into, place);
		at += is_name ? n : is_han_at(s->text, at) ? HAN_BYTES : 1;
	}
}

void strangers_find(const struct reading *r, rival_add *add, void *into)
{
	struct search s = { .r = r, .words = words_shared() };
	if (!s.words || !r->book->weights || r->nmentions == 0)
		return;
	for (int field = 0; field < POST_FIELD__N; field++) {
		s.field = (enum post_field)field;
		s.text = str_first(reading_text(r, s.field), SEARCHED_BYTES);
		ends_search(&s, add, into);
		places_search(&s, add, into);
	}
}
