/* A document as it came off the wire: what every parser of the crawler is given. Nothing here is owned: the bytes belong
 * to the fetch, the strings to its arena. "" means not known. */
#ifndef EARSHOT_CRAWLER_PAGE_H
#define EARSHOT_CRAWLER_PAGE_H

#include "common/base/str.h"

struct fuel;

struct page {
	struct str bytes; /* the body after content decoding, at most LIMIT_BODY_BYTES */
	struct str url; /* the address it came from after redirects; base of relative links */
	struct str content_type; /* value of the response header, with its charset parameter */
	struct str content_language; /* value of the response header */
	struct str content_location; /* value of the response header; wins over url as the base of links */
	struct fuel *fuel; /* what reading it may cost; NULL = without end */
	int64_t fetched_ms; /* "3 minutes ago" counts from here; 0 = not known, such dates stay unknown */
	int zone_minutes; /* offset from UTC of times that name no zone */
};

/* For the document whose fuel ran out; takes its size. */
#define PAGE_TOO_COSTLY                                                                                                          \
	"the document (%zu bytes) takes too much work to read and was given up; look at it with `earshot fetch`, and read "      \
	"another page of the site"

#endif
