/* The stack of every thread of a running process, as a profile.
 *
 *     struct profile *p = stacks_take(pid, notes, err);
 *
 * Each thread is stopped (ptrace) for as long as its own stack is read, and goes on; a thread that
 * waits in epoll_wait, semop or the like sees EINTR, as after a debugger's visit. The work is done
 * by a child process: whatever happens to it, the kernel lets the thread go on.
 *
 * The profile has one sample type, threads/count as libcpprof's, and one sample per thread, with
 * its name, its number and the process's as labels (profile/threadlabels.h). Addresses of callers
 * are moved back by one, into the call. There are no names in it yet.
 */
#ifndef CPPROF_LIVE_STACKS_H
#define CPPROF_LIVE_STACKS_H

#include "analyzer/base/error.h"
#include "analyzer/base/lines.h"
#include "analyzer/profile/profile.h"

#include <sys/types.h>

/* The caller frees it. NOTES gets which threads are not in it, and why. NULL and ERR, which says
 * what to do, if there is no such process, it is not permitted, or the user interrupts. */
struct profile *stacks_take(pid_t pid, struct lines *notes, struct error *err);

#endif
