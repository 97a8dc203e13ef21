/* Case adapters for texts: personal data found, keyword seen through obfuscation. */
#include "cli/case_text.h"

#include "common/base/settings.h"
#include "common/base/tree.h"
#include "common/base/utf8.h"
#include "common/text/mask.h"
#include "common/text/normalise.h"
#include "common/text/regex.h"
#include "common/text/scan.h"
#include <earshot/limits.h>

/* The vectors call both kinds of address IP. */
static const char *vector_name(const struct mask_span *span)
{
	return span->kind == MASK_IPV4 || span->kind == MASK_IPV6 ? "IP" : mask_kind_names[span->kind];
}

/* The pii pack names cards of American networks apart from UnionPay's; to us a bank card is a bank card. */
static const char *pii_name(struct str text, const struct mask_span *span)
{
	size_t at = utf8_offset(text, span->from);
	bool is_unionpay = at + 1 < text.n && (text.p[at] == '6' || text.p[at] == '9');
	return span->kind == MASK_BANK_CARD && !is_unionpay ? "US_CARD" : mask_kind_names[span->kind];
}

static bool write_spans(struct arena *a, const struct json *line, struct buf *out, bool names_networks)
{
	if (json_kind(json_get(line, "text")) != JSON_STRING)
		return false;
	struct str text = json_str_of(line, "text");
	struct mask_span *span = arena_list(a, struct mask_span, text.n + 1);
	size_t n = mask_find(text, span, text.n + 1);
	buf_addc(out, '{');
	buf_json_key(out, "spans");
	buf_addc(out, '[');
	for (size_t i = 0; i < n; i++) {
		buf_json_comma(out);
		buf_addf(out, "[%u,%u,\"%s\"]", span[i].from, span[i].to,
			names_networks ? pii_name(text, &span[i]) : vector_name(&span[i]));
	}
	buf_addz(out, "]}");
	return true;
}

bool case_pii(struct arena *a, const struct json *line, struct buf *out)
{
	return write_spans(a, line, out, true);
}

bool case_piivectors(struct arena *a, const struct json *line, struct buf *out)
{
	return write_spans(a, line, out, false);
}

/* The shipped exclusions of all rules, as a list that a keyword's own rule is put in front of. None when the rules folder of
 * the settings is not there or wrong: the keyword then stands alone. */
struct exclusions {
	struct rule *rule; /* rule[0] is the keyword's place */
	struct str *folded;
	size_t n;
};

static void exclusions_take(struct arena *a, const struct rulebook *book, struct exclusions *out)
{
	out->rule = arena_list(a, struct rule, (book ? book->nrules : 0) + 1);
	out->folded = arena_list(a, struct str, (book ? book->nrules : 0) + 1);
	out->n = 1;
	for (size_t i = 0; book && i < book->nrules; i++) {
		if (book->rule[i].list != LIST_EXCLUDE || book->rule[i].brand >= 0 || book->rule[i].query)
			continue;
		out->rule[out->n] = book->rule[i];
		out->folded[out->n++] = normalise_text(a, book->rule[i].term);
	}
}

/* Loaded once a process: the lines of a batch share it. */
static const struct exclusions *exclusions_shipped(void)
{
	static struct exclusions shipped;
	static struct arena arena;
	struct settings settings;
	struct problems p;
	if (shipped.n > 0)
		return &shipped;
	arena_init(&arena, 64u << 20);
	problems_init(&p);
	settings_load(&arena, NULL, &settings, &p);
	struct rulebook *book = problems_any_error(&p) ? NULL : rulebook_load(settings.rules_folder, settings.rules.n, &p);
	exclusions_take(&arena, book, &shipped);
	problems_release(&p);
	return &shipped;
}

static bool is_seen(struct arena *a, struct str keyword, struct str text)
{
	const struct exclusions *x = exclusions_shipped();
	struct err e = { 0 };
	struct post post;
	struct scanned scanned;
	post_init(&post);
	post.text = text;
	x->folded[0] = str_trim(normalise_text(a, keyword));
	x->rule[0] =
		(struct rule){ .list = LIST_SENSITIVE, .brand = -1, .term = keyword, .folds = FOLDS_DEFAULT | FOLDS_SUBSTITUTES };
	struct scan *scan = x->folded[0].n ? scan_new(x->rule, x->folded, x->n, &e) : NULL;
	if (!scan)
		return false;
	const struct rulebook book = { .rule = x->rule, .nrules = x->n, .scan = scan };
	scan_matches(a, &book, &post, &scanned);
	bool is_found = false;
	for (size_t i = 0; i < scanned.n; i++)
		is_found |= scanned.match[i].rule == x->rule;
	scan_free(scan);
	return is_found;
}

bool case_obfuscation(struct arena *a, const struct json *line, struct buf *out)
{
	if (json_kind(json_get(line, "text")) != JSON_STRING || json_kind(json_get(line, "keyword")) != JSON_STRING)
		return false;
	const bool is_html = json_bool(json_get(line, "html"), false);
	struct str text = utf8_repair(a, json_str_of(line, "text"));
	if (is_html)
		text = tree_html_to_text(a, text);
	buf_addc(out, '{');
	buf_json_bool(out, "match", is_seen(a, utf8_repair(a, json_str_of(line, "keyword")), text));
	buf_addc(out, '}');
	return true;
}

/* ok: it was accepted, and an answer for the subject came in time. */
static const char *redos_why(struct arena *a, struct str pattern, struct str subject, bool *ok)
{
	const char *why = NULL;
	struct regex_span span;
	struct regex_found found = { .at = &span, .most = 1 };
	struct regex_budget budget = { .left_us = LIMIT_REGEX_POST_US };
	struct regex *re = regex_new(a, pattern, false, &why);
	*ok = false;
	if (re == NULL)
		return why;
	const size_t most = subject.n < LIMIT_REGEX_SUBJECT ? subject.n : LIMIT_REGEX_SUBJECT;
	*ok = regex_find(re, subject, regex_window_whole(most), &budget, &found);
	regex_free(re);
	return !*ok ? "it went over its budget and was stopped" : found.n > 0 ? "it matches" : "it does not match";
}

bool case_redos(struct arena *a, const struct json *line, struct buf *out)
{
	bool ok = false;
	if (json_kind(json_get(line, "pattern")) != JSON_STRING || json_kind(json_get(line, "subject")) != JSON_STRING)
		return false;
	const char *why = redos_why(a, json_str_of(line, "pattern"), json_str_of(line, "subject"), &ok);
	buf_addc(out, '{');
	buf_json_bool(out, "ok", ok);
	buf_json_str(out, "why", str_of(why));
	buf_addc(out, '}');
	return true;
}
