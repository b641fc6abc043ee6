/* Numbers as the reference computes them. */
#ifndef CPPROF_BASE_NUM_H
#define CPPROF_BASE_NUM_H

#include <stdint.h>

/* Towards zero; what does not fit, and NaN, becomes INT64_MIN, as on
 * amd64, where C leaves it open. */
static inline int64_t f64_to_i64(double v)
{
    return v >= -9223372036854775808.0 && v < 9223372036854775808.0 ? (int64_t)v : INT64_MIN;
}

/* INT64_MIN stays what it is (the build wraps). */
static inline int64_t abs64(int64_t v)
{
    return v < 0 ? -v : v;
}

/* How far V is from 0; INT64_MAX for INT64_MIN. */
static inline int64_t magnitude64(int64_t v)
{
    return v == INT64_MIN ? INT64_MAX : abs64(v);
}

/* A + B, neither below 0; INT64_MAX where that would not fit. */
static inline int64_t add_up64(int64_t a, int64_t b)
{
    return a > INT64_MAX - b ? INT64_MAX : a + b;
}

/* A / B towards zero; INT64_MIN / -1 wraps instead of trapping. B is not 0. */
static inline int64_t div64(int64_t a, int64_t b)
{
    return b == -1 ? -a : a / b;
}

#endif
