/* The list of what is wrong with files that people write, and the guess at what they meant. */
#include "common/base/problems.h"

#include <earshot/limits.h>

#include "common/base/log.h"
#include "common/base/utf8.h"

#include <stdio.h>
#include <string.h>

#define SENTENCE_BYTES 1024u

void problems_init(struct problems *p)
{
	memset(p, 0, sizeof(*p));
	/* Each problem holds a sentence and a path; the first one also the list. */
	arena_init(&p->arena, LIMIT_CONF_PROBLEMS * (sizeof(struct problem) + SENTENCE_BYTES + 4096u + 64u));
}

void problems_release(struct problems *p)
{
	arena_release(&p->arena);
	problems_init(p);
}

void problems_tell(struct problems *p, const struct problem *at, const char *fmt, va_list args)
{
	char text[SENTENCE_BYTES];
	p->errors += !at->is_warning;
	if (p->n == LIMIT_CONF_PROBLEMS) {
		p->unlisted++;
		return;
	}
	if (!p->list)
		p->list = arena_list(&p->arena, struct problem, LIMIT_CONF_PROBLEMS);
	int n = vsnprintf(text, sizeof(text), fmt, args);
	struct str whole = { text, n < 0 ? 0 : (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1 };
	struct str file = str_cut_utf8(str_of(at->file), 4095);
	p->list[p->n++] = (struct problem){
		.file = arena_cstr(&p->arena, file),
		.line = at->line,
		.column = at->column,
		.is_warning = at->is_warning,
		.code = at->code ? at->code : p->code,
		.text = arena_cstr(&p->arena, utf8_repair(&p->arena, str_cut_utf8(whole, SENTENCE_BYTES - 4))),
	};
}

void problems_add(struct problems *p, const char *file, int line, int column, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	problems_tell(p, &(struct problem){ .file = file, .line = line, .column = column }, fmt, args);
	va_end(args);
}

void problems_warn(struct problems *p, const char *file, int line, int column, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	problems_tell(p, &(struct problem){ .file = file, .line = line, .column = column, .is_warning = true }, fmt, args);
	va_end(args);
}

bool problems_any_error(const struct problems *p)
{
	return p->errors > 0;
}

static void problem_write(const struct problem *p, struct buf *out)
{
	buf_addz(out, p->file);
	if (p->line > 0)
		buf_addf(out, ":%d", p->line);
	if (p->line > 0 && p->column > 0)
		buf_addf(out, ":%d", p->column);
	buf_addz(out, p->is_warning ? ": warning: " : ": error: ");
	if (p->code)
		buf_addf(out, "[%s] ", p->code);
	/* The file's own bytes are quoted in sentences; a terminal must not obey them, and a problem stays one line. */
	for (const char *c = p->text; *c; c++)
		buf_addc(out, (unsigned char)*c < 0x20 || *c == 0x7F ? ' ' : *c);
	buf_addc(out, '\n');
}

void problems_write(const struct problems *p, struct buf *out)
{
	for (size_t i = 0; i < p->n; i++)
		problem_write(&p->list[i], out);
	if (p->unlisted > 0)
		buf_addf(out, "and %zu more; put these right first\n", p->unlisted);
}

/* ---- did you mean …? ---- */

#define WORD_CODEPOINTS 64

struct codepoints {
	uint32_t at[WORD_CODEPOINTS];
	size_t n;
};

/* false when the word is too long for a guess. */
static bool codepoints_of(struct str s, struct codepoints *out)
{
	out->n = 0;
	for (size_t at = 0; at < s.n;) {
		if (out->n == WORD_CODEPOINTS)
			return false;
		uint32_t cp = utf8_next(s, &at);
		out->at[out->n++] = cp >= 'A' && cp <= 'Z' ? cp + 32 : cp;
	}
	return true;
}

static size_t least(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;
	return ab < c ? ab : c;
}

/* Edits between two words; two neighbours that changed places count as one edit, the commonest slip of a keyboard. */
static size_t edit_distance(const struct codepoints *a, const struct codepoints *b)
{
	size_t row[3][WORD_CODEPOINTS + 1];
	for (size_t j = 0; j <= b->n; j++)
		row[0][j] = j;
	for (size_t i = 1; i <= a->n; i++) {
		const size_t *before = row[(i - 1) % 3], *before2 = row[(i + 1) % 3];
		size_t *now = row[i % 3];
		now[0] = i;
		for (size_t j = 1; j <= b->n; j++) {
			bool same = a->at[i - 1] == b->at[j - 1];
			now[j] = least(before[j] + 1, now[j - 1] + 1, before[j - 1] + !same);
			bool swapped = i > 1 && j > 1 && a->at[i - 1] == b->at[j - 2] && a->at[i - 2] == b->at[j - 1];
			if (swapped && before2[j - 2] + 1 < now[j])
				now[j] = before2[j - 2] + 1;
		}
	}
	return row[a->n % 3][b->n];
}

const char *problems_nearest(struct str word, const char *const *list, size_t n)
{
	const char *best = NULL;
	struct codepoints wanted, name;
	if (!codepoints_of(word, &wanted) || wanted.n == 0)
		return NULL;
	size_t allowed = wanted.n / 3 > 2 ? wanted.n / 3 : 2;
	if (allowed >= wanted.n)
		allowed = wanted.n - 1; /* else every two letters would be near to every other two */
	for (size_t i = 0; i < n; i++) {
		if (!codepoints_of(str_of(list[i]), &name))
			continue;
		size_t d = edit_distance(&wanted, &name);
		if (d < allowed || (d == allowed && !best)) {
			best = list[i];
			allowed = d;
		}
	}
	return best;
}

void problems_log(const struct problems *p)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct problem *one = &p->list[i];
		log_event(one->is_warning ? LOG_WARN : LOG_ERROR, EV_config_error, "at=%s:%d:%d%s%s why=%s", one->file, one->line,
			one->column, one->code ? " code=" : "", one->code ? one->code : "", log_quote(str_of(one->text)));
	}
}
