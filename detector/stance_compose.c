/* Two texts about one brand each become a text about two. */
#include "detector/stance_compose.h"

#include "common/text/lang.h"

static bool is_fit(const struct stance_single *s)
{
	return s->name.n > 0 && s->text.n <= STANCE_COMPOSE_BYTES && str_find(s->text, s->name) >= 0;
}

static bool are_apart(const struct stance_single *a, const struct stance_single *b)
{
	return str_find(a->text, b->name) < 0 && str_find(b->text, a->name) < 0;
}

/* The text without the mark it ends with, so that a comma may follow. */
static struct str open_end(struct str text)
{
	static const char *const marks[] = { "。", ".", "!", "！", "~" };
	text = str_trim(text);
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (str_ends(text, str_of(marks[i])))
			return str_first(text, text.n - strlen(marks[i]));
	return text;
}

static const char *joint(bool is_chinese, unsigned turn)
{
	static const char *const chinese[] = { "，", "。", "；", "，" }, *const english[] = { ". ", ", ", "; ", " but " };
	return (is_chinese ? chinese : english)[turn % 4];
}

static void wait(struct stance_compose *c, bool is_chinese, const struct stance_single *s)
{
	memcpy(c->waiting[is_chinese].text, s->text.p, s->text.n);
	memcpy(c->waiting[is_chinese].name, s->name.p, s->name.n);
	c->waiting[is_chinese].single = (struct stance_single){ { c->waiting[is_chinese].text, s->text.n },
		{ c->waiting[is_chinese].name, s->name.n }, s->label };
}

bool stance_compose(struct stance_compose *c, struct arena *a, const struct stance_single *s, struct stance_composed *out)
{
	if (!is_fit(s))
		return false;
	const bool is_chinese = lang_is_chinese(lang_guess(s->text, STR("")));
	const struct stance_single *first = &c->waiting[is_chinese].single;
	const bool is_pair = first->text.n > 0 && are_apart(first, s);
	if (is_pair)
		*out = (struct stance_composed){
			.text = arena_printf(
				a, "%.*s%s%.*s", STR_FMT(open_end(first->text)), joint(is_chinese, c->n++), STR_FMT(s->text)),
			.name = { arena_copy(a, first->name), s->name },
			.label = { first->label, s->label },
		};
	wait(c, is_chinese, s);
	return is_pair;
}
