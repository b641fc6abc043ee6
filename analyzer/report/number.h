/* Values unrounded, for formats that programs read.
 *
 * Text rounds: to two decimals, and before that means and what was divided by divide_by to whole
 * numbers. A number is what came before: the whole sum of the profile's own values where nothing
 * was divided, else the quotient.
 */
#ifndef CPPROF_REPORT_NUMBER_H
#define CPPROF_REPORT_NUMBER_H

#include "analyzer/report/report.h"

struct number {
    bool is_whole;
    int64_t whole;
    double real; /* the same as WHOLE, as near as it gets, or the number itself */
};

/* SUM, of samples' values, over DIVISOR, the sum of their counts (0: no mean is shown). */
struct number number_of(const struct report *r, int64_t sum, int64_t divisor);

/* What percentages are of. */
struct number number_total(const struct report *r);

struct number number_minus(struct number a, struct number b);

/* The unit these numbers are in: the one asked for by name if the profile's can be converted, else
 * the profile's own. */
const char *number_unit(const struct report *r);

/* Writes V in the fewest digits that give it back exactly ("0.1"); NaN and infinities as "". */
void number_write_real(struct buf *b, double v);
void number_write(struct buf *b, struct number n);

#endif
