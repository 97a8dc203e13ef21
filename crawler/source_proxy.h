/* The proxy of a source: what its options say, checked and compiled into source.proxy. */
#ifndef EARSHOT_CRAWLER_SOURCE_PROXY_H
#define EARSHOT_CRAWLER_SOURCE_PROXY_H

#include "common/base/arena.h"
#include <earshot/source.h>

enum outcome source_proxy_derive(struct arena *a, struct source_how *how, struct err *e) MUST_CHECK;

#endif
