/*
 * Deterministic random numbers for the profile generator: splitmix64, and a Zipf-like draw in
 * integers, so that the same seed gives the same profile on every machine and compiler.
 */
#ifndef BENCH_RNG_H
#define BENCH_RNG_H

#include <stdbool.h>
#include <stdint.h>

struct rng {
    uint64_t state; /* any value is a seed */
};

static inline uint64_t rng_mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static inline uint32_t rng_next(struct rng *rng)
{
    rng->state += 0x9e3779b97f4a7c15u;
    return (uint32_t)(rng_mix(rng->state) >> 32);
}

/* Maps 32 random bits evenly to [0, n). */
static inline uint32_t rng_scale(uint32_t random, uint32_t n)
{
    return (uint32_t)(((uint64_t)random * n) >> 32);
}

static inline uint32_t rng_below(struct rng *rng, uint32_t n)
{
    return rng_scale(rng_next(rng), n);
}

static inline bool rng_percent(struct rng *rng, uint32_t percent)
{
    return rng_below(rng, 100) < percent;
}

/*
 * Zipf with exponent s = 3/4: the inverse of its cumulative weight is
 * (1 + u (N^(1-s) - 1))^(1/(1-s)), here a fourth power, which integers can do.
 * X and the root have 24 fractional bits.
 */
static inline uint32_t rng_fourth_power(uint64_t x)
{
    uint64_t square = (x * x) >> 26; /* 22 fractional bits: the next product still fits */
    return (uint32_t)((square * square) >> 44);
}

/* The fourth root of N, for rng_zipf; N up to a million. */
static inline uint64_t rng_fourth_root(uint32_t n)
{
    uint64_t low = 1u << 24, high = 32u << 24;
    while (high - low > 1) {
        uint64_t middle = (low + high) / 2;
        if (rng_fourth_power(middle) <= n)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* A rank in [0, n), low ranks most often; ROOT is rng_fourth_root(n). */
static inline uint32_t rng_zipf(struct rng *rng, uint32_t n, uint64_t root)
{
    uint64_t one = 1u << 24;
    uint32_t rank = rng_fourth_power(one + (((root - one) * rng_next(rng)) >> 32)) - 1;
    return rank < n ? rank : n - 1;
}

#endif
