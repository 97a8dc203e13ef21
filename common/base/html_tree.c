/* HTML5's tree construction, as far as it goes without moving nodes. */
#include "common/base/html_tree.h"

#include <earshot/limits.h>

#include "common/base/html_stack.h"
#include "common/base/html_token.h"
#include "common/base/utf8.h"

#include <string.h>

/* Gumbo looks through all open elements at every tag, and makes more of them than there are: larger pages are not given to it. */
#define EXACT_DEPTH 100
#define EXACT_TOKENS 40000

enum phase {
	PHASE_HEAD, /* before the body */
	PHASE_BODY,
};

struct html_tree {
	struct html_stack stack;
	struct html_reader reader;
	struct html_token token;
	struct buf decoded;
	enum phase phase;
	bool in_head; /* the head element was made, the body not yet */
	bool skips_newline; /* the first one in <pre> is not meant */
	bool has_no_end[TAG__N]; /* behind the present place no end tag of this name comes */
	size_t ntokens;
	const char *exotic;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static bool is_blank(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!is_space(s.p[i]))
			return false;
	}
	return true;
}

static void note_exotic(struct html_tree *t, const char *why)
{
	if (!t->exotic)
		t->exotic = why;
}

/* --- opening ------------------------------------------------------------------------------------------------------- */

static void add_attributes(struct html_tree *t)
{
	struct dom_build *b = t->stack.build;

	b->dom->cut = b->dom->cut || t->token.is_cut;
	for (size_t i = 0; i < t->token.nattributes; i++) {
		const struct html_attribute *x = &t->token.attribute[i];
		const struct str name = html_stack_lower(&t->stack, x->name);
		if (str_findc(x->value, '&') < 0) {
			dom_build_attribute(b, name, x->value);
			continue;
		}
		buf_clear(&t->decoded);
		html_decode(&t->decoded, x->value, true);
		dom_build_attribute(b, name, buf_str(&t->decoded));
	}
}

static void open_token(struct html_tree *t, const struct dom_name *name)
{
	html_stack_open(&t->stack, name);
	add_attributes(t);
}

static void open_implied(struct html_tree *t, const char *name)
{
	html_stack_open_named(&t->stack, str_of(name));
}

static void add_text(struct html_tree *t, struct str text, bool is_literal)
{
	if (t->skips_newline)
		text = str_from(text, text.n > 0 && text.p[0] == '\r' ? 1 : 0);
	if (t->skips_newline && text.n > 0 && text.p[0] == '\n')
		text = str_from(text, 1);
	t->skips_newline = false;
	if (is_literal || str_findc(text, '&') < 0) {
		dom_build_text(t->stack.build, text);
		return;
	}
	buf_clear(&t->decoded);
	html_decode(&t->decoded, text, false);
	dom_build_text(t->stack.build, buf_str(&t->decoded));
}

/* The content of an element that holds text only, and its end. */
static void take_raw(struct html_tree *t, enum dom_tag tag, unsigned traits)
{
	const bool is_closed = t->token.is_self_closing;
	const size_t start = t->reader.at;
	struct str raw = { 0 };

	if (!is_closed || !t->has_no_end[tag]) {
		raw = html_token_raw(&t->reader, t->token.name);
		t->has_no_end[tag] = t->reader.at >= t->reader.in.n;
	}
	/* Pages written by XML tools say <iframe/> and <textarea/>: by the book they would swallow the rest of the page. */
	if (is_closed && t->has_no_end[tag]) {
		t->reader.at = start;
		raw.n = 0;
	}
	add_text(t, raw, (traits & HTML_RAW) != 0);
	html_stack_close(&t->stack);
}

/* Opens the element of the present token; those without content, or with text only, are closed again. */
static void insert(struct html_tree *t, const struct dom_name *name)
{
	const unsigned traits = html_traits(name->tag);
	const enum dom_tag tag = name->tag;

	open_token(t, name);
	if (traits & HTML_VOID) {
		html_stack_close(&t->stack);
		return;
	}
	t->skips_newline = tag == TAG_PRE || tag == TAG_LISTING || tag == TAG_TEXTAREA;
	if (traits & (HTML_RAW | HTML_DECODED))
		take_raw(t, tag, traits);
	if (tag == TAG_PLAINTEXT) {
		add_text(t, str_from(t->reader.in, t->reader.at), true);
		t->reader.at = t->reader.in.n;
	}
}

/* --- before the body ----------------------------------------------------------------------------------------------- */

static void want_html(struct html_tree *t)
{
	if (t->stack.depth == 0)
		open_implied(t, "html");
}

static void want_head(struct html_tree *t)
{
	want_html(t);
	if (!t->in_head)
		open_implied(t, "head");
	t->in_head = true;
}

static void want_body(struct html_tree *t)
{
	if (t->phase == PHASE_BODY)
		return;
	want_head(t);
	html_stack_close_to(&t->stack, 1);
	open_implied(t, "body");
	t->phase = PHASE_BODY;
}

/* true when the tag was one of the frame of a page; all others are for the head or the body. */
static bool start_frame(struct html_tree *t, const struct dom_name *name)
{
	if (name->tag == TAG_HTML) {
		if (t->stack.depth == 0)
			open_token(t, name);
		return true;
	}
	if (name->tag == TAG_HEAD) {
		want_html(t);
		if (!t->in_head && t->phase == PHASE_HEAD)
			open_token(t, name);
		t->in_head = true;
		return true;
	}
	if (name->tag == TAG_BODY) {
		if (t->phase == PHASE_BODY)
			return true;
		want_head(t);
		html_stack_close_to(&t->stack, 1);
		open_token(t, name);
		t->phase = PHASE_BODY;
		return true;
	}
	if (name->tag == TAG_FRAMESET && t->phase == PHASE_HEAD)
		note_exotic(t, "frames");
	return name->tag == TAG_FRAME || name->tag == TAG_FRAMESET;
}

/* --- tables -------------------------------------------------------------------------------------------------------- */

/* How deep in a table an element stands; 0 = it is no part of one. */
static unsigned table_level(enum dom_tag tag)
{
	switch (tag) {
	case TAG_CAPTION:
	case TAG_COLGROUP:
	case TAG_TBODY:
	case TAG_THEAD:
	case TAG_TFOOT:
		return 1;
	case TAG_TR:
	case TAG_COL:
		return 2;
	case TAG_TD:
	case TAG_TH:
		return 3;
	default:
		return 0;
	}
}

/* Does the innermost open element belong to the frame of a table, where no text may stand? */
static bool in_table_frame(const struct html_tree *t)
{
	const enum dom_tag tag = html_stack_top(&t->stack);

	return tag == TAG_TABLE || tag == TAG_TBODY || tag == TAG_THEAD || tag == TAG_TFOOT || tag == TAG_TR;
}

/* <tr> and the like: closes what cannot hold it, opens what must stand between. */
static void start_table_part(struct html_tree *t, const struct dom_name *name)
{
	const unsigned level = table_level(name->tag);
	const uint32_t table = html_stack_find_table(&t->stack);
	uint32_t at = t->stack.depth;

	if (table == 0 && html_stack_is_open(&t->stack, TAG_TEMPLATE))
		insert(t, name);
	if (table == 0)
		return;
	while (at > table &&
		(table_level(html_stack_tag(&t->stack, at)) == 0 || table_level(html_stack_tag(&t->stack, at)) >= level))
		at--;
	if (name->tag != TAG_COL &&
		(html_stack_tag(&t->stack, at) == TAG_COLGROUP || html_stack_tag(&t->stack, at) == TAG_CAPTION))
		at = table;
	html_stack_close_to(&t->stack, at);
	if (name->tag == TAG_COL && at == table)
		open_implied(t, "colgroup");
	if (level >= 2 && name->tag != TAG_COL && at == table)
		open_implied(t, "tbody");
	if (level == 3 && html_stack_top(&t->stack) != TAG_TR)
		open_implied(t, "tr");
	insert(t, html_stack_name(&t->stack, t->token.name));
}

static bool is_hidden_input(const struct html_tree *t, enum dom_tag tag)
{
	for (size_t i = 0; tag == TAG_INPUT && i < t->token.nattributes; i++) {
		if (str_ieq(t->token.attribute[i].name, STR("type")))
			return str_ieq(t->token.attribute[i].value, STR("hidden"));
	}
	return false;
}

/* A tag between the cells of a table, which HTML5 moves in front of the table. */
static void start_between_cells(struct html_tree *t, const struct dom_name *name)
{
	const enum dom_tag tag = name->tag;

	if (tag == TAG_SCRIPT || tag == TAG_STYLE || tag == TAG_TEMPLATE || tag == TAG_FORM || is_hidden_input(t, tag))
		return;
	note_exotic(t, "elements between the cells of a table");
}

/* --- start tags ---------------------------------------------------------------------------------------------------- */

static void close_paragraph(struct html_tree *t)
{
	const uint32_t at = html_stack_find(&t->stack, TAG_P, HTML_SCOPE_BUTTON);

	if (at > 0)
		html_stack_close_to(&t->stack, at - 1);
}

/* <li>, <dd>, <dt>: the one before ends, unless another list or block was opened in it. */
static void close_item(struct html_tree *t, enum dom_tag tag)
{
	for (uint32_t at = t->stack.depth; at > 0; at--) {
		const enum dom_tag open = html_stack_tag(&t->stack, at);
		const bool is_pair = (tag == TAG_DD || tag == TAG_DT) && (open == TAG_DD || open == TAG_DT);
		if (open == tag || is_pair) {
			html_stack_close_to(&t->stack, at - 1);
			return;
		}
		if ((html_traits(open) & HTML_SPECIAL) && open != TAG_ADDRESS && open != TAG_DIV && open != TAG_P)
			return;
	}
}

static bool is_heading(enum dom_tag tag)
{
	return tag >= TAG_H1 && tag <= TAG_H6;
}

/* A link in a link, a button in a button, a <nobr> in its like: the outer one ends, if nothing stands between that must not. */
static void close_same(struct html_tree *t, enum dom_tag tag)
{
	const uint32_t at = html_stack_find(&t->stack, tag, HTML_SCOPE_ANY);

	if (at == 0)
		return;
	if (tag != TAG_BUTTON && html_stack_has_blocks(&t->stack, at))
		html_stack_end_late(&t->stack, at);
	else
		html_stack_close_to(&t->stack, at - 1);
}

static void close_top_if(struct html_tree *t, enum dom_tag a, enum dom_tag b)
{
	if (html_stack_top(&t->stack) == a || html_stack_top(&t->stack) == b)
		html_stack_close(&t->stack);
}

/* What an element's start tag closes before it opens. */
static void make_way(struct html_tree *t, enum dom_tag tag)
{
	if (tag == TAG_LI || tag == TAG_DD || tag == TAG_DT)
		close_item(t, tag);
	if (html_traits(tag) & HTML_ENDS_P)
		close_paragraph(t);
	if (is_heading(tag) && is_heading(html_stack_top(&t->stack)))
		html_stack_close(&t->stack);
	if (tag == TAG_A || tag == TAG_NOBR || tag == TAG_BUTTON)
		close_same(t, tag);
	if (tag == TAG_OPTION)
		close_top_if(t, TAG_OPTION, TAG_OPTION);
	if (tag == TAG_OPTGROUP)
		close_top_if(t, TAG_OPTION, TAG_OPTION);
	if (tag == TAG_OPTGROUP)
		close_top_if(t, TAG_OPTGROUP, TAG_OPTGROUP);
	if (tag == TAG_RP || tag == TAG_RT)
		close_top_if(t, TAG_RT, TAG_RP);
}

/* In <select> only its options count; true when the tag was dealt with. */
static bool start_in_select(struct html_tree *t, enum dom_tag tag)
{
	const uint32_t at = html_stack_find(&t->stack, TAG_SELECT, HTML_SCOPE_ANY);

	if (at == 0)
		return false;
	if (tag == TAG_INPUT || tag == TAG_TEXTAREA || tag == TAG_KEYGEN || table_level(tag) > 0) {
		html_stack_close_to(&t->stack, at - 1);
		return false;
	}
	if (tag == TAG_SELECT)
		html_stack_close_to(&t->stack, at - 1);
	return tag != TAG_OPTION && tag != TAG_OPTGROUP && tag != TAG_SCRIPT && tag != TAG_TEMPLATE && tag != TAG_HR;
}

static void start_in_body(struct html_tree *t, const struct dom_name *name)
{
	const enum dom_tag tag = name->tag;

	if (start_in_select(t, tag))
		return;
	if (table_level(tag) > 0) {
		start_table_part(t, name);
		return;
	}
	if (tag == TAG_FORM && html_stack_is_open(&t->stack, TAG_FORM) && !html_stack_is_open(&t->stack, TAG_TEMPLATE))
		return;
	if (tag == TAG_TABLE && in_table_frame(t))
		html_stack_close_to(&t->stack, html_stack_find_table(&t->stack) - 1);
	else if (in_table_frame(t))
		start_between_cells(t, name);
	if (tag == TAG_FORM && in_table_frame(t)) {
		open_token(t, name); /* empty there: its fields stand in the cells */
		html_stack_close(&t->stack);
		return;
	}
	make_way(t, tag);
	insert(t, html_stack_name(&t->stack, tag == TAG_IMAGE ? STR("img") : t->token.name));
}

/* --- SVG and MathML ------------------------------------------------------------------------------------------------ */

static void start_foreign(struct html_tree *t, const struct dom_name *name)
{
	const bool is_empty = t->token.is_self_closing;

	open_token(t, name);
	if (is_empty)
		html_stack_close(&t->stack);
}

/* Leaves SVG or MathML: closes up to the HTML around. */
static void leave_foreign(struct html_tree *t)
{
	while (html_stack_is_foreign(&t->stack))
		html_stack_close(&t->stack);
}

/* --- tokens -------------------------------------------------------------------------------------------------------- */

static void on_start(struct html_tree *t)
{
	const struct dom_name *name = html_stack_name(&t->stack, t->token.name);
	const unsigned traits = html_traits(name->tag);

	t->skips_newline = false;
	if (html_stack_is_foreign(&t->stack)) {
		if (!(traits & HTML_LEAVES)) {
			start_foreign(t, name);
			return;
		}
		leave_foreign(t);
	}
	if (start_frame(t, name))
		return;
	if (t->phase == PHASE_HEAD && ((traits & HTML_HEAD) || html_stack_is_open(&t->stack, TAG_NOSCRIPT) ||
					      html_stack_is_open(&t->stack, TAG_TEMPLATE))) {
		want_head(t);
		insert(t, html_stack_name(&t->stack, t->token.name));
		return;
	}
	want_body(t);
	if (traits & HTML_FOREIGN) {
		if (in_table_frame(t))
			start_between_cells(t, name);
		start_foreign(t, html_stack_name(&t->stack, t->token.name));
		return;
	}
	start_in_body(t, html_stack_name(&t->stack, t->token.name));
}

/* An end tag that names nothing in particular: closes its element unless a block stands between. */
static void end_any(struct html_tree *t, const struct dom_name *name)
{
	const uint32_t at = html_stack_find_name(&t->stack, name);
	const struct html_level *top = &t->stack.level[t->stack.depth];

	if (at == 0 || at < top->scope)
		return;
	if (at >= top->special)
		html_stack_close_to(&t->stack, at - 1);
	else if (html_traits(name->tag) & HTML_INLINE)
		html_stack_end_late(&t->stack, at);
}

static void end_heading(struct html_tree *t)
{
	for (uint32_t at = t->stack.depth; at > 0; at--) {
		const enum dom_tag tag = html_stack_tag(&t->stack, at);
		if (is_heading(tag)) {
			html_stack_close_to(&t->stack, at - 1);
			return;
		}
		if (html_traits(tag) & HTML_SCOPE)
			return;
	}
}

static void end_paragraph(struct html_tree *t)
{
	if (html_stack_find(&t->stack, TAG_P, HTML_SCOPE_BUTTON) == 0) {
		want_body(t);
		open_implied(t, "p");
	}
	close_paragraph(t);
}

static void end_block(struct html_tree *t, enum dom_tag tag)
{
	const uint32_t at = html_stack_find(&t->stack, tag, tag == TAG_LI ? HTML_SCOPE_LIST : HTML_SCOPE_ANY);

	if (at == 0)
		return;
	/* What a form leaves open stays open, and in it. */
	if (tag == TAG_FORM && html_stack_has_blocks(&t->stack, at))
		html_stack_end_late(&t->stack, at);
	else
		html_stack_close_to(&t->stack, at - 1);
}

static void end_table_part(struct html_tree *t, enum dom_tag tag)
{
	const uint32_t at = html_stack_find(&t->stack, tag, HTML_SCOPE_TABLE);

	if (at > 0)
		html_stack_close_to(&t->stack, at - 1);
}

static void on_end(struct html_tree *t)
{
	const struct dom_name *name = html_stack_name(&t->stack, t->token.name);
	const unsigned traits = html_traits(name->tag);
	const enum dom_tag tag = name->tag;

	t->skips_newline = false;
	if (tag == TAG_BODY || tag == TAG_HTML || tag == TAG_HEAD)
		return; /* what comes behind belongs to them still */
	if (tag == TAG_P) {
		end_paragraph(t);
	} else if (tag == TAG_BR) {
		want_body(t);
		open_implied(t, "br");
		html_stack_close(&t->stack);
	} else if (tag == TAG_TABLE || tag == TAG_TEMPLATE || table_level(tag) > 0) {
		end_table_part(t, tag);
	} else if (is_heading(tag)) {
		end_heading(t);
	} else if (traits & HTML_BLOCK) {
		end_block(t, tag);
	} else {
		end_any(t, name);
	}
}

static void on_text(struct html_tree *t)
{
	const bool blank = is_blank(t->token.text);

	if (t->phase == PHASE_HEAD && !html_stack_is_open(&t->stack, TAG_NOSCRIPT) &&
		!html_stack_is_open(&t->stack, TAG_TEMPLATE)) {
		if (blank)
			return;
		want_body(t);
	}
	if (html_stack_top(&t->stack) == TAG_COLGROUP && !blank)
		html_stack_close(&t->stack);
	if (in_table_frame(t)) {
		if (blank)
			return;
		note_exotic(t, "text between the cells of a table");
	}
	add_text(t, t->token.text, t->token.is_literal);
}

void html_tree_read(struct dom_build *b, struct str html, const char **exotic)
{
	struct html_tree t = { .reader = { .in = html } };

	html_stack_init(&t.stack, b);
	buf_init(&t.decoded, 2 * (size_t)LIMIT_HTML_BYTES);
	while (!dom_build_is_full(b) && html_token_next(&t.reader, &t.token)) {
		t.ntokens++;
		if (t.token.kind == HTML_TEXT)
			on_text(&t);
		else if (t.token.kind == HTML_START)
			on_start(&t);
		else
			on_end(&t);
		t.reader.has_cdata = html_stack_is_foreign(&t.stack);
	}
	want_body(&t);
	b->dom->cut = b->dom->cut || t.reader.at < html.n;
	if (t.stack.deepest > EXACT_DEPTH || t.ntokens > EXACT_TOKENS)
		t.exotic = NULL;
	buf_release(&t.decoded);
	*exotic = t.exotic;
}
