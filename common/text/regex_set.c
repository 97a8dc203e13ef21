/* Sets of characters of a regular expression, for "can these two begin alike?". */
#include "common/text/regex_part.h"

#include "common/base/utf8.h"

const struct regex_set regex_set_any = { .ascii = { ~0ull, ~0ull }, .any_high = true };

void regex_set_add(struct regex_set *s, uint32_t cp)
{
	if (cp < 0x80) {
		const uint32_t other = (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') ? cp ^ 0x20u : cp;
		s->ascii[cp >> 6] |= 1ull << (cp & 63);
		s->ascii[other >> 6] |= 1ull << (other & 63);
	} else if (s->nhigh < REGEX_SET_HIGH && utf8_is_han(cp)) {
		s->high[s->nhigh++] = cp;
	} else {
		s->any_high = true; /* letters with case have relatives elsewhere */
	}
}

void regex_set_add_range(struct regex_set *s, uint32_t from, uint32_t to)
{
	for (uint32_t cp = from; cp <= to && cp < 0x80; cp++)
		regex_set_add(s, cp);
	if (to >= 0x80)
		s->any_high = true;
}

void regex_set_join(struct regex_set *s, const struct regex_set *other)
{
	s->ascii[0] |= other->ascii[0];
	s->ascii[1] |= other->ascii[1];
	s->any_high |= other->any_high;
	for (unsigned i = 0; i < other->nhigh; i++)
		regex_set_add(s, other->high[i]);
}

void regex_set_turn(struct regex_set *s)
{
	s->ascii[0] = ~s->ascii[0];
	s->ascii[1] = ~s->ascii[1];
	s->any_high = true;
	s->nhigh = 0;
}

bool regex_sets_meet(const struct regex_set *a, const struct regex_set *b)
{
	if ((a->ascii[0] & b->ascii[0]) || (a->ascii[1] & b->ascii[1]))
		return true;
	if ((a->any_high && (b->any_high || b->nhigh)) || (b->any_high && a->nhigh))
		return true;
	for (unsigned i = 0; i < a->nhigh; i++)
		for (unsigned j = 0; j < b->nhigh; j++)
			if (a->high[i] == b->high[j])
				return true;
	return false;
}

static bool set_has(const struct regex_set *s, uint32_t cp)
{
	return cp < 0x80 && (s->ascii[cp >> 6] >> (cp & 63) & 1);
}

bool regex_set_has_word(const struct regex_set *s)
{
	struct regex_set words = { 0 };
	regex_set_add_range(&words, '0', '9');
	regex_set_add_range(&words, 'a', 'z');
	return (s->ascii[0] & words.ascii[0]) || (s->ascii[1] & words.ascii[1]);
}

/* Letters or digits but no space: what stands in front of a literal inside a word. */
bool regex_set_is_inside_word(const struct regex_set *s)
{
	return regex_set_has_word(s) && !set_has(s, ' ');
}

uint32_t regex_set_sample(const struct regex_set *s)
{
	for (uint32_t cp = 'a'; cp <= 'z'; cp++)
		if (set_has(s, cp))
			return cp;
	if (s->nhigh)
		return s->high[0];
	for (uint32_t cp = ' '; cp < 0x7F; cp++)
		if (set_has(s, cp))
			return cp;
	return 0x597D; /* 好 */
}

/* ---- edges: how a part can begin or end ---- */

/* Adds what `part` can begin (or end) with; true when it can be empty. */
bool regex_set_edge(const struct regex_part *part, bool at_begin, struct regex_set *out)
{
	bool is_empty = part->kind == PART_EMPTY;
	switch (part->kind) {
	case PART_SET:
		regex_set_join(out, &part->set);
		return false;
	case PART_EDGE:
		regex_set_join(out, &regex_set_any); /* `a+$` tries every shorter a+ before it gives up */
		return true;
	case PART_ROW:
		for (size_t i = 0; i < part->n; i++)
			if (!regex_set_edge(part->child[at_begin ? i : part->n - 1 - i], at_begin, out))
				return false;
		return true;
	case PART_CHOICE:
		for (size_t i = 0; i < part->n; i++)
			is_empty |= regex_set_edge(part->child[i], at_begin, out);
		return is_empty;
	case PART_REPEAT:
		is_empty = regex_set_edge(part->child[0], at_begin, out);
		return is_empty || part->least == 0;
	default:
		return true;
	}
}
