/* Posts from microdata: elements with itemtype DiscussionForumPosting, Comment, Question, Answer, Review, and their properties. */
#include "crawler/extract_structured.h"

#include <earshot/limits.h>

#include "crawler/amount.h"
#include "crawler/extract_records.h"

static const char *const types[] = { "DiscussionForumPosting", "SocialMediaPosting", "Comment", "UserComments", "Question",
	"Answer", "Review", "UserReview" };

static bool is_scope(const struct dom *d, uint32_t node)
{
	return d->node[node].tag != TAG_TEXT && dom_has_attribute(d, node, "itemscope");
}

static bool is_post(const struct dom *d, uint32_t node)
{
	const struct str type = dom_attribute(d, node, "itemtype");
	for (size_t i = 0; type.n != 0 && i < sizeof types / sizeof *types; i++) {
		const struct str name = str_of(types[i]);
		if (str_ends(type, name) && (type.n == name.n || type.p[type.n - name.n - 1] == '/'))
			return true;
	}
	return false;
}

static bool has_word(struct str list, const char *word)
{
	struct str part;
	while (str_split(&list, ' ', &part))
		if (str_eqc(str_trim(part), word))
			return true;
	return false;
}

/* The first element of the item with this property; what belongs to items inside it is not its, the items themselves are. */
static uint32_t property(const struct dom *d, uint32_t item, const char *name)
{
	for (uint32_t n = item + 1; n < d->node[item].end; n++) {
		if (d->node[n].tag == TAG_TEXT)
			continue;
		if (has_word(dom_attribute(d, n, "itemprop"), name))
			return n;
		if (is_scope(d, n))
			n = d->node[n].end - 1;
	}
	return 0;
}

/* What the HTML standard calls the value of a property. */
static struct str value(const struct extract *x, uint32_t node)
{
	static const char *const attributes[] = { "content", "datetime", "href", "title" };
	const struct dom *d = x->dom;
	const size_t last = d->node[node].tag == TAG_A || d->node[node].tag == TAG_LINK ? 3 : 2;
	for (size_t i = 0; node != 0 && i < last; i++)
		if (dom_attribute(d, node, attributes[i]).n != 0)
			return str_trim(dom_attribute(d, node, attributes[i]));
	return node == 0 ? STR("") : str_trim(dom_text(x->a, d, node));
}

static struct str value_of(const struct extract *x, uint32_t item, const char *name)
{
	return value(x, property(x->dom, item, name));
}

struct leaving {
	const struct dom *d;
	uint32_t body;
	bool leaves_quotes;
};

static bool is_left_out(const void *context, uint32_t node)
{
	const struct leaving *l = context;
	if (node == l->body || l->d->node[node].tag == TAG_TEXT)
		return false;
	return is_post(l->d, node) || (l->leaves_quotes && (records_is_quote(l->d, node) || records_is_signature(l->d, node)));
}

static void read_text(const struct extract *x, uint32_t body, struct extract_post *out)
{
	struct leaving l = { x->dom, body, true };
	const struct str content = dom_attribute(x->dom, body, "content");
	if (content.n != 0) {
		structured_text(x, content, out);
		return;
	}
	out->text = str_trim(dom_text_without(x->a, x->dom, body, is_left_out, &l));
	l.leaves_quotes = false;
	if (out->text.n == 0)
		out->text = str_trim(dom_text_without(x->a, x->dom, body, is_left_out, &l));
	for (uint32_t n = body + 1; n < x->dom->node[body].end && out->quote.n == 0; n++) {
		if (x->dom->node[n].tag == TAG_TEXT)
			continue;
		if (is_post(x->dom, n)) /* it is read by itself */
			n = x->dom->node[n].end - 1;
		else if (records_is_quote(x->dom, n))
			out->quote = str_trim(dom_text(x->a, x->dom, n));
	}
}

static void read_author(const struct extract *x, uint32_t item, struct extract_post *out)
{
	uint32_t author = property(x->dom, item, "author");
	if (author == 0)
		author = property(x->dom, item, "creator");
	if (author == 0)
		return;
	const uint32_t name = is_scope(x->dom, author) ? property(x->dom, author, "name") : 0;
	const struct str text = name == 0 ? str_trim(dom_text(x->a, x->dom, author)) : str_trim(dom_text(x->a, x->dom, name));
	out->author = text.n != 0 ? text : value(x, name == 0 ? author : name);
	const uint32_t url = property(x->dom, author, "url");
	struct str href = dom_attribute(x->dom, url != 0 ? url : author, "href");
	for (uint32_t n = author; n < x->dom->node[author].end && href.n == 0; n++)
		if (x->dom->node[n].tag == TAG_A)
			href = dom_attribute(x->dom, n, "href");
	out->author_url = extract_url(x, href);
}

static void read_date(const struct extract *x, uint32_t item, struct extract_post *out)
{
	static const char *const names[] = { "datePublished", "dateCreated", "commentTime", "dateModified" };
	for (size_t i = 0; i < sizeof names / sizeof *names && out->published_ms < 0; i++)
		structured_date(x, value_of(x, item, names[i]), out);
}

static uint32_t body_of(const struct dom *d, uint32_t item)
{
	static const char *const names[] = { "text", "articleBody", "reviewBody", "commentText", "description" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const uint32_t body = property(d, item, names[i]);
		if (body != 0)
			return body;
	}
	return 0;
}

static bool is_thread(const struct dom *d, uint32_t item)
{
	const struct str type = dom_attribute(d, item, "itemtype");
	return str_ends(type, STR("/DiscussionForumPosting")) || str_ends(type, STR("/Question"));
}

static void add(struct structured *s, uint32_t item)
{
	const struct extract *x = s->x;
	const uint32_t body = body_of(x->dom, item);
	if (s->title.n == 0)
		s->title = value_of(x, item, "headline");
	if (s->title.n == 0 && str_ends(dom_attribute(x->dom, item, "itemtype"), STR("Question")))
		s->title = value_of(x, item, "name");
	struct extract_post *post = body == 0 ? NULL : structured_add(s);
	if (post == NULL)
		return;
	post->node = item;
	s->is_thread |= is_thread(x->dom, item);
	read_text(x, body, post);
	read_author(x, item, post);
	read_date(x, item, post);
	post->url = extract_url(x, dom_attribute(x->dom, property(x->dom, item, "url"), "href"));
	post->id = dom_attribute(x->dom, item, "id");
	(void)amount_read(value_of(x, item, "upvoteCount"), &post->likes);
	const uint32_t rating = property(x->dom, item, "reviewRating");
	if (rating != 0)
		post->stars = amount_stars(value_of(x, rating, "ratingValue"));
}

void structured_microdata(struct structured *s)
{
	const struct dom *d = s->x->dom;
	for (uint32_t n = 1; n < d->n; n++)
		if (d->node[n].tag != TAG_TEXT && is_post(d, n))
			add(s, n);
}
