/* earshot label BRAND POST-ID: what a person says a mention is, and taking that back. */
#include "cli/label_commands.h"

#include "common/base/names.h"
#include "common/text/rulebook_names.h"
#include "detector/labels.h"
#include <earshot/verdict.h>

#include <stdio.h>

/* ---- the words ---- */

static const struct {
	const char *const *names;
	int n;
	enum rule_names which; /* further words for them, Chinese ones above all; not of the label */
} vocabulary[CORRECTION__N] = {
	[CORRECTION_LABEL] = { label_names, LABEL__N, NAMES__N },
	[CORRECTION_NATURE] = { nature_names, NAT__N, NAMES_NATURE },
	[CORRECTION_CATEGORY] = { category_names, CAT__N, NAMES_CATEGORY },
	[CORRECTION_URGENCY] = { urgency_names, URG__N, NAMES_URGENCY },
};

/* "" when it is none of them. */
static struct str read_word(struct arena *a, enum correction_field f, struct str written)
{
	if (f == CORRECTION_CATEGORY && (str_eqc(written, CORRECTION_NO_CATEGORY) || str_eqc(written, "无")))
		return STR(CORRECTION_NO_CATEGORY);
	const int i = f == CORRECTION_LABEL ? labels_sentiment(written) : rulebook_name(a, vocabulary[f].which, written);
	return i < 0 ? STR("") : str_of(vocabulary[f].names[i]); /* category_names[CAT_NONE] is "" */
}

static enum outcome refuse_word(struct arena *a, enum correction_field f, struct str written, struct err *e)
{
	struct buf names;
	buf_init(&names, 1024);
	for (int i = 0; i < vocabulary[f].n; i++)
		if (vocabulary[f].names[i][0] != '\0')
			buf_addf(&names, "%s%s", names.n > 0 ? ", " : "", vocabulary[f].names[i]);
	if (f == CORRECTION_CATEGORY)
		buf_addz(&names, ", " CORRECTION_NO_CATEGORY);
	const struct str list = arena_copy(a, buf_str(&names));
	buf_release(&names);
	return err_set(e, REJECT, "--%s \"%.*s\" is none; write one of %.*s", correction_field_names[f],
		STR_FMT(str_cut_utf8(written, 80)), STR_FMT(list));
}

/* All of them, before anything is written. */
static enum outcome read_words(struct stored *s, struct correction *c, struct err *e)
{
	struct arena *a = &s->session.arena;
	for (int f = 0; f < CORRECTION__N; f++) {
		const char *written = options_value(&s->session.options, correction_field_names[f]);
		if (!written)
			continue;
		c->value[f] = read_word(a, (enum correction_field)f, str_of(written));
		if (c->value[f].n == 0)
			return refuse_word(a, (enum correction_field)f, str_of(written), e);
	}
	return OK;
}

void label_write_fields(struct buf *out, const struct correction *c)
{
	const char *between = "";
	for (int f = 0; f < CORRECTION__N; f++) {
		if (c->value[f].n == 0)
			continue;
		buf_addf(out, "%s%s ", between, correction_field_names[f]);
		stored_text(out, c->value[f], 64);
		between = ", ";
	}
}

/* ---- the commands ---- */

static enum outcome withdraw(struct stored *s, const struct partition *p, struct str id, struct err *e)
{
	const enum outcome done = corrections_withdraw(p, id, e);
	if (done == SKIP)
		buf_addf(&s->out, "%.*s has no correction; nothing was changed\n", STR_FMT(id));
	if (done == OK)
		buf_addf(&s->out, "%.*s: the correction is gone, the verdict stands\n", STR_FMT(id));
	return done == SKIP ? OK : done;
}

static enum outcome correct(struct stored *s, const struct partition *p, struct str id, const struct correction *c, struct err *e)
{
	const enum outcome done = corrections_put(p, id, c, e);
	if (done != OK && done != SKIP)
		return done;
	buf_addf(&s->out, "%.*s: ", STR_FMT(id));
	label_write_fields(&s->out, c);
	buf_addz(&s->out, done == SKIP ? " (as it was)\n" : "\n");
	return OK;
}

static bool is_asked_right(struct stored *s, const struct correction *c)
{
	const struct options *o = &s->session.options;
	const bool is_back = options_has(o, "withdraw");
	bool any = false;
	for (int f = 0; f < CORRECTION__N; f++)
		any = any || options_has(o, correction_field_names[f]);
	const char *wrong = NULL;
	if (o->noperands != 2)
		wrong = "a correction is of one post: BRAND POST-ID, as earshot label --next and earshot posts --json show them";
	else if (any == is_back)
		wrong = "say what it is, with --label, --nature, --category or --urgency, or take it back with --withdraw alone";
	else if (!is_back && c->by.n == 0)
		wrong = "a correction needs --by NAME: it says who";
	if (wrong)
		(void)label_usage(s, wrong);
	return wrong == NULL;
}

enum outcome label_correct(struct stored *s, struct err *e)
{
	const struct options *o = &s->session.options;
	struct correction c = {
		.by = str_trim(str_of(options_value(o, "by"))), .note = str_of(options_value(o, "note")), .at_ms = s->now_ms
	};
	struct brand_row *brand = NULL;
	size_t n = 0;
	if (!is_asked_right(s, &c))
		return SKIP;
	enum outcome done = read_words(s, &c, e);
	if (done == OK)
		done = stored_brands(s, o->operand[0], &brand, &n, e);
	if (done != OK)
		return done;
	const struct partition p = stored_partition(s, brand->id);
	const struct str id = str_of(o->operand[1]);
	return options_has(o, "withdraw") ? withdraw(s, &p, id, e) : correct(s, &p, id, &c, e);
}
