/* The heap profile: which stacks allocated memory, and which of it is in use.
 *
 * One allocation in so many bytes is sampled: each thread counts bytes down to a random point, so
 * that every byte has the same chance whatever the sizes are. Of a sampled block its stack and size
 * are kept until it is freed. What is counted is scaled up when it is written: a block of SIZE
 * bytes was sampled with probability 1 - exp(-SIZE / rate), and blocks are kept apart by size, so
 * the factor is exact.
 *
 * heap_on, the hooks of hooks_malloc.c, heap_add_samples, heap_off.
 */
#ifndef CPPROF_COLLECTOR_HEAP_H
#define CPPROF_COLLECTOR_HEAP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cpprof_builder;

enum { HEAP_RATE = 512 * 1024 };

/* What the hooks look at on their fast path. HEAP_SEEN bytes count the sampled blocks whose address
 * has that hash, all of them 0 when the profile is off; HEAP_SEEN_FULL says "many", and stays. */
enum { HEAP_SEEN = 1 << 16, HEAP_SEEN_FULL = 255 };

extern _Atomic bool heap_gate;
extern _Atomic unsigned char heap_seen[HEAP_SEEN];

extern __thread int64_t heap_countdown __attribute__((tls_model("initial-exec")));

static inline size_t heap_hash(const void *block)
{
    return ((uintptr_t)block >> 4) * 0x9E3779B97F4A7C15 >> 48;
}

/* Does this allocation of SIZE bytes pass the thread's random point? */
static inline bool heap_is_due(size_t size)
{
    return atomic_load_explicit(&heap_gate, memory_order_relaxed) &&
           (heap_countdown -= (int64_t)size) < 0;
}

/* Is BLOCK perhaps a sampled one? Never says no of one that is. */
static inline bool heap_is_seen(const void *block)
{
    return atomic_load_explicit(&heap_seen[heap_hash(block)], memory_order_relaxed) != 0;
}

/* Keeps a sample of the block that CALLER got. Called when heap_is_due. */
void heap_sample(void *block, size_t size, void *caller);

/* A block is about to be freed, or to be moved by realloc. Called when heap_is_seen. True if it was
 * a sampled one; *SAMPLE then brings it back if realloc fails. */
struct heap_sample_ref {
    uint32_t bucket;
};
bool heap_forget(void *block, struct heap_sample_ref *sample);
void heap_bring_back(void *block, struct heap_sample_ref sample);

/* Begins to sample about one allocation every RATE bytes. 0, EBUSY if it has begun already, ENOMEM.
 */
int heap_on(int64_t rate);
void heap_off(void);
bool heap_is_on(void);

/* No sample is taken in the calling thread between these two. */
void heap_pause(void);
void heap_resume(void);

/* Declares the heap's sample types in B. */
void heap_add_types(struct cpprof_builder *b);

/* Adds to B what there is; with SINCE_LAST only what has changed since the last such call. B must
 * know the mappings. */
void heap_add_samples(struct cpprof_builder *b, bool since_last);

/* Adds what was sampled so far to TO, a row for each stack and size of block (its number): objects
 * and bytes allocated, and those in use. What there really is, is heap_factor times as much. 0 or
 * ENOMEM. */
struct stackset;
int heap_take(struct stackset *to);
double heap_factor(size_t size);
int64_t heap_rate(void);

/* Around fork, so that the child's tables are whole. */
void heap_lock(void);
void heap_unlock(void);

#endif
