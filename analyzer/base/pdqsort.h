/* Pattern-defeating quicksort over 32-bit items, with the choices Go's sort package makes.
 *
 * It is not stable, but what it does to equal items depends only on where they stood before, so two
 * programs that make the same choices leave them in the same order. Reports sort a graph again
 * after trimming it; with another algorithm nodes that tie would come out in another order than
 * pprof's. Source: O. Peters, "Pattern-defeating Quicksort", arXiv:2106.05123; the constants are
 * Go 1.22's.
 */
#ifndef CPPROF_BASE_PDQSORT_H
#define CPPROF_BASE_PDQSORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef bool pdqsort_less(void *context, uint32_t a, uint32_t b);

void pdqsort(uint32_t *items, size_t count, pdqsort_less *less, void *context);

#endif
