/* What the programs here have in common: the time, and medians. */
#ifndef CPPROF_BENCH_H
#define CPPROF_BENCH_H

#include <stdlib.h>
#include <time.h>

static inline long long bench_ns(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static inline int bench_compare(const void *a, const void *b)
{
    long long x = *(const long long *)a, y = *(const long long *)b;
    return (x > y) - (x < y);
}

/* Sorts VALUES. */
static inline long long bench_median(long long *values, size_t count)
{
    qsort(values, count, sizeof *values, bench_compare);
    return values[count / 2];
}

#endif
