/* The crawler role. */
#ifndef EARSHOT_CRAWLER_MAIN_H
#define EARSHOT_CRAWLER_MAIN_H

#include "common/base/settings.h"

/* Runs until TERM; returns an exit code. */
int crawler_main(const struct settings *settings);
/* Key of the authors' pseudonyms: the configured one, else the one in the data folder, made at first use (mode 0600). */
enum outcome crawler_pseudonym_key(struct arena *a, const struct settings *s, struct str *key, struct err *e) MUST_CHECK;
/* "earshot/0.1 (+contact)" */
const char *crawler_user_agent(struct arena *a, const struct settings *s);

#endif
