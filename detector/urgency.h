/* How soon must somebody act? low: nothing to do; normal: a complaint; high: threat, group, large loss or danger; critical: harm
 * done, or the law or the media already at it. */
#ifndef EARSHOT_DETECTOR_URGENCY_H
#define EARSHOT_DETECTOR_URGENCY_H

#include "detector/heads.h"

#define URGENCY_WORD_FROM 0.5f /* an urgency word below this weight is only a cue for the model */

/* Needs label, nature and category of the verdict so far; adds its reasons. */
enum urgency urgency_judge(struct reading *r, const struct verdict *so_far, const struct heads *heads);

#endif
