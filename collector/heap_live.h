/* Where the sampled blocks are: from the address of a block to its sample.
 *
 * A table in shards, each with a lock of its own, for `free` comes from all threads; and before it
 * a filter that one load looks at, since most blocks are no sampled ones. Not for signal handlers.
 */
#ifndef CPPROF_COLLECTOR_HEAP_LIVE_H
#define CPPROF_COLLECTOR_HEAP_LIVE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The filter: HEAP_SEEN bytes count the blocks in the table whose address has that hash;
 * HEAP_SEEN_FULL says "many", and stays. */
enum { HEAP_SEEN = 1 << 16, HEAP_SEEN_FULL = 255 };
extern _Atomic unsigned char heap_seen[HEAP_SEEN];

static inline size_t heap_hash(const void *block)
{
    return ((uintptr_t)block >> 4) * 0x9E3779B97F4A7C15 >> 48;
}

/* Is BLOCK perhaps a sampled one? Never says no of one that is. */
static inline bool heap_is_seen(const void *block)
{
    return atomic_load_explicit(&heap_seen[heap_hash(block)], memory_order_relaxed) != 0;
}

/* The sample of a block: a row of heap.c's stacks, and the run of the profile they are of. */
struct heap_sample_ref {
    uint32_t row, run;
};

/* Puts BLOCK in; false: there is no memory. */
bool heap_live_add(const void *block, struct heap_sample_ref sample);

/* Takes BLOCK out, if it is in. */
bool heap_live_take(const void *block, struct heap_sample_ref *sample);

/* Forgets all of them. */
void heap_live_clear(void);

/* Around fork. */
void heap_live_lock(void);
void heap_live_unlock(void);

#endif
