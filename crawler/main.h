/* The crawler role. */
#ifndef EARSHOT_CRAWLER_MAIN_H
#define EARSHOT_CRAWLER_MAIN_H

#include "common/base/settings.h"

/* Runs until TERM; returns an exit code. */
int crawler_main(const struct settings *settings);
/* "earshot/0.1 (+contact)" */
const char *crawler_user_agent(struct arena *a, const struct settings *s);

#endif
