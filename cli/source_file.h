/* Where commands write sections: local.conf in the operator's feeds folder (the last one of the configuration that has such a
 * file, else the last one), or the file of --file. */
#ifndef EARSHOT_CLI_SOURCE_FILE_H
#define EARSHOT_CLI_SOURCE_FILE_H

#include "cli/command.h"
#include "common/base/str.h"

/* Puts sections behind what is in the file, all or nothing: under a lock on the folder, after the loader has read them together
 * with all that is configured (what it finds wrong is printed, and nothing is written), aside and renamed. Says where it was
 * written and how crawlers come to know. */
enum outcome source_file_add(struct session *s, struct str sections, struct err *e) MUST_CHECK;

#endif
