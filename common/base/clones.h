/* A hot function that is compiled twice: for machines with AVX2 and BMI2 (x86-64-v3, most of them since 2015) and for all others; the
 * loader chooses once. Only where it was measured to help, and only for integers: results are the same. */
#ifndef EARSHOT_BASE_CLONES_H
#define EARSHOT_BASE_CLONES_H

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define CLONED __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define CLONED
#endif

#endif
