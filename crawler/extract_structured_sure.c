/* Is a list of posts from a page's data what the page shows? Data that holds less than the page, or something else, must not
 * win over what people see. */
#include "crawler/extract_structured.h"

#include <earshot/limits.h>

#include <string.h>

#define PROBE_BYTES 48 /* of letters: enough to be nobody else's words */

/* Letters, digits and everything beyond ASCII, in small letters: two spellings of one text become the same. */
static struct str squeezed(struct arena *a, struct str s, size_t max)
{
	char *out = arena_raw(a, (s.n < max ? s.n : max) + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.n && n < max; i++) {
		const char c = s.p[i];
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80)
			out[n++] = c;
		else if (c >= 'A' && c <= 'Z')
			out[n++] = (char)(c + 32);
	}
	return (struct str){ out, n };
}

static bool is_no_prose(const void *context, uint32_t node)
{
	const struct dom *d = context;
	switch (d->node[node].tag) {
	case TAG_A:
	case TAG_NAV:
	case TAG_FOOTER:
	case TAG_BUTTON:
	case TAG_SELECT:
	case TAG_LABEL:
	case TAG_FORM:
		return true;
	default:
		return false;
	}
}

size_t structured_prose(const struct extract *x)
{
	return squeezed(x->a, dom_text_without(x->a, x->dom, 0, is_no_prose, x->dom), SIZE_MAX).n;
}

size_t structured_bytes(const struct extract *x, struct str text)
{
	return squeezed(x->a, text, SIZE_MAX).n;
}

struct tally {
	size_t shown, cut, names, dates, bytes;
};

static bool is_cut(struct str text)
{
	return str_ends(text, STR("…")) || str_ends(text, STR("...")) || str_ends(text, STR("[…]"));
}

static void count(const struct structured *s, struct str page, struct tally *t)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct extract_post *p = &s->post[i];
		const struct str probe = squeezed(s->x->a, p->text, PROBE_BYTES);
		t->shown += probe.n != 0 && memmem(page.p, page.n, probe.p, probe.n) != NULL;
		t->bytes += structured_bytes(s->x, p->text) + structured_bytes(s->x, p->quote);
		t->cut += is_cut(p->text);
		t->names += p->author.n != 0;
		t->dates += p->published_ms >= 0;
	}
}

float structured_sure(const struct structured *s)
{
	const struct extract *x = s->x;
	struct tally t = { 0 };
	if (s->n == 0)
		return 0;
	const struct str page = squeezed(x->a, dom_text(x->a, x->dom, 0), SIZE_MAX);
	const size_t prose = structured_prose(x);
	count(s, page, &t);
	const float n = (float)s->n;
	const float share = (float)t.bytes / (float)(prose + 1);
	const float known = ((float)t.names + (float)t.dates) / (2 * n);
	/* A page that its script draws shows nothing to agree with. */
	if (prose > t.bytes / 2 && (float)t.shown < 0.6f * n)
		return 0.1f;
	if ((float)t.cut > 0.3f * n)
		return 0.2f;
	if (share < (s->n == 1 ? 0.6f : 0.35f))
		return 0.3f;
	return 0.45f + 0.45f * known;
}
