/* The parts of the fields reader: what one node says of a field, and the places at which most records say it. Used by
 * extract_records_fields.c alone. Everything lives in the arena of the page. */
#ifndef EARSHOT_CRAWLER_EXTRACT_RECORDS_FIELDS_H
#define EARSHOT_CRAWLER_EXTRACT_RECORDS_FIELDS_H

#include "crawler/extract_records.h"

enum field { FIELD_AUTHOR, FIELD_TIME, FIELD_URL };

struct reading { /* one node read as a field: what it is worth, 0 = it is none */
	double merit;
	uint64_t value;
	int64_t at_ms;
	bool is_read; /* else it was not asked for yet */
};

/* The nodes of a page as one field, each read once. */
struct readings {
	const struct records_marks *m;
	enum field field;
	struct reading *known; /* of each node; zero at first */
};

#define FIELD_BEST 4 /* places of one field that are remembered */

struct places; /* room to count in, for one field after the other */

/* extract_records_readings.c */
const struct reading *readings_of(const struct readings *r, uint32_t node);
struct str readings_fragment(struct str href); /* behind the #; "" = none */
bool readings_has_digit(struct str s);

/* extract_records_places.c */
struct places *places_new(struct arena *a);
/* The best places, best first: a record that has no first one is asked for the second. Of equals the one whose slot comes first. 0
 * behind the last. */
void places_best(struct places *p, const struct readings *readings, const struct records_set *s, uint64_t best[FIELD_BEST]);
bool places_is_in_body(const struct records_marks *m, const struct records_range *r, uint32_t node);

#endif
