/* Case adapter for pages: the tree of a page in html5lib's notation. */
#include "cli/case.h"

#include "common/base/dom.h"

/* html5lib sorts the attributes of an element by name. */
static void write_attributes(struct buf *out, const struct dom *d, const struct dom_node *node)
{
	struct str last = str_of("");

	for (uint32_t written = 0; written < node->nattributes; written++) {
		const struct dom_attribute *next = NULL;
		for (uint32_t i = 0; i < node->nattributes; i++) {
			const struct dom_attribute *x = &d->attribute[node->attribute + i];
			const bool is_later = last.n == 0 || str_cmp(x->name, last) > 0;
			if (is_later && (!next || str_cmp(x->name, next->name) < 0))
				next = x;
		}
		if (!next)
			return;
		buf_addf(out, "\n| %*s%.*s=\"%.*s\"", 2 * node->depth, "", STR_FMT(next->name), STR_FMT(next->value));
		last = next->name;
	}
}

static void write_node(struct buf *out, const struct dom *d, const struct dom_node *node)
{
	if (out->n > 0)
		buf_addc(out, '\n');
	buf_addf(out, "| %*s", 2 * (node->depth - 1), "");
	if (node->tag == TAG_TEXT) {
		buf_addf(out, "\"%.*s\"", STR_FMT(node->text));
		return;
	}
	buf_addf(out, "<%.*s>", STR_FMT(node->name));
	write_attributes(out, d, node);
}

static enum dom_builder builder_of(struct str name)
{
	static const char *const names[] = { "auto", "quick", "gumbo" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (str_eqc(name, names[i]))
			return (enum dom_builder)i;
	}
	return DOM_BUILDER_AUTO;
}

bool case_html(struct arena *a, const struct json *line, struct buf *out)
{
	struct err e;
	struct dom d;
	struct buf tree;

	if (json_kind(json_get(line, "html")) != JSON_STRING)
		return false;
	if (dom_read(a, json_str_of(line, "html"), builder_of(json_str_of(line, "builder")), &d, &e) != OK)
		return false;
	buf_init(&tree, SIZE_MAX / 2);
	for (uint32_t i = 1; i < d.n; i++)
		write_node(&tree, &d, &d.node[i]);
	buf_addc(out, '{');
	buf_json_str(out, "tree", buf_str(&tree));
	buf_addc(out, '}');
	buf_release(&tree);
	return true;
}
