/* Units of measurement: bytes, time, GCU, and how values are scaled and written.
 *
 * Names and factors are pprof's (1 kB = 1024 B; "us", "hrs"). A unit nobody knows is passed
 * through.
 */
#ifndef CPPROF_BASE_UNITS_H
#define CPPROF_BASE_UNITS_H

#include "analyzer/base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scaled {
    double value;
    const char *unit; /* "" if not worth showing; static, or the TO that was given */
};

/* VALUE from unit FROM in unit TO; "minimum" and "auto" choose the largest unit in which it is at
 * least 1. */
struct scaled units_scale(int64_t value, const char *from, const char *to);

/* Can values of the two be added after scaling? */
bool units_compatible(const char *a, const char *b);

/* The units of FROM's kind, smallest first, each as how many FROM one of it is; at most
 * UNITS_LADDER of them go to STEPS. Returns how many: 0 if nobody knows FROM. */
enum { UNITS_LADDER = 9 };
size_t units_ladder(const char *from, struct scaled steps[UNITS_LADDER]);

/* "1.50s": two decimals less a .00; zero has no unit. */
void units_label(struct buf *b, int64_t value, const char *from, const char *to);

/* VALUE as a share of TOTAL in six columns: "  100%", "12.34%", "0.034%". */
void units_percentage(struct buf *b, int64_t value, int64_t total);

#endif
