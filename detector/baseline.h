/* What a series usually does: lagged, clipped moving means of the square-root sums of each window, their noise, and the
 * half-hour-of-day profile. evidence.c judges with it; nobody else needs it. */
#ifndef EARSHOT_DETECTOR_BASELINE_H
#define EARSHOT_DETECTOR_BASELINE_H

#include "detector/model.h"

/* What is expected of one window that ends at a time. */
struct outlook {
	double mean; /* square of the mean root: the sum that would give z = 0 */
	double noise; /* standard deviation of y = 2 sqrt(sum + 3/8) */
};

/* y = 2 sqrt(sum + 3/8): counts whose noise does not grow with their size (Anscombe 1948). */
double baseline_root(double sum);
struct outlook baseline_outlook(const struct model *m, int window, int64_t at_ms);
/* (y - expected y) / noise; 0 when the window is not judged yet. */
double baseline_z(const struct model *m, const struct sight *s, int window);
/* false while a window reaches back before the series was watched: a first crawl fills it without any surge. */
bool baseline_covers(const struct model *m, int window, int64_t at_ms);
int64_t baseline_window_ms(const struct model *m, int window);
/* The z that counts as the series' own noise: its tail, never under the floor of the window. */
double baseline_tail(const struct model *m, int window, int64_t at_ms);

#endif
