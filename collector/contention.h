/* Where threads wait for each other: the block and the mutex profile.
 *
 * A block sample is of who waited, for a mutex, a read-write lock, a condition, a semaphore,
 * another thread's end. A mutex sample is of who made others wait: the stack that unlocked a mutex
 * or read-write lock others were waiting for, with the time they had waited by then.
 *
 * The hooks of hooks_lock.c try first and come here only when they have to wait.
 */
#ifndef CPPROF_COLLECTOR_CONTENTION_H
#define CPPROF_COLLECTOR_CONTENTION_H

#include "collector/counted.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Both: contentions/count, delay/nanoseconds. Block's rate is in nanoseconds: what takes as long is
 * always sampled, what is shorter with the probability that makes the sum right. Mutex's rate is
 * how many unlocks there are for one sample. */
struct stackset;

extern struct counted block_profile, mutex_profile;

/* What the hooks look at on their fast path: which of the two is on, and whether waits are traced.
 */
enum { CONTENTION_BLOCK = 1, CONTENTION_MUTEX = 2, CONTENTION_TRACE = 4 };

extern _Atomic unsigned char contention_gate;

static inline bool contention_is_on(void)
{
    return atomic_load_explicit(&contention_gate, memory_order_relaxed) != 0;
}

/* Who waits for a lock at this moment, by the lock's address; locks of the same hash share one. */
struct contention_wait {
    _Atomic uint32_t waiters;
    _Atomic int64_t since; /* when the unlocker's time began; monotonic nanoseconds */
};

enum { CONTENTION_WAITS = 4096 };

extern struct contention_wait contention_waits[CONTENTION_WAITS];

static inline struct contention_wait *contention_wait_of(const void *lock)
{
    return &contention_waits[((uintptr_t)lock >> 3) * 0x9E3779B97F4A7C15 >> 52];
}

int64_t contention_now(void);

/* A thread begins to wait for LOCK (NULL: for something nobody unlocks), and has waited: CALLER is
 * the hook's. contention_begin gives what contention_end wants. */
int64_t contention_begin(const void *lock);
void contention_end(const void *lock, int64_t began, void *caller);

/* LOCK is about to be unlocked and has waiters. */
void contention_unlock(const void *lock, void *caller);

int64_t contention_mutex_rate(void);

/* Tells trace_events.h of waits from now on, or no longer. */
void contention_trace(bool on);

/* The calling thread's waits are not counted between these two. */
void contention_pause(void);
void contention_resume(void);

/* Around fork. */
void contention_lock_all(void);
void contention_unlock_all(void);
void contention_in_child(void); /* after that: nobody waits there */

#endif
