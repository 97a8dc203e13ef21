/* Is a list of posts from a page's data what the page shows? Data that holds less than the page, or something else, must not
 * win over what people see. */
#include "crawler/extract_structured.h"

#include <earshot/limits.h>

#include <string.h>

#define PROBE_BYTES 48 /* of letters: enough to be nobody else's words */
#define TAIL_BYTES 32 /* of letters: the end of a text */
#define REST_LEAST 40 /* letters of its line behind the end: the page goes on where the data stops */

/* Letters, digits and everything beyond ASCII, in small letters: two spellings of one text become the same. `also` is kept. */
static struct str squeezed_with(struct arena *a, struct str s, size_t max, char also)
{
	char *out = arena_raw(a, (s.n < max ? s.n : max) + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.n && n < max; i++) {
		const char c = s.p[i];
		if (c == also || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80)
			out[n++] = c;
		else if (c >= 'A' && c <= 'Z')
			out[n++] = (char)(c + 32);
	}
	return (struct str){ out, n };
}

static struct str squeezed(struct arena *a, struct str s, size_t max)
{
	return squeezed_with(a, s, max, 'a');
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

static bool ends_with_dots(struct str text)
{
	return str_ends(text, STR("…")) || str_ends(text, STR("...")) || str_ends(text, STR("[…]"));
}

/* Does the line of the page that the text ends on go on behind it, wherever it stands? `lines`: the page squeezed, with its lines. */
static bool stops_short(struct arena *a, struct str text, struct str lines)
{
	const struct str all = squeezed(a, text, SIZE_MAX);
	const struct str tail = str_from(all, all.n > TAIL_BYTES ? all.n - TAIL_BYTES : 0);
	bool is_found = false;
	struct str rest = lines;
	while (tail.n == TAIL_BYTES) {
		const ptrdiff_t at = str_find(rest, tail);
		if (at < 0)
			break;
		is_found = true;
		rest = str_from(rest, (size_t)at + tail.n);
		const ptrdiff_t end = str_findc(rest, '\n');
		if ((end < 0 ? rest.n : (size_t)end) < REST_LEAST)
			return false;
	}
	return is_found;
}

static void count(const struct structured *s, struct tally *t)
{
	const struct extract *x = s->x;
	const struct str lines = squeezed_with(x->a, dom_text(x->a, x->dom, 0), SIZE_MAX, '\n');
	const struct str page = squeezed(x->a, lines, SIZE_MAX);
	for (size_t i = 0; i < s->n; i++) {
		const struct extract_post *p = &s->post[i];
		const struct str probe = squeezed(x->a, p->text, PROBE_BYTES);
		t->shown += probe.n != 0 && memmem(page.p, page.n, probe.p, probe.n) != NULL;
		t->bytes += structured_bytes(x, p->text) + structured_bytes(x, p->quote);
		t->cut += ends_with_dots(p->text) || (p->node == 0 && stops_short(x->a, p->text, lines));
		t->names += p->author.n != 0;
		t->dates += p->published_ms >= 0;
	}
}

/* How much of the page's prose the posts must be. What is marked on the page as a question or a thread is one, with few words too;
 * other data may be only what search machines were given. */
static float least_share(const struct structured *s)
{
	if (s->n == 1)
		return s->is_thread ? 0.4f : 0.6f;
	return s->is_thread && s->post[0].node != 0 ? 0.12f : 0.35f;
}

float structured_sure(const struct structured *s)
{
	struct tally t = { 0 };
	if (s->n == 0)
		return 0;
	const size_t prose = structured_prose(s->x);
	count(s, &t);
	const float n = (float)s->n;
	const float share = (float)t.bytes / (float)(prose + 1);
	const float known = ((float)t.names + (float)t.dates) / (2 * n);
	/* A page that its script draws shows nothing to agree with. */
	if (prose > t.bytes / 2 && (float)t.shown < 0.6f * n)
		return 0.1f;
	if ((float)t.cut > 0.3f * n)
		return 0.2f;
	if (share < least_share(s))
		return 0.3f;
	return 0.45f + 0.45f * known;
}
