/* Texts about two brands put together from two short texts about one each: all there is to tell in them is whose words are whose. */
#ifndef EARSHOT_DETECTOR_STANCE_COMPOSE_H
#define EARSHOT_DETECTOR_STANCE_COMPOSE_H

#include "common/base/arena.h"
#include <earshot/verdict.h>

#define STANCE_COMPOSE_BYTES 180u /* longer texts about one are no clause beside another one */

struct stance_single {
	struct str text, name;
	enum label label;
};

/* One of each language waits for the next one; all zeros to begin with. */
struct stance_compose {
	struct {
		char text[STANCE_COMPOSE_BYTES], name[STANCE_COMPOSE_BYTES];
		struct stance_single single; /* its bytes are those above; text "" = none waits */
	} waiting[2];
	unsigned n; /* texts made */
};

struct stance_composed {
	struct str text, name[2];
	enum label label[2];
};

/* `s`, which then waits itself, behind the text that waits: false when none does, when `s` is too long or does not name its brand, or when
 * one of the two texts has the other one's name. `out` lives in `a`. */
bool stance_compose(struct stance_compose *c, struct arena *a, const struct stance_single *s, struct stance_composed *out);

#endif
