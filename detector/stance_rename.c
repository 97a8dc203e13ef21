/* Another name in place of one. */
#include "detector/stance_rename.h"

void stance_rename_take(struct stance_rename *r, struct str name)
{
	if (name.n == 0 || name.n >= STANCE_RENAME_BYTES)
		return;
	char *place = r->name[r->n++ % STANCE_RENAME_NAMES];
	memcpy(place, name.p, name.n);
	place[name.n] = '\0';
}

static struct str replaced(struct arena *a, struct str text, struct str old, struct str new)
{
	char *out = arena_raw(a, text.n + text.n / old.n * new.n + 1);
	size_t n = 0;
	for (ptrdiff_t at = str_find(text, old); at >= 0; at = str_find(text, old)) {
		memcpy(out + n, text.p, (size_t)at);
		memcpy(out + n + at, new.p, new.n);
		n += (size_t)at + new.n;
		text = str_from(text, (size_t)at + old.n);
	}
	memcpy(out + n, text.p, text.n);
	return (struct str){ out, n + text.n };
}

bool stance_rename(const struct stance_rename *r, struct arena *a, struct str *text, struct str name[2])
{
	const uint64_t chance = str_hash(*text) >> 8;
	const struct str new = str_of(r->name[(chance >> 1) % STANCE_RENAME_NAMES]);
	struct str *old = &name[chance % 2];
	if (r->n < STANCE_RENAME_NAMES || old->n == 0)
		return false;
	*text = replaced(a, *text, *old, new);
	*old = new;
	return true;
}
