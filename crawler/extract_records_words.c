/* What class names, ids and addresses on a page say about the part they stand at: the word tables of the records reader. */
#include "crawler/extract_records.h"

#include <ctype.h>
#include <string.h>

/* ---- tokens ---- */

/* Tokens that say in which state a record is, or where in the list; they differ between records of one list. */
static const char *const state_words[] = { "odd", "even", "first", "last", "alt", "bg", "row", "active", "current", "selected",
	"new", "unread", "read", "hot", "sticky", "online", "offline", "highlight", "highlighted", "own", "op", "author", "best",
	"accepted", "is", "has-profile", "bypostauthor", "byuser", "parent", "alternate", "clearfix", "cl", "fix", "lead",
	"starter", "admin", "moderator", "staff", "guest", "registered", "depth", "level", "thread-odd", "thread-even",
	"thread-alt", "has-children", "topic-starter", "firstpost", "lastpost", NULL };

static const char *const user_words[] = { "author", "username", "nickname", "nick", "poster", "user", "member", "byline", "fn",
	"userinfo", "uname", "postedby", "reviewer", "commenter", NULL };

static const char *const quote_words[] = { "quote", "quotation", "quoted", "citation", "zitat", "blockquote", "quotebox",
	"quotecontent", "replyquote", "bbquote", "refer", NULL };

static const char *const signature_words[] = { "signature", "sig", "sign", "postsig", "usersig", "signatur", "postsignature",
	"messagesignature", "signaturecontainer", NULL };

/* What stands with a body and is none of its author's words: attached files, notes of editing, buttons. */
static const char *const tool_words[] = { "attachment", "attachments", "attachlist", "attach", "lastedit", "lastedited",
	"editedby", "postedit", "edited", "pstatus", "actions", "buttons", "toolbar", "controls", "reactions", "sharing",
	"dropdown", NULL };

/* Records of these names are what people wrote, even where their titles lead to other pages. */
static const char *const voice_words[] = { "comment", "comments", "reply", "replies", "review", "reviews", "answer", "complaint",
	"complaints", "tousu", "feedback", "rating", "testimonial", "question", "opinion", "floor", "pinglun", "huifu",
	"dianping", NULL };

static const char *const post_words[] = { "post", "posts", "message", "msg", "thread", "topic", "discussion", "blockpost",
	"plhin", "pl", "postbit", "postcontainer", NULL };

static bool is_in(const char *const *words, struct str s)
{
	for (; *words; words++)
		if (str_ieq(s, str_of(*words)))
			return true;
	return false;
}

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

/* A token without what numbers it: "comment-123" and "depth-2" lose their tails. */
static struct str token_clean(struct str token)
{
	size_t n = 0;

	while (n < token.n && !isdigit((unsigned char)token.p[n]))
		n++;
	if (n < token.n && n < 2) /* nothing much before the digits: they may be a size (h1) or a hash */
		return (struct str){ 0 };
	token = str_first(token, n);
	while (token.n && (token.p[token.n - 1] == '-' || token.p[token.n - 1] == '_'))
		token.n--;
	return is_in(state_words, token) ? (struct str){ 0 } : token;
}

/* Words inside a token: "post-author", "postAuthor" and "post_author" have two. */
static bool word_next(struct str *rest, struct str *word)
{
	size_t n = 0;

	while (rest->n && !isalnum((unsigned char)rest->p[0]))
		*rest = str_from(*rest, 1);
	while (n < rest->n && isalnum((unsigned char)rest->p[n]) &&
		(n == 0 || !isupper((unsigned char)rest->p[n]) || isupper((unsigned char)rest->p[n - 1])))
		n++;
	*word = str_first(*rest, n);
	*rest = str_from(*rest, n);
	return n > 0;
}

/* Does one of the class tokens (or the id) hold one of the words, at its end when `last`? */
static bool names_say(struct str names, const char *const *words, bool last)
{
	struct str token;

	while (token_next(&names, &token)) {
		struct str rest = token, word = { 0 }, found = { 0 };

		if (is_in(words, token))
			return true;
		while (word_next(&rest, &word)) {
			if (!last && is_in(words, word))
				return true;
			found = word;
		}
		if (last && is_in(words, found))
			return true;
	}
	return false;
}

/* ---- signatures ---- */

static uint64_t hash_mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9E3779B97F4A7C15ull;
	return h ^ (h >> 29);
}

/* "post123" is a class in all but name: the part before the number, when there is a number. */
static struct str id_prefix(struct str id)
{
	size_t n = 0;

	while (n < id.n && !isdigit((unsigned char)id.p[n]))
		n++;
	return n < id.n && n >= 2 && n <= 32 ? str_first(id, n) : (struct str){ 0 };
}

static uint32_t column_of(const struct dom *d, uint32_t node)
{
	uint32_t n = 0;

	for (; node && n < 8; n++)
		node = d->node[node].previous;
	return n;
}

uint64_t records_signature(const struct dom *d, uint32_t node, uint64_t above, bool lead)
{
	const struct dom_node *e = &d->node[node];
	const struct str id = id_prefix(dom_attribute(d, node, "id"));
	struct str names = dom_attribute(d, node, "class"), token;
	uint64_t h = hash_mix(0x1234567, str_hash(e->name)), sum = 0;

	if (id.n)
		sum += hash_mix(7, str_hash(id));
	while ((!lead || !sum) && token_next(&names, &token)) {
		token = token_clean(token);
		if (token.n)
			sum += hash_mix(3, str_hash(token)); /* a sum: the order of tokens means nothing */
	}
	if (sum)
		return hash_mix(h, sum) | 1;
	if (e->tag == TAG_P && e->parent && d->node[e->parent].tag == TAG_P)
		return above; /* unclosed paragraphs nest in some trees */
	if (e->tag == TAG_TD || e->tag == TAG_TH)
		h = hash_mix(h, column_of(d, node));
	return hash_mix(h, above) | 1;
}

/* ---- questions ---- */

bool records_is_tool(const struct dom *d, uint32_t node)
{
	return names_say(dom_attribute(d, node, "class"), tool_words, true);
}

bool records_is_voice(const struct dom *d, uint32_t node)
{
	return names_say(dom_attribute(d, node, "class"), voice_words, false) ||
	       names_say(id_prefix(dom_attribute(d, node, "id")), voice_words, false);
}

bool records_is_post(const struct dom *d, uint32_t node)
{
	return records_is_voice(d, node) || names_say(dom_attribute(d, node, "class"), post_words, false) ||
	       names_say(id_prefix(dom_attribute(d, node, "id")), post_words, false);
}

bool records_is_user_class(const struct dom *d, uint32_t node)
{
	static const char *const properties[] = { "author", "creator", "name", NULL };

	return names_say(dom_attribute(d, node, "class"), user_words, false) ||
	       is_in(properties, str_trim(dom_attribute(d, node, "itemprop"))) ||
	       str_ieq(dom_attribute(d, node, "rel"), STR("author"));
}

bool records_is_quote(const struct dom *d, uint32_t node)
{
	return d->node[node].tag == TAG_BLOCKQUOTE || names_say(dom_attribute(d, node, "class"), quote_words, false);
}

bool records_is_signature(const struct dom *d, uint32_t node)
{
	return names_say(dom_attribute(d, node, "class"), signature_words, false) ||
	       names_say(dom_attribute(d, node, "id"), signature_words, false);
}

static bool has_part(struct str s, const char *const *parts)
{
	for (; *parts; parts++) {
		const struct str part = str_of(*parts);

		for (size_t i = 0; i + part.n <= s.n; i++)
			if (str_ieq((struct str){ s.p + i, part.n }, part))
				return true;
	}
	return false;
}

bool records_is_user_address(struct str href)
{
	static const char *const parts[] = { "/user", "/u/", "member", "profile", "/people/", "/author", "uid=", "uid-", "userid",
		"mod=space", "space-u", "/@", "user_info", "showuser", "user=", "/usuario", "/benutzer", "/mitglied",
		"/utilisateur", "u_id=", "/home/main", "/space/", "personal_page", "/personals/", "/customers/", "/account/",
		"/reviewer", NULL };

	return href.n && href.n < 400 && has_part(href, parts) && !records_is_action(href);
}

bool records_is_action(struct str href)
{
	static const char *const parts[] = { "reply", "quote", "report", "login", "register", "signin", "signup", "posting.php",
		"newreply", "vote", "javascript:", "mailto:", "do=add", "action=post", "sharer", "intent/", "#respond",
		"private.php", "sendmessage", "memberlist.php?mode=search", NULL };

	return has_part(href, parts);
}

bool records_is_hidden(const struct dom *d, uint32_t node)
{
	static const bool is_unseen[TAG__N] = { [TAG_SCRIPT] = true,
		[TAG_STYLE] = true,
		[TAG_TEMPLATE] = true,
		[TAG_HEAD] = true,
		[TAG_SELECT] = true,
		[TAG_TEXTAREA] = true,
		[TAG_SVG] = true,
		[TAG_IFRAME] = true,
		[TAG_BUTTON] = true,
		[TAG_CANVAS] = true,
		[TAG_DIALOG] = true };
	struct str style;

	if (is_unseen[d->node[node].tag] || dom_has_attribute(d, node, "hidden"))
		return true;
	style = dom_attribute(d, node, "style");
	for (size_t i = 0; i + 12 <= style.n; i++)
		if (str_istarts(str_from(style, i), STR("display:none")) || str_istarts(str_from(style, i), STR("display: none")))
			return true;
	return false;
}
