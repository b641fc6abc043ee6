/* The profile "threads", also under the name "goroutine": the stack of every thread of the process.
 *
 * Blocked threads are read through the kernel and notice nothing (blocked.h); running ones are
 * asked by the profiling signal (ticks.h), which is never sent to a thread that would see EINTR for
 * it. What cannot be had so is shown as far as it goes. Threads of ours are left out.
 */
#ifndef CPPROF_COLLECTOR_THREADSTACKS_H
#define CPPROF_COLLECTOR_THREADSTACKS_H

#include "collector/kinds.h"

/* For the table of kinds. */
int threadstacks_take(const struct cpprof_profile *p, struct stackset *to);
int threadstacks_print(const struct cpprof_profile *p, FILE *to);

/* In a child after fork. */
void threadstacks_in_child(void);

#endif
