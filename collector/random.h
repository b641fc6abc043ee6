/* Numbers that look random, for what is sampled: xorshift64 (Marsaglia 2003). Nothing here needs to
 * be secret. Async-signal-safe.
 */
#ifndef CPPROF_COLLECTOR_RANDOM_H
#define CPPROF_COLLECTOR_RANDOM_H

#include <stdint.h>

/* The next one. *STATE is the caller's, one for each thread; 0 begins anew from where it lies. */
static inline uint64_t random_next(uint64_t *state)
{
    uint64_t x = *state ? *state : ((uintptr_t)state ^ 0x9E3779B97F4A7C15) | 1;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return *state = x;
}

/* Between 0 and 1, and neither of them: its logarithm may be taken. */
static inline double random_unit(uint64_t *state)
{
    return ((double)(random_next(state) >> 11) + 0.5) / (double)(UINT64_C(1) << 53);
}

#endif
