/* The profile "threadcreate": which stacks created threads.
 *
 * Off until cpprof_threadcreate_start, since each pthread_create then walks its stack (about a
 * microsecond, where creating a thread takes ten or more); while it is off it costs one load.
 */
#ifndef CPPROF_COLLECTOR_THREADCREATE_H
#define CPPROF_COLLECTOR_THREADCREATE_H

#include "collector/kinds.h"

/* A thread was created, by a call that returns to CALLER. Keeps errno. */
void threadcreate_note(const void *caller);

/* For the table of kinds. */
int threadcreate_take(const struct cpprof_profile *p, struct stackset *to);

/* Around fork: nobody is at work on the set meanwhile. */
void threadcreate_lock(void);
void threadcreate_unlock(void);

#endif
