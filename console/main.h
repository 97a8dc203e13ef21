/* The console role: one loop that keeps the connection to Redis and serves the page. */
#ifndef EARSHOT_CONSOLE_MAIN_H
#define EARSHOT_CONSOLE_MAIN_H

#include "common/base/settings.h"

/* Runs until TERM. Prints `console: URL` on standard output once it listens, and keeps the URL in DATA/console.url while it
 * runs, when the data folder exists. Returns an exit code of the contract. */
int console_main(const struct settings *settings);

#endif
