/* The time, in nanoseconds. Async-signal-safe. */
#ifndef CPPROF_COLLECTOR_CLOCK_H
#define CPPROF_COLLECTOR_CLOCK_H

#include <stdint.h>
#include <time.h>

/* What CLOCK says; -1 if there is no such clock (any more). */
static inline int64_t clock_ns(clockid_t clock)
{
    struct timespec t;
    if (clock_gettime(clock, &t) != 0)
        return -1;
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

#endif
