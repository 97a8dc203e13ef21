/* What class names and ids on a page say about the part they stand at: the word table of the records reader. */
#include "crawler/extract_records.h"

#include <ctype.h>
#include <string.h>

#define WORD_BYTES 24 /* longer words are in no table */

/* Not a flag of a node: a token that says in which state a record is, or where in the list. Records of one list differ in them. */
#define STATE 0x8000

struct word {
	struct str word;
	uint16_t says; /* of enum records_flag, STATE */
};

#define W(literal, bits)                                                                                                         \
	{                                                                                                                        \
		{ literal, sizeof(literal) - 1 }, bits                                                                           \
	}

/* Grouped by what they say; in lower case, looked up by first letter and length. */
static const struct word words[] = {
	W("author", RECORDS_USER | STATE),
	W("username", RECORDS_USER),
	W("nickname", RECORDS_USER),
	W("nick", RECORDS_USER),
	W("poster", RECORDS_USER),
	W("user", RECORDS_USER),
	W("member", RECORDS_USER),
	W("byline", RECORDS_USER),
	W("fn", RECORDS_USER),
	W("userinfo", RECORDS_USER),
	W("uname", RECORDS_USER),
	W("postedby", RECORDS_USER),
	W("reviewer", RECORDS_USER),
	W("commenter", RECORDS_USER),
	/* somebody else's words */
	W("quote", RECORDS_QUOTE),
	W("quotation", RECORDS_QUOTE),
	W("quoted", RECORDS_QUOTE),
	W("citation", RECORDS_QUOTE),
	W("zitat", RECORDS_QUOTE),
	W("blockquote", RECORDS_QUOTE),
	W("quotebox", RECORDS_QUOTE),
	W("quotecontent", RECORDS_QUOTE),
	W("replyquote", RECORDS_QUOTE),
	W("bbquote", RECORDS_QUOTE),
	W("refer", RECORDS_QUOTE),
	/* what a person puts under everything */
	W("signature", RECORDS_SIGNATURE),
	W("sig", RECORDS_SIGNATURE),
	W("sign", RECORDS_SIGNATURE),
	W("postsig", RECORDS_SIGNATURE),
	W("usersig", RECORDS_SIGNATURE),
	W("signatur", RECORDS_SIGNATURE),
	W("postsignature", RECORDS_SIGNATURE),
	W("messagesignature", RECORDS_SIGNATURE),
	W("signaturecontainer", RECORDS_SIGNATURE),
	/* what stands with a body and is none of its author's words: attached files, notes of editing, buttons */
	W("attachment", RECORDS_TOOL),
	W("attachments", RECORDS_TOOL),
	W("attachlist", RECORDS_TOOL),
	W("attach", RECORDS_TOOL),
	W("lastedit", RECORDS_TOOL),
	W("lastedited", RECORDS_TOOL),
	W("editedby", RECORDS_TOOL),
	W("postedit", RECORDS_TOOL),
	W("edited", RECORDS_TOOL),
	W("pstatus", RECORDS_TOOL),
	W("actions", RECORDS_TOOL),
	W("buttons", RECORDS_TOOL),
	W("toolbar", RECORDS_TOOL),
	W("controls", RECORDS_TOOL),
	W("reactions", RECORDS_TOOL),
	W("sharing", RECORDS_TOOL),
	W("dropdown", RECORDS_TOOL),
	/* what people wrote, even where its titles lead to other pages */
	W("comment", RECORDS_POST | RECORDS_VOICE),
	W("comments", RECORDS_POST | RECORDS_VOICE),
	W("reply", RECORDS_POST | RECORDS_VOICE),
	W("replies", RECORDS_POST | RECORDS_VOICE),
	W("review", RECORDS_POST | RECORDS_VOICE),
	W("reviews", RECORDS_POST | RECORDS_VOICE),
	W("answer", RECORDS_POST | RECORDS_VOICE),
	W("complaint", RECORDS_POST | RECORDS_VOICE),
	W("complaints", RECORDS_POST | RECORDS_VOICE),
	W("tousu", RECORDS_POST | RECORDS_VOICE),
	W("feedback", RECORDS_POST | RECORDS_VOICE),
	W("rating", RECORDS_POST | RECORDS_VOICE),
	W("testimonial", RECORDS_POST | RECORDS_VOICE),
	W("question", RECORDS_POST | RECORDS_VOICE),
	W("opinion", RECORDS_POST | RECORDS_VOICE),
	W("floor", RECORDS_POST | RECORDS_VOICE),
	W("pinglun", RECORDS_POST | RECORDS_VOICE),
	W("huifu", RECORDS_POST | RECORDS_VOICE),
	W("dianping", RECORDS_POST | RECORDS_VOICE),
	/* posts of a thread, but of a blog as well */
	W("post", RECORDS_POST),
	W("posts", RECORDS_POST),
	W("message", RECORDS_POST),
	W("msg", RECORDS_POST),
	W("thread", RECORDS_POST),
	W("topic", RECORDS_POST),
	W("discussion", RECORDS_POST),
	W("blockpost", RECORDS_POST),
	W("plhin", RECORDS_POST),
	W("pl", RECORDS_POST),
	W("postbit", RECORDS_POST),
	W("postcontainer", RECORDS_POST),
	/* states and places in the list */
	W("odd", STATE),
	W("even", STATE),
	W("first", STATE),
	W("last", STATE),
	W("alt", STATE),
	W("bg", STATE),
	W("row", STATE),
	W("active", STATE),
	W("current", STATE),
	W("selected", STATE),
	W("new", STATE),
	W("unread", STATE),
	W("read", STATE),
	W("hot", STATE),
	W("sticky", STATE),
	W("online", STATE),
	W("offline", STATE),
	W("highlight", STATE),
	W("highlighted", STATE),
	W("own", STATE),
	W("op", STATE),
	W("best", STATE),
	W("accepted", STATE),
	W("is", STATE),
	W("has-profile", STATE),
	W("bypostauthor", STATE),
	W("byuser", STATE),
	W("parent", STATE),
	W("alternate", STATE),
	W("clearfix", STATE),
	W("cl", STATE),
	W("fix", STATE),
	W("lead", STATE),
	W("starter", STATE),
	W("admin", STATE),
	W("moderator", STATE),
	W("staff", STATE),
	W("guest", STATE),
	W("registered", STATE),
	W("depth", STATE),
	W("level", STATE),
	W("thread-odd", STATE),
	W("thread-even", STATE),
	W("thread-alt", STATE),
	W("has-children", STATE),
	W("topic-starter", STATE),
	W("firstpost", STATE),
	W("lastpost", STATE),
};

#define NWORDS (sizeof(words) / sizeof(*words))

/* 1 + word: those that begin with a letter, one behind the other; 0 = none. */
struct word_index {
	uint8_t first[26], next[NWORDS];
	bool is_made;
};
_Static_assert(NWORDS < UINT8_MAX, "the index counts in bytes");

static const struct word_index *word_index(void)
{
	static struct word_index index;

	for (size_t i = NWORDS; i-- > 0 && !index.is_made;) {
		uint8_t *first = &index.first[words[i].word.p[0] - 'a'];

		index.next[i] = *first;
		*first = (uint8_t)(i + 1);
	}
	index.is_made = true;
	return &index;
}

static uint16_t word_says(struct str s)
{
	const unsigned letter = s.n > 0 ? (unsigned)((s.p[0] | 0x20) - 'a') : 26;
	const struct word_index *index = word_index();

	if (s.n < 2 || s.n > WORD_BYTES || letter >= 26)
		return 0;
	for (size_t i = index->first[letter]; i != 0; i = index->next[i - 1])
		if (words[i - 1].word.n == s.n && str_ieq(words[i - 1].word, s))
			return words[i - 1].says;
	return 0;
}

/* ---- tokens and words ---- */

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* The next white-space separated token; false at the end. */
static bool token_next(struct str *rest, struct str *token)
{
	size_t n = 0;

	while (rest->n && is_space(rest->p[0]))
		*rest = str_from(*rest, 1);
	while (n < rest->n && !is_space(rest->p[n]))
		n++;
	*token = str_first(*rest, n);
	*rest = str_from(*rest, n);
	return n > 0;
}

/* A token without what numbers it: "comment-123" and "depth-2" lose their tails. "" for states. */
static struct str token_clean(struct str token)
{
	size_t n = 0;

	while (n < token.n && !records_is_digit(token.p[n]))
		n++;
	if (n < token.n && n < 2) /* nothing much before the digits: they may be a size (h1) or a hash */
		return (struct str){ 0 };
	token = str_first(token, n);
	while (token.n && (token.p[token.n - 1] == '-' || token.p[token.n - 1] == '_'))
		token.n--;
	return word_says(token) & STATE ? (struct str){ 0 } : token;
}

static bool word_goes_on(struct str s, size_t n)
{
	const unsigned char c = (unsigned char)s.p[n];

	return isalnum(c) && (n == 0 || !isupper(c) || isupper((unsigned char)s.p[n - 1]));
}

/* Words inside a token: "post-author", "postAuthor" and "post_author" have two. */
static bool word_next(struct str *rest, struct str *word)
{
	size_t n = 0;

	while (rest->n && !isalnum((unsigned char)rest->p[0]))
		*rest = str_from(*rest, 1);
	while (n < rest->n && word_goes_on(*rest, n))
		n++;
	*word = str_first(*rest, n);
	*rest = str_from(*rest, n);
	return n > 0;
}

/* What a token says as a whole, and its words; of tools only the last word counts ("toolbar-post" is a post). */
static uint16_t token_says(struct str token)
{
	uint16_t says = word_says(token), last = 0;
	struct str word;

	while (word_next(&token, &word)) {
		last = word_says(word);
		says |= last & (uint16_t)~RECORDS_TOOL;
	}
	return (says | (last & RECORDS_TOOL)) & (uint16_t)~STATE;
}

static uint16_t names_say(struct str names)
{
	uint16_t says = 0;
	struct str token;

	while (token_next(&names, &token))
		says |= token_says(token);
	return says;
}

/* "post123" is a class in all but name: the part before the number, when there is a number. */
static struct str id_prefix(struct str id)
{
	size_t n = 0;

	while (n < id.n && !records_is_digit(id.p[n]))
		n++;
	return n < id.n && n >= 2 && n <= 32 ? str_first(id, n) : (struct str){ 0 };
}

/* ---- a class attribute, read once ---- */

static uint64_t hash_mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9E3779B97F4A7C15ull;
	return h ^ (h >> 29);
}

struct record_class {
	uint64_t key; /* hash of the attribute as written */
	uint64_t full, lead; /* of all tokens (a sum: their order means nothing), of the first; 0 = none is left */
	uint16_t says;
};

struct records_words {
	struct record_class *slot;
	size_t n, room; /* room: a power of two, at most LIMIT_RECORDS_CLASSES */
};

/* A page has as many distinct classes as elements, at most. */
struct records_words *records_words_new(struct arena *a, size_t nnodes)
{
	struct records_words *w = arena_new(a, struct records_words);

	for (w->room = 64; w->room < nnodes && w->room < LIMIT_RECORDS_CLASSES;)
		w->room *= 2;
	w->slot = arena_list(a, struct record_class, w->room);
	return w;
}

static struct record_class class_read(struct str names)
{
	struct record_class c = { .says = names_say(names) };
	struct str token;

	while (token_next(&names, &token)) {
		token = token_clean(token);
		if (!token.n)
			continue;
		c.full += hash_mix(3, str_hash(token));
		if (!c.lead)
			c.lead = c.full;
	}
	return c;
}

static struct record_class class_of(struct records_words *w, struct str names)
{
	const uint64_t key = str_hash(names) | 1;
	size_t i = (size_t)(key >> 11) & (w->room - 1);
	struct record_class read;

	if (!names.n)
		return (struct record_class){ 0 };
	while (w->slot[i].key && w->slot[i].key != key)
		i = (i + 1) & (w->room - 1);
	if (w->slot[i].key)
		return w->slot[i];
	read = class_read(names);
	read.key = key;
	if (w->n < w->room / 2) {
		w->slot[i] = read;
		w->n++;
	}
	return read;
}

static uint32_t column_of(const struct dom *d, uint32_t node)
{
	uint32_t n = 0;

	for (; node && n < 8; n++)
		node = d->node[node].previous;
	return n;
}

static uint64_t signature_of(const struct dom *d, uint32_t node, uint64_t names, uint64_t above)
{
	const struct dom_node *e = &d->node[node];
	uint64_t h = hash_mix(0x1234567, str_hash(e->name));

	if (names)
		return hash_mix(h, names) | 1;
	if (e->tag == TAG_P && e->parent && d->node[e->parent].tag == TAG_P)
		return above; /* unclosed paragraphs nest in some trees */
	if (e->tag == TAG_TD || e->tag == TAG_TH)
		h = hash_mix(h, column_of(d, node));
	return hash_mix(h, above) | 1;
}

static uint16_t properties_say(const struct dom *d, uint32_t node)
{
	uint16_t says = d->node[node].tag == TAG_BLOCKQUOTE ? RECORDS_QUOTE : 0;

	for (uint32_t i = 0; i < d->node[node].nattributes; i++) {
		const struct dom_attribute *a = &d->attribute[d->node[node].attribute + i];
		const bool is_property = str_eq(a->name, STR("itemprop"));

		if ((is_property || str_eq(a->name, STR("rel"))) && str_ieq(str_trim(a->value), STR("author")))
			says |= RECORDS_USER;
		if (is_property && (str_ieq(a->value, STR("creator")) || str_ieq(a->value, STR("name"))))
			says |= RECORDS_USER;
	}
	return says;
}

uint16_t records_read_words(const struct records_marks *m, uint32_t node, uint64_t *full, uint64_t *lead)
{
	const struct dom *d = m->d;
	const uint32_t parent = d->node[node].parent;
	const struct record_class c = class_of(m->words, dom_attribute(d, node, "class"));
	const struct str id = dom_attribute(d, node, "id"), prefix = id_prefix(id);
	const uint64_t id_hash = prefix.n ? hash_mix(7, str_hash(prefix)) : 0;
	uint16_t says = c.says | properties_say(d, node);

	*full = signature_of(d, node, c.full + id_hash, m->full[parent]);
	*lead = signature_of(d, node, id_hash ? id_hash : c.lead, m->lead[parent]);
	if (id.n)
		says |= names_say(prefix.n ? prefix : id) & (RECORDS_SIGNATURE | (prefix.n ? RECORDS_POST | RECORDS_VOICE : 0));
	return says;
}

/* ---- questions of the other readers ---- */

bool records_is_quote(const struct dom *d, uint32_t node)
{
	return d->node[node].tag == TAG_BLOCKQUOTE || names_say(dom_attribute(d, node, "class")) & RECORDS_QUOTE;
}

bool records_is_signature(const struct dom *d, uint32_t node)
{
	return (names_say(dom_attribute(d, node, "class")) | names_say(dom_attribute(d, node, "id"))) & RECORDS_SIGNATURE;
}
