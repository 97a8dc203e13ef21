/* What the HTML cleaner lets through: lists with one row a name. Private to crawler/clean*.c. */
#ifndef EARSHOT_CRAWLER_CLEAN_LISTS_H
#define EARSHOT_CRAWLER_CLEAN_LISTS_H

#include "common/base/str.h"

#define CLEAN_NAME_BYTES 24 /* the longest name and the zeros behind it */

enum clean_flag {
	CLEAN_HTML = 1,
	CLEAN_SVG = 2, /* inside <svg> */
	CLEAN_MATH = 4, /* inside <math> */
	CLEAN_VOID = 8, /* has no end tag */
	CLEAN_CLOSES = 16, /* its start tag ends an open element of the same name: <li>, <p> */
	CLEAN_HIDDEN = 32, /* goes with all it holds */
	CLEAN_ADDRESS = 64, /* an attribute that holds an address */
};

struct clean_row {
	char name[CLEAN_NAME_BYTES]; /* lower case */
	unsigned flags;
	const char *written; /* when it is not written in lower case */
};

/* Row of a name in any case; NULL when it is not listed. Rows are in alphabetical order. */
const struct clean_row *clean_element(struct str name);
const struct clean_row *clean_attribute(struct str name);
/* The same for rows by number, for counting elements that are open. */
size_t clean_element_number(const struct clean_row *row);
#define CLEAN_ELEMENTS_MAX 192

bool clean_is_scheme(struct str scheme);
bool clean_is_property(struct str property); /* CSS properties whose every value is fine */
bool clean_is_box_property(struct str property); /* background-…, border-…, margin-…, padding-…: values are looked at */
bool clean_is_keyword(struct str word);

#endif
