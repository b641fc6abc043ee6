/* Forks: the child has a copy of everything, but one thread and none of the timers.
 *
 * A thread that forks takes every lock of ours first, in the order in which they are taken
 * elsewhere, and gives them back on both sides: so nobody is at work on anything at that moment,
 * and what the child has is whole. The profiling signal is blocked meanwhile, since forking a large
 * process takes longer than a period, and a signal makes the kernel start over.
 */
#ifndef CPPROF_COLLECTOR_FORKS_H
#define CPPROF_COLLECTOR_FORKS_H

#include <stdbool.h>

/* Sees to forks from now on; whoever begins a profile calls it first. 0 or ENOMEM. */
int forks_watch(void);

/* Around `fork`, outside the program's own handlers for it. These may take the locks of its
 * allocator: before they do, nobody may be at work on anything of ours, and nothing of ours may
 * allocate in the child until they have given them back. Who forks by another name gets our
 * handlers in their turn. */
void forks_begin(void);
void forks_end(bool is_child);

/* LAST: called in a child once all else is ready. */
typedef void forks_renewal(void);
void forks_set_last(forks_renewal *last);

#endif
