/* The CPU profile: a timer per thread on the thread's own CPU clock.
 *
 * Each expiry sends SIGPROF to that very thread, whose handler walks the stack and puts it into the
 * thread's ring, weighted by the expiries the kernel could not deliver since the last one. So the
 * profile adds up to the CPU time the threads used, however coarse the kernel's clock is.
 */
#ifndef CPPROF_COLLECTOR_CPU_H
#define CPPROF_COLLECTOR_CPU_H

#include <stdbool.h>

struct thread;

bool cpu_running(void);

/* In a new thread, before it runs its own code. */
void cpu_thread_begins(struct thread *t);

#endif
