/* The stack of a call into one of our hooks: where memory was allocated, where a lock was waited
 * for. Not for signal handlers.
 */
#ifndef CPPROF_COLLECTOR_CALLS_H
#define CPPROF_COLLECTOR_CALLS_H

#include "collector/threads.h"

enum { CALLS_DEPTH = 128 };

/* Fills PCS with at most CALLS_DEPTH return addresses, beginning with CALLER, the one the hook has
 * (__builtin_return_address(0) in it). Returns their number, at least 1. */
size_t calls_walk(struct thread *t, void *caller, uintptr_t *pcs);

/* The same for the calling thread, where it may take time and locks: what was loaded since is read
 * first. 0 if there is no memory. Keeps errno. */
size_t calls_walk_fresh(const void *caller, uintptr_t *pcs);

#endif
