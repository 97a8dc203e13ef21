/* Posts from JSON-LD: threads with their comments, questions with their answers, lists of reviews. */
#include "crawler/extract_structured.h"

#include <earshot/limits.h>

#include "common/base/json.h"
#include "crawler/amount.h"
#include "crawler/extract_jsonld.h"

struct shape {
	const char *type;
	const char *text[3]; /* members tried in turn */
};
static const struct shape shapes[] = {
	{ "DiscussionForumPosting", { "text", "articleBody", "description" } },
	{ "SocialMediaPosting", { "articleBody", "text", "sharedContent" } },
	{ "Comment", { "text", "commentText", "description" } },
	{ "UserComments", { "commentText", "text", NULL } },
	{ "Question", { "text", "description", NULL } },
	{ "Answer", { "text", "description", NULL } },
	{ "Review", { "reviewBody", "description", "text" } },
	{ "UserReview", { "reviewBody", "description", "text" } },
	{ "CriticReview", { "reviewBody", "description", "text" } },
};
/* Where further posts hang. */
static const char *const children[] = { "comment", "comments", "acceptedAnswer", "suggestedAnswer", "review", "reviews",
	"itemReviewed", "mainEntity", "mainEntityOfPage", "hasPart", "@graph", "itemListElement", "item", "about" };

static const struct shape *shape_of(const struct json *v)
{
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
		if (jsonld_is(v, shapes[i].type))
			return &shapes[i];
	return NULL;
}

static int64_t number(struct arena *a, const struct json *v, const char *member)
{
	int64_t n = -1;
	return amount_read(json_text_of(a, v, member), &n) ? n : -1;
}

/* LikeAction and its sisters. */
static void read_counters(struct arena *a, const struct json *v, struct extract_post *out)
{
	out->likes = number(a, v, "upvoteCount");
	out->replies = number(a, v, jsonld_is(v, "Question") ? "answerCount" : "commentCount");
	for (const struct json *c = jsonld_first(v, "interactionStatistic"); c != NULL; c = jsonld_behind(c)) {
		const struct json *type = jsonld_first(c, "interactionType");
		const struct str kind = json_kind(type) == JSON_STRING ? json_str(type) : json_str_of(type, "@type");
		const int64_t n = number(a, c, "userInteractionCount");
		if (str_ends(kind, STR("LikeAction")))
			out->likes = n;
		else if (str_ends(kind, STR("CommentAction")) || str_ends(kind, STR("ReplyAction")))
			out->replies = n;
		else if (str_ends(kind, STR("ShareAction")))
			out->shares = n;
		else if (str_ends(kind, STR("ViewAction")) || str_ends(kind, STR("WatchAction")))
			out->views = n;
	}
}

static float stars_of(struct arena *a, const struct json *v)
{
	const struct json *rating = jsonld_first(v, "reviewRating");
	const struct str text = json_text_of(a, rating, "ratingValue");
	double value = 0, most = 5;
	if (!str_to_double(str_trim(text), &value))
		return amount_stars(text);
	if (str_to_double(str_trim(json_text_of(a, rating, "bestRating")), &most) && most >= 1)
		value = value * 5 / most;
	return value >= 0.5 && value <= 5 ? (float)value : 0;
}

static void add(struct structured *s, const struct json *v, const struct shape *shape)
{
	struct str text = STR("");
	for (size_t i = 0; i < 3 && shape->text[i] != NULL && text.n == 0; i++)
		text = str_trim(json_str_of(v, shape->text[i]));
	if (s->n == 0 && s->title.n == 0 && !jsonld_is(v, "Review") && !jsonld_is(v, "Comment") && !jsonld_is(v, "Answer"))
		s->title = json_str_of(v, jsonld_is(v, "Question") ? "name" : "headline");
	if (jsonld_is(v, "Question") && text.n == 0)
		text = json_str_of(v, "name");
	struct extract_post *post = text.n == 0 ? NULL : structured_add(s);
	if (post == NULL)
		return;
	const struct json *author = jsonld_first(v, "author");
	s->is_thread |= jsonld_is(v, "DiscussionForumPosting") || jsonld_is(v, "Question");
	structured_text(s->x, text, post);
	post->author = jsonld_name(author);
	post->author_url = extract_url(s->x, jsonld_address(author));
	post->url = extract_url(s->x, jsonld_address(v));
	post->id = json_text_of(s->x->a, v, "identifier");
	post->title = jsonld_is(v, "Review") ? json_str_of(v, "name") : STR("");
	const struct str published = json_str_of(v, "datePublished");
	structured_date(s->x, published.n != 0 ? published : json_str_of(v, "dateCreated"), post);
	read_counters(s->x->a, v, post);
	post->stars = stars_of(s->x->a, v);
}

/* Depth first, in the order of the data, as people read a thread. Recursion is bounded. */
static void walk(struct structured *s, const struct json *v, int depth)
{
	if (depth > LIMIT_JSONLD_DEPTH)
		return;
	if (json_kind(v) == JSON_ARRAY) {
		for (const struct json *m = json_first(v); m != NULL; m = json_next(m))
			walk(s, m, depth + 1);
		return;
	}
	if (json_kind(v) != JSON_OBJECT)
		return;
	const struct shape *shape = shape_of(v);
	if (shape != NULL)
		add(s, v, shape);
	for (size_t i = 0; i < sizeof children / sizeof *children; i++)
		walk(s, json_get(v, children[i]), depth + 1);
}

void structured_jsonld(struct structured *s)
{
	uint32_t at = 0;
	for (const struct json *doc = jsonld_next(s->x, &at); doc != NULL; doc = jsonld_next(s->x, &at))
		walk(s, doc, 0);
}
