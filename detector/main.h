/* The detector role. */
#ifndef EARSHOT_DETECTOR_MAIN_H
#define EARSHOT_DETECTOR_MAIN_H

#include "common/base/settings.h"

/* Runs until TERM; returns an exit code. */
int detector_main(const struct settings *settings);

#endif
