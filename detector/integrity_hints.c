/* Hints at malicious complaints and rumours: what a person should look at, each with the posts it stands on. */
#include <earshot/limits.h>

#include "common/text/normalise.h"
#include "detector/integrity_parts.h"

#define COPIED_POSTS 5 /* of one complaint, or one piece of hearsay … */
#define COPIED_AUTHORS 3 /* … by so many */
#define SERIAL_POSTS 5 /* complaints of one author in a window */
#define RUMOUR_POSTS 3 /* at the least … */
#define RUMOUR_PART 10 /* … and one post in so many */

const char *const integrity_hint_names[HINT__N] = {
	[HINT_MONEY] = "money",
	[HINT_COPIED_COMPLAINT] = "copied_complaint",
	[HINT_SERIAL_COMPLAINT] = "serial_complaint",
	[HINT_RUMOURS] = "rumours",
	[HINT_COPIED_HEARSAY] = "copied_hearsay",
};

enum cue_kind { OFFER, ASKED, PAY, HEARSAY, SEEN };
static const struct {
	enum cue_kind kind;
	const char *text;
} cues[] = {
#define CUE(kind, text) { kind, text },
#include "detector/integrity_hints.def"
#undef CUE
};

/* Bits 1 << enum cue_kind. */
static unsigned cues_of(struct arena *a, struct str whole)
{
	const struct str text = normalise_text(a, str_cut_utf8(whole, LIMIT_INTEGRITY_TEXT_BYTES));
	unsigned found = 0;
	for (size_t i = 0; i < sizeof cues / sizeof *cues; i++)
		if ((found & 1u << cues[i].kind) == 0 && str_find(text, str_of(cues[i].text)) >= 0)
			found |= 1u << cues[i].kind;
	return found;
}

static bool wants_money_for_silence(unsigned found)
{
	const unsigned wanted = 1u << OFFER | 1u << PAY;
	return (found & wanted) == wanted && (found & 1u << ASKED) == 0;
}

static bool is_bare_hearsay(unsigned found)
{
	return (found & 1u << HEARSAY) != 0 && (found & 1u << SEEN) == 0;
}

/* ---- what is counted for each hint ---- */

struct sum {
	size_t posts, authors, sample;
};

static void sum_add(struct sum *s, size_t posts, size_t authors, size_t sample)
{
	s->sample = s->posts == 0 ? sample : s->sample;
	s->posts += posts;
	s->authors += authors;
}

static void hint_add(struct integrity *out, enum integrity_hint hint, struct sum s)
{
	out->hint[out->nhints++] = (struct integrity_hint_found){ hint, s.posts, s.authors, s.sample };
}

/* What the press and the brand say is no complaint of a person, and a repost says so. */
static struct sum money_find(struct arena *a, const struct integrity_window *w)
{
	struct sum s = { 0 };
	for (size_t i = 0; i < w->n; i++)
		if (w->post[i].voice == VOICE_PERSON && wants_money_for_silence(cues_of(a, w->post[i].text)))
			sum_add(&s, 1, 1, i);
	return s;
}

static struct sum rumours_find(const struct integrity_window *w)
{
	struct sum s = { 0 };
	for (size_t i = 0; i < w->n; i++)
		if (w->post[i].nature == NAT_RUMOUR && w->post[i].voice != VOICE_OWN)
			sum_add(&s, 1, 1, i);
	return s;
}

static bool is_copied(const struct integrity_group *g)
{
	return g->posts >= COPIED_POSTS && g->authors >= COPIED_AUTHORS;
}

static struct sum copied_complaints(const struct integrity *in)
{
	struct sum s = { 0 };
	for (size_t i = 0; i < in->all_groups; i++)
		if (is_copied(&in->group[i]) && 2 * in->group[i].complaints > in->group[i].posts)
			sum_add(&s, in->group[i].posts, in->group[i].authors, in->group[i].first);
	return s;
}

static struct sum copied_hearsay(struct arena *a, const struct integrity_window *w, const struct integrity *in)
{
	struct sum s = { 0 };
	for (size_t i = 0; i < in->all_groups; i++)
		if (is_copied(&in->group[i]) && is_bare_hearsay(cues_of(a, w->post[in->group[i].first].text)))
			sum_add(&s, in->group[i].posts, in->group[i].authors, in->group[i].first);
	return s;
}

static size_t first_complaint_of(const struct integrity_window *w, struct str author)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->post[i].complaint >= 0.5 && str_eq(w->post[i].author, author))
			return i;
	return 0;
}

static struct sum serial_complaints(const struct integrity_window *w, const struct integrity *in)
{
	struct sum s = { 0 };
	for (size_t i = 0; i < in->nbusiest; i++)
		if (in->busiest[i].complaints >= SERIAL_POSTS)
			sum_add(&s, in->busiest[i].complaints, 1, first_complaint_of(w, in->busiest[i].author));
	return s;
}

void integrity_hints_find(struct arena *a, const struct integrity_window *w, struct integrity *out)
{
	const struct sum money = money_find(a, w), rumours = rumours_find(w), complaints = copied_complaints(out),
			 hearsay = copied_hearsay(a, w, out), serial = serial_complaints(w, out);
	if (money.posts > 0)
		hint_add(out, HINT_MONEY, money);
	if (complaints.posts > 0)
		hint_add(out, HINT_COPIED_COMPLAINT, complaints);
	if (serial.posts > 0)
		hint_add(out, HINT_SERIAL_COMPLAINT, serial);
	if (rumours.posts >= RUMOUR_POSTS && rumours.posts * RUMOUR_PART >= w->n)
		hint_add(out, HINT_RUMOURS, rumours);
	if (hearsay.posts > 0)
		hint_add(out, HINT_COPIED_HEARSAY, hearsay);
}
