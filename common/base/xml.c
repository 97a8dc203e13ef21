/* Foreign XML as a flat tree, read in one linear pass. */
#include "common/base/xml.h"

#include <earshot/limits.h>

#include "common/base/xml_text.h"

#include <string.h>

#define SCOPE_MAX 128 /* namespace declarations in force at one place; further ones are not seen */
#define ARENA_BYTES ((size_t)128 << 20) /* XML_NODES_MAX nodes and all decoded text */

struct open_element {
	struct xml_node *node, *last; /* `last`: the last child so far */
	struct str name; /* as written, with its prefix */
	size_t nscope; /* declarations in force outside */
};

struct reader {
	struct xml *x;
	struct xml_decoder decoder;
	struct str in;
	size_t at;
	size_t depth, nscope, nattributes; /* used of the lists below */
	size_t skipped; /* open elements beyond the depth */
	size_t nodes;
	bool no_more[128]; /* a search for what begins with this character failed once; it would fail again */
	struct open_element open[LIMIT_XML_DEPTH]; /* from here on nothing is zero at first */
	uint64_t open_hash[LIMIT_XML_DEPTH], attribute_hash[LIMIT_XML_ATTRIBUTES]; /* of their names: what is searched */
	struct xml_namespace *scope[SCOPE_MAX];
	struct xml_attribute attributes[LIMIT_XML_ATTRIBUTES]; /* of the tag being read; names with their prefix */
};

static void complain(struct reader *r, const char *why)
{
	if (!r->x->ill_formed)
		r->x->why = why;
	r->x->ill_formed = true;
}

static bool is_space(char ch)
{
	return ch == ' ' || ch == '\t' || ch == '\n' || ch == '\r';
}

static bool is_name_start(char ch)
{
	return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || ch == '_' || ch == ':' || (unsigned char)ch >= 0x80;
}

static bool is_name(char ch)
{
	return is_name_start(ch) || (ch >= '0' && ch <= '9') || ch == '-' || ch == '.';
}

static char now(const struct reader *r)
{
	return r->at < r->in.n ? r->in.p[r->at] : '\0';
}

static bool looking_at(const struct reader *r, struct str what)
{
	return str_starts(str_from(r->in, r->at), what);
}

static void skip_space(struct reader *r)
{
	while (r->at < r->in.n && is_space(r->in.p[r->at]))
		r->at++;
}

static struct str take_name(struct reader *r)
{
	const size_t start = r->at;

	while (r->at < r->in.n && is_name(r->in.p[r->at]))
		r->at++;
	return (struct str){ r->in.p + start, r->at - start };
}

/* Offset of `end` from the present place, or -1. A failed search is remembered by the mark's first character, so that a
 * document full of openings without an end costs one search, not one each. */
static ptrdiff_t find_end(struct reader *r, struct str end)
{
	bool *none = &r->no_more[(unsigned char)end.p[0] & 127];
	ptrdiff_t found;

	if (*none)
		return -1;
	found = str_find(str_from(r->in, r->at), end);
	*none = found < 0;
	return found;
}

/* --- nodes --------------------------------------------------------------------------------------------------------- */

/* A node below the innermost open element; NULL for the root, which has none. */
static struct xml_node *add_node(struct reader *r, struct xml_node value)
{
	struct xml_node *n = arena_raw(&r->x->arena, sizeof(*n));
	struct open_element *above = r->depth > 0 ? &r->open[r->depth - 1] : NULL;

	*n = value;
	r->nodes++;
	if (!above)
		return n;
	n->parent = above->node;
	if (above->last)
		above->last->next = n;
	else
		above->node->first = n;
	above->last = n;
	return n;
}

static struct str decoded(struct reader *r, struct str raw, bool is_cdata)
{
	const struct str text = xml_decode(&r->decoder, &r->x->arena, raw, is_cdata);

	if (r->decoder.why)
		complain(r, r->decoder.why);
	r->decoder.why = NULL;
	return text;
}

static void add_text(struct reader *r, struct str raw, bool is_cdata)
{
	if (raw.n > 0 && r->depth > 0)
		add_node(r, (struct xml_node){ .is_text = true, .name = decoded(r, raw, is_cdata) });
}

/* --- namespaces ---------------------------------------------------------------------------------------------------- */

static void declare(struct reader *r, struct str prefix, struct str uri)
{
	struct xml_namespace *ns;

	if (r->nscope == SCOPE_MAX)
		return;
	ns = arena_raw(&r->x->arena, sizeof(*ns));
	*ns = (struct xml_namespace){ .prefix = prefix, .uri = uri };
	r->scope[r->nscope++] = ns;
	if (r->depth == 0 && prefix.n == 0)
		r->x->default_uri = uri;
}

static struct xml_namespace *scope_of(const struct reader *r, struct str prefix)
{
	for (size_t i = r->nscope; i > 0; i--) {
		if (r->scope[i - 1]->prefix.n == prefix.n && memcmp(r->scope[i - 1]->prefix.p, prefix.p, prefix.n) == 0)
			return r->scope[i - 1];
	}
	return NULL;
}

/* Takes a declared prefix off the name. */
static struct xml_namespace *resolve(const struct reader *r, struct str *name, bool is_attribute)
{
	const char *colon = memchr(name->p, ':', name->n);
	struct xml_namespace *ns;

	if (!colon)
		return is_attribute ? NULL : scope_of(r, STR(""));
	ns = scope_of(r, (struct str){ name->p, (size_t)(colon - name->p) });
	if (ns)
		*name = str_from(*name, (size_t)(colon - name->p) + 1);
	return ns;
}

/* Declarations among the attributes go into scope, and out of the list. */
static void enter_scope(struct reader *r)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->nattributes; i++) {
		const struct xml_attribute *x = &r->attributes[i];
		if (str_eqc(x->name, "xmlns"))
			declare(r, STR(""), x->value);
		else if (str_starts(x->name, STR("xmlns:")))
			declare(r, str_from(x->name, 6), x->value);
		else
			r->attributes[kept++] = *x;
	}
	r->nattributes = kept;
}

/* --- tags ---------------------------------------------------------------------------------------------------------- */

/* The value after the `=`: quoted, or up to the next space or `>`. */
static struct str take_value(struct reader *r)
{
	const char quote = now(r);
	size_t start = r->at;
	ptrdiff_t length = -1;

	if (quote == '"' || quote == '\'') {
		start = ++r->at;
		length = find_end(r, (struct str){ &quote, 1 });
	}
	if (length >= 0) {
		r->at = start + (size_t)length + 1;
		return (struct str){ r->in.p + start, (size_t)length };
	}
	complain(r, "an attribute value without quotes");
	while (r->at < r->in.n && !is_space(r->in.p[r->at]) && r->in.p[r->at] != '>')
		r->at++;
	return (struct str){ r->in.p + start, r->at - start };
}

/* A name with a colon at an end, or with two, says nothing. */
static bool is_qualified_name(struct str name)
{
	const char *colon = memchr(name.p, ':', name.n);
	const size_t at = colon ? (size_t)(colon - name.p) : 0;

	return !colon || (at > 0 && at + 1 < name.n && !memchr(colon + 1, ':', name.n - at - 1) && is_name_start(colon[1]));
}

/* Takes note of the name in the slot of the next attribute; false when it was seen in this tag, or there is no slot. */
static bool note_attribute(struct reader *r, struct str name)
{
	uint64_t hash;

	if (r->nattributes == LIMIT_XML_ATTRIBUTES)
		return false;
	hash = str_hash(name);
	for (size_t i = 0; i < r->nattributes; i++) {
		if (r->attribute_hash[i] == hash && str_eq(r->attributes[i].name, name))
			return false;
	}
	r->attribute_hash[r->nattributes] = hash;
	return true;
}

static void take_attribute(struct reader *r)
{
	const struct str name = take_name(r);
	struct str value = { "", 0 };

	if (name.n == 0) {
		complain(r, "a stray character inside a tag");
		r->at++;
		return;
	}
	skip_space(r);
	if (now(r) == '=') {
		r->at++;
		skip_space(r);
		value = take_value(r);
	} else {
		complain(r, "an attribute without a value");
	}
	if (!is_name_start(name.p[0]) || !is_qualified_name(name) || !note_attribute(r, name)) {
		complain(r, "an attribute given twice, ill-named, or beyond the cap");
		return;
	}
	if (value.n > 0 && memchr(value.p, '<', value.n))
		complain(r, "a < inside an attribute value");
	r->nodes++;
	r->attributes[r->nattributes++] = (struct xml_attribute){ .name = name, .value = decoded(r, value, false) };
}

/* Reads the attributes up to `>` or `/>`; true when the element is empty. */
static bool take_attributes(struct reader *r)
{
	r->nattributes = 0;
	for (;;) {
		skip_space(r);
		if (r->at >= r->in.n || r->in.p[r->at] == '<') {
			complain(r, "a tag without its >");
			return false;
		}
		if (r->in.p[r->at] == '>') {
			r->at++;
			return false;
		}
		if (looking_at(r, STR("/>"))) {
			r->at += 2;
			return true;
		}
		take_attribute(r);
	}
}

static void add_element(struct reader *r, struct str written, bool is_empty)
{
	const size_t nscope = r->nscope;
	struct xml_node value = { .name = written };
	struct xml_node *n;

	if (r->nattributes > 0)
		enter_scope(r);
	value.ns = resolve(r, &value.name, false);
	value.nattributes = (uint16_t)r->nattributes;
	if (r->nattributes > 0)
		value.attributes = arena_raw(&r->x->arena, r->nattributes * sizeof(value.attributes[0]));
	for (size_t i = 0; i < r->nattributes; i++) {
		value.attributes[i] = r->attributes[i];
		value.attributes[i].ns = resolve(r, &value.attributes[i].name, true);
	}
	n = add_node(r, value);
	if (!r->x->root)
		r->x->root = n;
	if (is_empty) {
		r->nscope = nscope;
		return;
	}
	r->open_hash[r->depth] = str_hash(written);
	r->open[r->depth++] = (struct open_element){ .node = n, .name = written, .nscope = nscope };
}

static void read_start_tag(struct reader *r)
{
	struct str name;
	bool is_empty;

	r->at++;
	name = take_name(r);
	is_empty = take_attributes(r);
	if (r->depth == LIMIT_XML_DEPTH - 1 || !is_qualified_name(name)) {
		complain(r, "elements nested too deeply, or ill-named");
		r->skipped += r->depth == LIMIT_XML_DEPTH - 1 && !is_empty;
		return;
	}
	add_element(r, name, is_empty);
}

static void close_one(struct reader *r)
{
	r->nscope = r->open[--r->depth].nscope;
}

/* How many elements are open up to and with the innermost of this name; 0 when there is none. */
static size_t level_of(const struct reader *r, struct str name)
{
	const uint64_t hash = str_hash(name);
	size_t level = r->depth;

	while (level > 0 && (r->open_hash[level - 1] != hash || !str_eq(r->open[level - 1].name, name)))
		level--;
	return level;
}

static void read_end_tag(struct reader *r)
{
	struct str name;
	size_t level;

	r->at += 2;
	name = take_name(r);
	while (r->at < r->in.n && r->in.p[r->at] != '>' && r->in.p[r->at] != '<')
		r->at++;
	if (now(r) == '>')
		r->at++;
	else
		complain(r, "a tag without its >");
	if (r->skipped > 0) {
		r->skipped--;
		return;
	}
	level = level_of(r, name);
	if (level != r->depth)
		complain(r, "an end tag that does not match");
	while (level > 0 && r->depth >= level)
		close_one(r);
}

/* --- everything else ----------------------------------------------------------------------------------------------- */

static void skip_to(struct reader *r, struct str end)
{
	const ptrdiff_t found = find_end(r, end);

	if (found >= 0) {
		r->at += (size_t)found + end.n;
		return;
	}
	complain(r, "a comment or instruction without its end");
	r->at++; /* behind the <, so that what follows is not lost */
}

static void read_cdata(struct reader *r)
{
	ptrdiff_t length;

	r->at += strlen("<![CDATA[");
	length = find_end(r, STR("]]>"));
	if (length < 0)
		complain(r, "a CDATA section without its end");
	const struct str text = length < 0 ? str_from(r->in, r->at) : (struct str){ r->in.p + r->at, (size_t)length };
	r->at += text.n + (length < 0 ? 0 : 3);
	add_text(r, text, true);
}

/* The document type with its internal subset is passed over unread: nothing it declares is ever used. */
static void skip_doctype(struct reader *r)
{
	size_t at = r->at + 2, brackets = 0;
	char quote = '\0';

	r->decoder.knows_names = true;
	for (; at < r->in.n; at++) {
		const char ch = r->in.p[at];
		if (quote) {
			quote = ch == quote ? '\0' : quote;
			continue;
		}
		if (ch == '"' || ch == '\'')
			quote = ch;
		brackets += ch == '[';
		brackets -= ch == ']' && brackets > 0;
		if (ch == '>' && brackets == 0)
			break;
	}
	if (at < r->in.n) {
		r->at = at + 1;
		return;
	}
	const ptrdiff_t end = str_findc(str_from(r->in, r->at), '>');
	complain(r, "a document type without its end");
	r->at = end < 0 ? r->in.n : r->at + (size_t)end + 1;
}

static void read_markup(struct reader *r)
{
	const char next = r->at + 1 < r->in.n ? r->in.p[r->at + 1] : '\0';

	if (is_name_start(next)) {
		read_start_tag(r);
	} else if (next == '/') {
		read_end_tag(r);
	} else if (looking_at(r, STR("<![CDATA["))) {
		read_cdata(r);
	} else if (looking_at(r, STR("<!--"))) {
		skip_to(r, STR("-->"));
	} else if (next == '?') {
		skip_to(r, STR("?>"));
	} else if (next == '!' && !r->decoder.knows_names) {
		skip_doctype(r);
	} else {
		complain(r, "a < that starts no tag");
		add_text(r, (struct str){ r->in.p + r->at, 1 }, true);
		r->at++;
	}
}

static void read_text(struct reader *r)
{
	const char *tag = memchr(r->in.p + r->at, '<', r->in.n - r->at);
	const size_t end = tag ? (size_t)(tag - r->in.p) : r->in.n;
	const struct str text = { r->in.p + r->at, end - r->at };

	r->at = end;
	if (r->depth > 0)
		add_text(r, text, false);
	else if (str_trim(text).n > 0)
		complain(r, "text outside of the root element");
}

/* The root is closed: only comments, instructions and white space may follow. */
static void check_tail(struct reader *r)
{
	struct str tail = str_trim(str_from(r->in, r->at));

	while (str_starts(tail, STR("<!--")) || str_starts(tail, STR("<?"))) {
		const struct str end = tail.p[1] == '?' ? STR("?>") : STR("-->");
		const ptrdiff_t found = str_find(tail, end);
		if (found < 0)
			break;
		tail = str_trim(str_from(tail, (size_t)found + end.n));
	}
	if (tail.n > 0)
		complain(r, "something behind the end of the root element");
}

static void read_all(struct reader *r)
{
	while (r->at < r->in.n && r->nodes < XML_NODES_MAX) {
		if (r->in.p[r->at] == '<')
			read_markup(r);
		else
			read_text(r);
		if (r->x->root && r->depth == 0)
			break;
	}
	if (r->nodes >= XML_NODES_MAX)
		complain(r, "more tags, attributes and texts than the cap");
	else if (r->depth > 0)
		complain(r, "elements that are never closed");
	else
		check_tail(r);
}

enum outcome xml_read(struct xml *x, struct str utf8, struct err *e)
{
	struct reader *r;

	*x = (struct xml){ .document = utf8, .default_uri = STR("") };
	arena_init(&x->arena, ARENA_BYTES);
	r = arena_raw(&x->arena, sizeof(*r));
	memset(r, 0, offsetof(struct reader, open));
	r->x = x;
	r->in = utf8;
	r->at = str_starts(utf8, STR("\xEF\xBB\xBF")) ? 3 : 0;
	declare(r, STR("xml"), STR("http://www.w3.org/XML/1998/namespace"));
	xml_decoder_init(&r->decoder);
	read_all(r);
	xml_decoder_release(&r->decoder);
	return x->root ? OK : err_set(e, REJECT, "the document holds no element at all: it is no XML");
}

void xml_release(struct xml *x)
{
	arena_release(&x->arena);
}
