/* Our own locks, which are no business of the profiles: taking one while it is counted could come
 * back to itself. Not for signal handlers.
 */
#ifndef CPPROF_COLLECTOR_QUIET_H
#define CPPROF_COLLECTOR_QUIET_H

#include "collector/contention.h"
#include "collector/heap.h"

#include <pthread.h>

/* Until quiet_unlock nothing the calling thread does is sampled. */
static inline void quiet_lock(pthread_mutex_t *m)
{
    heap_pause();
    contention_pause();
    pthread_mutex_lock(m);
}

static inline void quiet_unlock(pthread_mutex_t *m)
{
    pthread_mutex_unlock(m);
    contention_resume();
    heap_resume();
}

#endif
