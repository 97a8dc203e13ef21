/* What the types of schema.org say about an object, and the walk over all objects of a document. */
#include "crawler/extract_jsonld.h"

#include <earshot/limits.h>

#include <string.h>

/* The first row that fits decides, so longer names stand before those they end with. */
static const struct jsonld_type rows[] = {
	{ .ends = "Article", .worth = 4, .is_dated = true },
	{ .ends = "JobPosting", .worth = 2, .is_dated = true },
	{ .ends = "Posting", .worth = 3, .is_dated = true }, /* BlogPosting, SocialMediaPosting, DiscussionForumPosting */
	{ .ends = "Report", .worth = 3, .is_dated = true },
	{ .ends = "Recipe", .worth = 3, .is_dated = true },
	{ .ends = "Review", .worth = 3, .is_dated = true, .is_part = true },
	{ .ends = "QAPage", .worth = 3, .is_page = true },
	{ .ends = "Question", .worth = 3, .is_dated = true },
	{ .ends = "VideoObject", .worth = 2, .is_dated = true },
	{ .ends = "Product", .worth = 2 },
	{ .ends = "Event", .worth = 2, .is_part = true },
	{ .ends = "Course", .worth = 2 },
	{ .ends = "Book", .worth = 2 }, /* a book, a film or a game has a publication date of its own */
	{ .ends = "Movie", .worth = 2 },
	{ .ends = "Page", .worth = 1, .is_page = true },
	{ .ends = "CreativeWork", .is_page = true },
	{ .ends = "Dataset", .is_page = true },
	{ .ends = "Comment", .is_part = true },
	{ .ends = "Answer", .is_part = true },
	{ .ends = "ImageObject", .is_part = true },
	{ .ends = "Person", .is_part = true },
	{ .ends = "Offer", .is_part = true },
	{ .ends = "ListItem", .is_part = true },
	{ .ends = "Organization", .is_part = true },
};

static struct jsonld_type row_of(struct str type)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (str_ends(type, str_of(rows[i].ends)))
			return rows[i];
	return (struct jsonld_type){ .is_page = type.n == 0 };
}

struct jsonld_type jsonld_type(const struct json *object)
{
	const struct json *type = jsonld_first(object, "@type");
	struct jsonld_type best = row_of(json_str(type));
	for (; type != NULL; type = jsonld_behind(type)) {
		const struct jsonld_type other = row_of(json_str(type));
		if (other.worth > best.worth)
			best = other;
	}
	return best;
}

struct walk {
	jsonld_visit *visit;
	void *context;
	size_t seen;
};

static void walk(struct walk *w, const struct json *value, int depth)
{
	const bool is_object = json_kind(value) == JSON_OBJECT;
	if (depth > LIMIT_JSONLD_DEPTH || w->seen >= LIMIT_JSONLD_OBJECTS)
		return;
	if (!is_object && json_kind(value) != JSON_ARRAY)
		return;
	w->seen += is_object;
	if (is_object && !w->visit(w->context, value, depth))
		return;
	for (const struct json *member = json_first(value); member != NULL; member = json_next(member))
		if (json_kind(member) == JSON_OBJECT || json_kind(member) == JSON_ARRAY)
			walk(w, member, depth + 1);
}

void jsonld_each(const struct json *value, jsonld_visit *visit, void *context)
{
	struct walk w = { .visit = visit, .context = context };
	walk(&w, value, 0);
}
