/* An arena: many small allocations that live and die together.
 *
 * arena_init, arena_alloc as often as needed, arena_release once. Nothing is freed on its own.
 * Not for use by two threads at once.
 */
#ifndef CPPROF_BASE_ARENA_H
#define CPPROF_BASE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *blocks; /* newest first */
    char *next, *end;           /* free space of the newest block */
};

void arena_init(struct arena *a);
void arena_release(struct arena *a);

/* SIZE bytes aligned for any type, not zeroed. */
void *arena_alloc(struct arena *a, size_t size);
void *arena_calloc(struct arena *a, size_t count, size_t size);

/* A copy with a NUL behind it. */
char *arena_strndup(struct arena *a, const char *s, size_t len);

#endif
