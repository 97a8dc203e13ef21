/* The protected set: what a new model must not judge worse. */
#include "detector/protected.h"

#include "common/text/lang.h"
#include "detector/judge.h"
#include "detector/labels.h"
#include <earshot/limits.h>

#define TEXT_SHOWN 120 /* bytes of a post that flipped */

/* ---- reading it ---- */

static enum outcome read_row(struct protected_post *out, const struct labels_row *row, const char *path, struct err *e)
{
	const int label = labels_sentiment(row->cell[LABELS_SENTIMENT]);
	const struct str text = row->cell[LABELS_TEXT];
	if (label < 0)
		return err_set(e, REJECT, "%s: \"%.*s\" is no label; write negative, neutral or positive before: %.*s", path,
			STR_FMT(row->cell[LABELS_SENTIMENT]), STR_FMT(str_cut_utf8(text, TEXT_SHOWN)));
	*out = (struct protected_post){ str_cut_utf8(text, LIMIT_TEXT_BYTES), row->cell[LABELS_BRAND], (enum label)label,
		lang_is_chinese(lang_guess(text, STR(""))) };
	return OK;
}

enum outcome protected_parse(struct arena *a, struct str bytes, const char *path, struct protected_set *out, struct err *e)
{
	struct labels_file f;
	struct labels_row row;
	struct protected_post *post = arena_list(a, struct protected_post, LIMIT_PROTECTED_POSTS);
	*out = (struct protected_set){ post, 0 };
	if (!labels_open(&f, bytes, NULL) || f.column[LABELS_SENTIMENT] < 0)
		return err_set(e, REJECT, "%s: the first line must name the columns label and text, with tabs between", path);
	while (labels_next(&f, &row)) {
		if (out->n == LIMIT_PROTECTED_POSTS)
			return err_set(
				e, REJECT, "%s has more than %d posts; keep those that matter", path, LIMIT_PROTECTED_POSTS);
		const enum outcome done = read_row(&post[out->n], &row, path, e);
		if (done != OK)
			return done;
		out->n++;
	}
	return out->n > 0 ? OK : err_set(e, REJECT, "%s has no posts: nothing would be protected", path);
}

/* ---- judging it ---- */

static enum label judge_post(struct arena *scratch, const struct protected_post *p, const struct rulebook *book)
{
	struct scanned scanned;
	struct verdict verdict;
	const struct post post = { .text = p->text, .likes = -1, .replies = -1, .shares = -1, .views = -1 };
	arena_reset(scratch);
	scan_post(scratch, book, &post, &scanned);
	if (p->brand.n > 0)
		judge_name(scratch, book, p->brand, &post, &scanned, &verdict);
	else
		judge(scratch, book, -1, &post, &scanned, &verdict);
	return verdict.label;
}

enum label *protected_judge(struct arena *a, const struct protected_set *set, const struct rulebook *book)
{
	struct arena scratch;
	enum label *label = arena_list(a, enum label, set->n + 1);
	arena_init(&scratch, LIMIT_ARENA_BYTES);
	for (size_t i = 0; i < set->n; i++)
		label[i] = judge_post(&scratch, &set->post[i], book);
	arena_release(&scratch);
	return label;
}

/* ---- comparing ---- */

static size_t count_right(const struct protected_set *set, const enum label *label, bool is_chinese, size_t *n)
{
	size_t right = 0;
	*n = 0;
	for (size_t i = 0; i < set->n; i++) {
		if (set->post[i].is_chinese != is_chinese)
			continue;
		*n += 1;
		right += label[i] == set->post[i].label;
	}
	return right;
}

/* Control characters of a foreign file must not reach a terminal. */
static void add_text(struct buf *out, struct str text)
{
	const struct str shown = str_cut_utf8(text, TEXT_SHOWN);
	for (size_t i = 0; i < shown.n; i++)
		buf_addc(out, (unsigned char)shown.p[i] < 0x20 || shown.p[i] == 0x7F ? ' ' : shown.p[i]);
}

static void report_flips(const struct protected_set *set, const enum label *before, const enum label *after, struct buf *report)
{
	for (size_t i = 0; i < set->n; i++) {
		const enum label is = set->post[i].label;
		if (before[i] != is || after[i] == is)
			continue;
		buf_addf(report, "  was right, now %s instead of %s: ", label_names[after[i]], label_names[is]);
		add_text(report, set->post[i].text);
		buf_addc(report, '\n');
	}
}

bool protected_is_worse(const struct protected_set *set, const enum label *before, const enum label *after, struct buf *report)
{
	bool is_worse = false;
	for (int chinese = 1; chinese >= 0; chinese--) {
		size_t n;
		const size_t was = count_right(set, before, chinese, &n), is = count_right(set, after, chinese, &n);
		if (n > 0)
			buf_addf(report, "protected posts, %s: %zu of %zu right, %zu with the model in use\n",
				chinese ? "zh" : "en", is, n, was);
		is_worse = is_worse || is < was;
	}
	report_flips(set, before, after, report);
	return is_worse;
}
