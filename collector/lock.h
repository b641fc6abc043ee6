/* A lock for a few instructions, taken where the C library's may not be: inside malloc, and inside
 * the hooks of the C library's own locks. Not for signal handlers.
 */
#ifndef CPPROF_COLLECTOR_LOCK_H
#define CPPROF_COLLECTOR_LOCK_H

#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>

struct lock {
    _Atomic bool taken;
};

static inline void lock_take(struct lock *l)
{
    enum { SPINS = 100 };
    for (int i = 0; atomic_exchange_explicit(&l->taken, true, memory_order_acquire); i++)
        if (i >= SPINS)
            sched_yield();
}

/* False if it could not be had for some milliseconds: whoever has it may be waiting for what the
 * caller has, as a thread that forks does. */
static inline bool lock_try(struct lock *l)
{
    enum { TRIES = 5000, SPINS = 100 };
    for (int i = 0; i < TRIES; i++) {
        if (!atomic_exchange_explicit(&l->taken, true, memory_order_acquire))
            return true;
        if (i >= SPINS)
            sched_yield();
    }
    return false;
}

static inline void lock_give(struct lock *l)
{
    atomic_store_explicit(&l->taken, false, memory_order_release);
}

#endif
