/* Tables of labelled texts. */
#include "detector/labels.h"

#include <earshot/verdict.h>

static const struct {
	const char *name;
	enum labels_column column;
} headings[] = {
	{ "text", LABELS_TEXT },
	{ "label", LABELS_SENTIMENT },
	{ "sentiment", LABELS_SENTIMENT },
	{ "kind", LABELS_KIND },
	{ "brand", LABELS_BRAND },
	{ "category", LABELS_CATEGORY },
	{ "rival", LABELS_RIVAL },
	{ "rival_sentiment", LABELS_RIVAL_SENTIMENT },
	{ "nature", LABELS_NATURE },
	{ "urgency", LABELS_URGENCY },
};

/* In the words of the sets that there are. */
static const struct {
	const char *written;
	enum label label;
} sentiments[] = {
	{ "0", LABEL_NEGATIVE },
	{ "1", LABEL_POSITIVE },
	{ "negative", LABEL_NEGATIVE },
	{ "neutral", LABEL_NEUTRAL },
	{ "positive", LABEL_POSITIVE },
	{ "负面", LABEL_NEGATIVE },
	{ "中性", LABEL_NEUTRAL },
	{ "正面", LABEL_POSITIVE },
};

int labels_sentiment(struct str written)
{
	for (size_t i = 0; i < sizeof sentiments / sizeof *sentiments; i++)
		if (str_eqc(written, sentiments[i].written))
			return (int)sentiments[i].label;
	return -1;
}

/* Windows ends lines with \r\n. */
static bool next_line(struct labels_file *f, struct str *line)
{
	if (!str_split(&f->rest, '\n', line))
		return false;
	if (line->n > 0 && line->p[line->n - 1] == '\r')
		line->n--;
	return true;
}

bool labels_open(struct labels_file *f, struct str bytes, const char *class_column)
{
	struct str line, name;
	*f = (struct labels_file){ .rest = bytes };
	for (int i = 0; i < LABELS_COLUMN__N; i++)
		f->column[i] = -1;
	if (str_starts(f->rest, STR("\xEF\xBB\xBF")))
		f->rest = str_from(f->rest, 3);
	if (!next_line(f, &line))
		return false;
	for (int i = 0; str_split(&line, '\t', &name); i++) {
		if (class_column && str_eqc(str_trim(name), class_column))
			f->column[LABELS_CLASS] = i;
		for (size_t k = 0; k < sizeof headings / sizeof *headings; k++)
			if (str_eqc(str_trim(name), headings[k].name))
				f->column[headings[k].column] = i;
	}
	return f->column[LABELS_TEXT] >= 0;
}

bool labels_next(struct labels_file *f, struct labels_row *out)
{
	struct str line, cell;
	while (next_line(f, &line)) {
		*out = (struct labels_row){ 0 };
		for (int i = 0; str_split(&line, '\t', &cell); i++)
			for (int k = 0; k < LABELS_COLUMN__N; k++)
				if (f->column[k] == i)
					out->cell[k] = cell;
		if (out->cell[LABELS_TEXT].n > 0)
			return true;
	}
	return false;
}
