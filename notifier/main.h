/* The notifier: alerts from the brands' outboxes to people, at least once each and with one id. */
#ifndef EARSHOT_NOTIFIER_MAIN_H
#define EARSHOT_NOTIFIER_MAIN_H

#include "common/base/settings.h"

/* Runs until TERM or INT; HUP reads the routes again and keeps the old ones when the new are wrong. TERM lets transfers in flight
 * finish for a few seconds. Returns an exit code of the command contract. `settings` MUST outlive the call. */
int notifier_main(const struct settings *settings);

#endif
