/* The heap profile: which stacks allocated memory, and which of it is in use.
 *
 * One allocation in so many bytes is sampled: each thread counts bytes down to a random point, so
 * that every byte has the same chance whatever the sizes are. Of a sampled block its stack and size
 * are kept until it is freed. What is counted is scaled up when it is written: a block of SIZE
 * bytes was sampled with probability 1 - exp(-SIZE / rate), and blocks are kept apart by size, so
 * the factor is exact.
 *
 * heap_on, the hooks of hooks_malloc.c, heap_take, heap_off.
 */
#ifndef CPPROF_COLLECTOR_HEAP_H
#define CPPROF_COLLECTOR_HEAP_H

#include "collector/heap_live.h"

struct stackset;
struct stackset_row;

enum { HEAP_RATE = 512 * 1024 };

/* What the hooks look at on their fast path: which run of the profile this is (0: it is off), and
 * the thread's countdown, which is good for one run. */
extern _Atomic uint32_t heap_run;
extern __thread struct heap_countdown {
    int64_t left; /* bytes */
    uint32_t run;
} heap_countdown __attribute__((tls_model("initial-exec")));

/* Does this allocation of SIZE bytes pass the thread's random point? */
static inline bool heap_is_due(size_t size)
{
    uint32_t run = atomic_load_explicit(&heap_run, memory_order_relaxed);
    return run && ((heap_countdown.left -= (int64_t)size) < 0 || heap_countdown.run != run);
}

/* Keeps a sample of the block that CALLER got. Called when heap_is_due. */
void heap_sample(void *block, size_t size, void *caller);

/* A block is about to be freed, or to be moved by realloc. Called when heap_is_seen. True if it was
 * a sampled one; *SAMPLE then brings it back if realloc fails. */
bool heap_forget(void *block, struct heap_sample_ref *sample);
void heap_bring_back(void *block, struct heap_sample_ref sample);

/* Begins to sample about one allocation every RATE bytes; 1: every one. 0, or EBUSY if it has begun
 * already. */
int heap_on(int64_t rate);
void heap_off(void);
bool heap_is_on(void);

/* No sample is taken in the calling thread between these two. They nest. */
void heap_pause(void);
void heap_resume(void);

/* Adds a row to TO for each stack and size of block (its number): objects and bytes allocated, and
 * those in use. They are those of samples; or with NEWS, what has changed since the last such call,
 * scaled. 0 or ENOMEM. */
int heap_take(struct stackset *to, bool news);

/* From what was sampled of a row to what there is. */
void heap_scale(struct stackset_row *row);

int64_t heap_rate(void);

/* Around fork, so that the child's tables are whole. */
void heap_lock(void);
void heap_unlock(void);

#endif
