/* What we do ourselves is no business of the profiles: no memory of ours is in the heap profile, no
 * waiting in the block profile, and taking a lock of ours while it is counted could come back to
 * itself. Not for signal handlers.
 */
#ifndef CPPROF_COLLECTOR_QUIET_H
#define CPPROF_COLLECTOR_QUIET_H

#include "collector/contention.h"
#include "collector/heap.h"

#include <pthread.h>

/* Between these two nothing the calling thread does is sampled, but its CPU time. They nest. */
static inline void quiet_begin(void)
{
    heap_pause();
    contention_pause();
}

static inline void quiet_end(void)
{
    contention_resume();
    heap_resume();
}

/* The same, and a lock of ours. */
static inline void quiet_lock(pthread_mutex_t *m)
{
    quiet_begin();
    pthread_mutex_lock(m);
}

static inline void quiet_unlock(pthread_mutex_t *m)
{
    pthread_mutex_unlock(m);
    quiet_end();
}

#endif
