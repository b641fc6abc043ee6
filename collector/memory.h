/* Memory of our own, straight from the kernel.
 *
 * What is counted at the place (heap, block, mutex) is counted inside the program's calls, perhaps
 * inside its allocator's: with locks of that allocator held, which our own locks must not wait for.
 * So tables that such a hook fills are not in memory from malloc. Not for small things: it comes in
 * pages. Keeps errno; may be called wherever system calls may.
 */
#ifndef CPPROF_COLLECTOR_MEMORY_H
#define CPPROF_COLLECTOR_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* SIZE bytes of zeros; NULL: there is no memory. */
void *memory_new(size_t size);

/* What memory_new gave for SIZE; MEMORY may be NULL. */
void memory_free(void *memory, size_t size);

/* Makes room for NEED items of SIZE bytes in the array that ITEMS points to, which has *CAP places,
 * all of them from here. False, and everything as it was, if there is no memory. */
bool memory_grow(void *items, size_t *cap, size_t need, size_t size);

/* Frees such an array and makes it empty. */
void memory_release(void *items, size_t *cap, size_t size);

#endif
