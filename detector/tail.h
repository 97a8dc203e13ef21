/* One-sided tail of a count: how likely so many or more are when the mean and variance are known. */
#ifndef EARSHOT_DETECTOR_TAIL_H
#define EARSHOT_DETECTOR_TAIL_H

/* P(X >= observed) of a negative binomial, which is Poisson when the variance is no larger than the mean; 0…1. */
double tail_probability(double observed, double mean, double variance);

#endif
