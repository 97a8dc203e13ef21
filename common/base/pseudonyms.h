/* The keys of authors' pseudonyms: one in force, and those that were before it.
 *
 * They lie outside Redis, so that whoever has its data cannot try names: in DATA/pseudonym.key, made at first use, with the older ones
 * in DATA/pseudonym.keys.before (a line each, newest first); or where pseudonym_key and pseudonym_keys_before of earshot.conf say.
 * Only the first makes pseudonyms. The older ones are for reading: who was stored or erased under them is still found. Nothing is made
 * anew at a rotation: pseudonyms cannot be turned into others without the names, which nobody has. */
#ifndef EARSHOT_BASE_PSEUDONYMS_H
#define EARSHOT_BASE_PSEUDONYMS_H

#include "common/base/settings.h"

#define PSEUDONYM_KEYS 16 /* rotations that are remembered, and the key in force */

struct pseudonym_keys {
	struct str key[PSEUDONYM_KEYS]; /* [0] is in force */
	size_t n;
};

/* Keys live in `a`. `makes`: where there is none, one is made (mode 0600); else that is REJECT. */
enum outcome pseudonyms_load(
	struct arena *a, const struct settings *s, bool makes, struct pseudonym_keys *out, struct err *e) MUST_CHECK;
/* Puts a new key in force, the old one in front of those before; a crash between the two leaves all as it was. REJECT when the keys
 * are configured, or too many. Crawlers take it up when they start. */
enum outcome pseudonyms_rotate(struct arena *a, const struct settings *s, struct err *e) MUST_CHECK;

#endif
