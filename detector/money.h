/* Sums of money in a text: is one of them a large loss for a person?
 *
 * Large is from 5,000 yuan, 1,000 dollars, pounds or euros and what comes to about as much elsewhere (table in money.c). Read are digits
 * ("12,000", "1.2万", "3k", "2 million") and Chinese numerals (八千, 一万二, 十几万) with a currency before or behind them; without one, a Chinese
 * sum behind a word of paying (押金8000, 花了一万二) is in yuan. Numbers of people, steps or kilometres are no money. */
#ifndef EARSHOT_DETECTOR_MONEY_H
#define EARSHOT_DETECTOR_MONEY_H

#include "common/base/str.h"

/* `text` is normalised (small letters, half width, Simplified). Linear in its length. */
bool money_is_large(struct str text);

#endif
