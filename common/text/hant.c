/* The Traditional -> Simplified tables and the look-up of the rare part. */
#include "common/text/hant.h"

#include <stddef.h>

struct hant_pair {
	uint32_t from, to;
};

#include "gen/t2s_table.h"

uint32_t hant_simplify_rare(uint32_t cp)
{
	if (cp < 0x2E80)
		return cp;
	size_t low = 0, high = sizeof(hant_other) / sizeof(hant_other[0]);
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (cp < hant_other[middle].from)
			high = middle;
		else if (cp > hant_other[middle].from)
			low = middle + 1;
		else
			return hant_other[middle].to;
	}
	return cp;
}
