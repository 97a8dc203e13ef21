/* XPath in recipes: the part of it that people copy from other tools, written anew as a CSS selector. */
#include "crawler/recipe_plan.h"

#include <string.h>

/* What is read: an optional ./ or . in front, then steps
 *   /name //name (* for any name) with predicates [3] [last()] [@a] [@a='v'] [contains(@a,'v')] [starts-with(@a,'v')] [not(…)]
 * and at the very end /@name or /text(). */
struct reader {
	struct str text;
	size_t at;
	struct buf css;
	struct err *e;
	bool is_element; /* a step with a name or * was read */
	bool is_star; /* … and it was * */
	bool is_loose; /* a tbody was passed over: browsers put it into every table, pages seldom write it */
};

static bool fail(struct reader *r, const char *why)
{
	(void)err_set(r->e, REJECT, "%s", why);
	return false;
}

static bool take(struct reader *r, const char *mark)
{
	const bool is_here = str_starts(str_from(r->text, r->at), str_of(mark));
	r->at += is_here ? strlen(mark) : 0;
	return is_here;
}

static void skip_blanks(struct reader *r)
{
	while (r->at < r->text.n && r->text.p[r->at] == ' ')
		r->at++;
}

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static struct str take_name(struct reader *r)
{
	const size_t from = r->at;
	while (r->at < r->text.n && is_name_byte(r->text.p[r->at]))
		r->at++;
	return (struct str){ r->text.p + from, r->at - from };
}

/* 'v' or "v", as a quoted value of CSS. */
static bool take_value(struct reader *r)
{
	skip_blanks(r);
	const char quote = r->at < r->text.n ? r->text.p[r->at] : '\0';
	if (quote != '\'' && quote != '"')
		return fail(r, "a value in quotation marks is missing here; write it as 'value'");
	const ptrdiff_t end = str_findc(str_from(r->text, r->at + 1), quote);
	if (end < 0)
		return fail(r, "this value does not end; close its quotation mark");
	const struct str value = str_first(str_from(r->text, r->at + 1), (size_t)end);
	if (str_findc(value, '\\') >= 0)
		return fail(r, "a backslash in a value is not supported; match a shorter part of it with contains()");
	buf_addf(&r->css, "%c%.*s%c", quote, STR_FMT(value), quote);
	r->at += (size_t)end + 2;
	skip_blanks(r);
	return true;
}

static bool take_attribute_name(struct reader *r)
{
	skip_blanks(r);
	if (!take(r, "@"))
		return fail(r, "only attributes can be asked here; write @name");
	const struct str name = take_name(r);
	if (name.n == 0)
		return fail(r, "the name of the attribute is missing behind @; write @href or the like");
	buf_addf(&r->css, "[%.*s", STR_FMT(name));
	skip_blanks(r);
	return true;
}

/* contains(@a,'v') behind its opening parenthesis. */
static bool take_function(struct reader *r, const char *operator)
{
	if (!take_attribute_name(r))
		return false;
	if (!take(r, ","))
		return fail(r, "a comma is missing; write contains(@class,'value')");
	buf_addz(&r->css, operator);
	if (!take_value(r))
		return false;
	buf_addc(&r->css, ']');
	return take(r, ")") || fail(r, "a parenthesis is not closed; end it with )");
}

static bool take_test(struct reader *r)
{
	if (take(r, "contains("))
		return take_function(r, "*=");
	if (take(r, "starts-with("))
		return take_function(r, "^=");
	if (!take_attribute_name(r))
		return false;
	if (take(r, "=")) {
		buf_addc(&r->css, '=');
		if (!take_value(r))
			return false;
	}
	buf_addc(&r->css, ']');
	return true;
}

static bool take_place(struct reader *r)
{
	const char *kind = r->is_star ? "child" : "of-type";
	if (take(r, "last()")) {
		buf_addf(&r->css, ":last-%s", kind);
		return true;
	}
	const struct str digits = take_name(r);
	int64_t place = 0;
	if (!str_to_i64(digits, &place) || place < 1 || place > 1000)
		return fail(r, "this predicate is not supported; there are [n], [last()], [@a], [@a='v'], [contains(@a,'v')], "
			       "[starts-with(@a,'v')], [not(…)]");
	buf_addf(&r->css, ":nth-%s(%d)", kind, (int)place);
	return true;
}

static bool take_predicate(struct reader *r)
{
	skip_blanks(r);
	const struct str rest = str_from(r->text, r->at);
	bool fine;
	if (take(r, "not(")) {
		buf_addz(&r->css, ":not(");
		fine = take_test(r) && (take(r, ")") || fail(r, "a parenthesis is not closed; end it with )"));
		buf_addc(&r->css, ')');
	} else if (str_starts(rest, STR("@")) || str_starts(rest, STR("contains(")) || str_starts(rest, STR("starts-with("))) {
		fine = take_test(r);
	} else {
		fine = take_place(r);
	}
	skip_blanks(r);
	if (!fine || take(r, "]"))
		return fine;
	return fail(r, "the predicate is not closed or joined with another; write [@a='v'][@b='w'] for \"and\", two alternatives "
		       "for \"or\"");
}

/* The last step: what is asked of the elements. *ends: nothing may follow. */
static bool take_end(struct reader *r, struct recipe_xpath *out, bool *ends)
{
	*ends = true;
	if (take(r, "text()")) {
		out->is_own_text = true;
		return true;
	}
	*ends = take(r, "@");
	if (!*ends)
		return true;
	out->attribute = take_name(r);
	return out->attribute.n > 0 || fail(r, "the name of the attribute is missing behind @; write @href or the like");
}

static bool take_step(struct reader *r, bool is_child)
{
	const struct str name = take_name(r);
	if (str_eqc(name, "tbody") && r->is_element && str_starts(str_from(r->text, r->at), STR("/"))) {
		r->is_loose = true;
		return true;
	}
	if (r->is_element)
		buf_addz(&r->css, is_child && !r->is_loose ? " > " : " ");
	else if (is_child)
		buf_addz(&r->css, "> ");
	r->is_loose = false;
	r->is_star = name.n == 0 && take(r, "*");
	if (name.n == 0 && !r->is_star)
		return fail(r, "the name of an element is missing; write div, * or @href");
	buf_adds(&r->css, r->is_star ? STR("*") : name);
	r->is_element = true;
	bool fine = true;
	while (fine && take(r, "["))
		fine = take_predicate(r);
	return fine;
}

static bool read_path(struct reader *r, struct recipe_xpath *out)
{
	bool ends = false;
	if (str_starts(r->text, STR("@")))
		return take_end(r, out, &ends);
	(void)take(r, ".");
	while (r->at < r->text.n && !ends) {
		bool is_child = !take(r, "//");
		if (is_child && !take(r, "/"))
			return fail(r, "a / is missing between two steps; write a/b");
		if (!take_end(r, out, &ends))
			return false;
		if (ends && is_child)
			break;
		if (ends)
			return fail(r, "// before @ or text() is not supported; name the element: //*/@href");
		if (!take_step(r, is_child))
			return false;
	}
	return r->at >= r->text.n || fail(r, "nothing may stand behind @name or text(); take it away");
}

bool recipe_xpath(struct arena *a, struct str text, struct recipe_xpath *out, size_t *at, struct err *e)
{
	struct reader r = { .text = text, .e = e };
	*out = (struct recipe_xpath){ 0 };
	buf_init(&r.css, 4 * text.n + 64);
	const bool fine = read_path(&r, out);
	*at = r.at;
	out->css = arena_copy(a, buf_str(&r.css));
	buf_release(&r.css);
	return fine;
}
