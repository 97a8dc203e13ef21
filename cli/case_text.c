/* Case adapters for texts: personal data found, keyword seen through obfuscation. */
#include "cli/case_text.h"

#include "common/base/utf8.h"
#include "common/text/mask.h"
#include "common/text/normalise.h"

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
	size_t n = mask_find(text, span, text.n);
	buf_addc(out, '{');
	buf_json_key(out, "spans");
	buf_addc(out, '[');
	for (size_t i = 0; i < n; i++) {
		buf_json_comma(out);
		buf_addf(out, "[%u,%u,\"%s\"]", span[i].from, span[i].to,
			names_networks ? pii_name(text, &span[i]) : mask_kind_names[span[i].kind]);
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

bool case_obfuscation(struct arena *a, const struct json *line, struct buf *out)
{
	if (json_kind(json_get(line, "text")) != JSON_STRING || json_kind(json_get(line, "keyword")) != JSON_STRING)
		return false;
	struct str keyword = normalise_text(a, json_str_of(line, "keyword"));
	struct str text = normalise_text(a, json_str_of(line, "text"));
	buf_addc(out, '{');
	buf_json_bool(out, "match", keyword.n > 0 && str_find(text, keyword) >= 0);
	buf_addc(out, '}');
	return true;
}
