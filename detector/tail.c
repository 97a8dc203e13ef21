/* The tail of a negative binomial as a regularised incomplete beta function, by its continued fraction. */
#include "detector/tail.h"

#include <math.h>
#include <stdbool.h>

#define ROUNDS 500 /* of the continued fraction; a few dozen are usual */
#define TINY 1e-300
#define SIZE_MOST 1e7 /* of the negative binomial: with more it cannot be told from a Poisson */

static double not_zero(double x)
{
	return fabs(x) < TINY ? TINY : x;
}

/* Continued fraction of the incomplete beta function, modified Lentz method (Numerical Recipes 6.4). */
static double beta_fraction(double a, double b, double x)
{
	double c = 1, d = 1 / not_zero(1 - (a + b) * x / (a + 1)), f = d;
	for (int i = 1; i <= ROUNDS; i++) {
		const double even = i * (b - i) * x / ((a + 2 * i - 1) * (a + 2 * i));
		d = 1 / not_zero(1 + even * d);
		c = not_zero(1 + even / c);
		f *= d * c;
		const double odd = -(a + i) * (a + b + i) * x / ((a + 2 * i) * (a + 2 * i + 1));
		d = 1 / not_zero(1 + odd * d);
		c = not_zero(1 + odd / c);
		f *= d * c;
		if (fabs(d * c - 1) < 1e-10)
			break;
	}
	return f;
}

/* I_x(a, b) */
static double beta_share(double a, double b, double x)
{
	int sign;
	const double front = lgamma_r(a + b, &sign) - lgamma_r(a, &sign) - lgamma_r(b, &sign) + a * log(x) + b * log1p(-x);
	if (x < (a + 1) / (a + b + 2))
		return exp(front) * beta_fraction(a, b, x) / a;
	return 1 - exp(front) * beta_fraction(b, a, 1 - x) / b;
}

double tail_probability(double observed, double mean, double variance)
{
	if (!(observed > 0) || !isfinite(observed))
		return 1;
	if (!(mean > 0))
		return 0;
	const double over = variance - mean;
	const double size = over > mean * mean / SIZE_MOST ? mean * mean / over : SIZE_MOST;
	const double p = beta_share(ceil(observed), size, mean / (mean + size));
	return p < 0 ? 0 : p > 1 ? 1 : p;
}
