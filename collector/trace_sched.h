/* When the threads of this process ran, and on which processor: perf events that record context
 * switches, one per thread, each with a ring the kernel writes to.
 *
 *     sched_begin();
 *     sched_scan(each, context);       now and then: finds new threads, forgets those that ended
 *     sched_add_self();                in a new thread, so that nothing of it is missed
 *     sched_take(each, context);
 *     sched_end(each, context);
 *
 * Not for signal handlers; every function takes the same lock. Source of the format:
 * perf_event_open(2).
 */
#ifndef CPPROF_COLLECTOR_TRACE_SCHED_H
#define CPPROF_COLLECTOR_TRACE_SCHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { SCHED_MOST = 256 }; /* threads that are watched at a time: each has a descriptor */

/* A time in which a thread ran, or did not. Monotonic nanoseconds. */
struct sched_slice {
    pid_t tid;
    int64_t from, to;
    bool ran;
    bool preempted; /* it did not run though it could have */
    int cpu;        /* where it ran; -1: not known */
};

typedef void sched_each(void *context, const struct sched_slice *slice);

/* What became of it, for whoever reads the trace. */
struct sched_outcome {
    size_t threads, watched; /* all that were seen; those whose switches were recorded */
    int error;               /* why not of all: an errno value */
    int64_t lost;            /* records */
};

void sched_begin(void);

/* Calls EACH for what threads that have ended did last. */
void sched_scan(sched_each *each, void *context);

/* The calling thread is new. */
void sched_add_self(void);

/* Calls EACH for the slices that have come to their ends since. */
void sched_take(sched_each *each, void *context);

/* Ends all recording; EACH gets the slices that last until now, too. */
struct sched_outcome sched_end(sched_each *each, void *context);

/* Around fork. */
void sched_lock(void);
void sched_unlock(void);
void sched_in_child(void);

#endif
