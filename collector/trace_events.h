/* What a program says of itself while it is traced: tasks, regions, logs, waits (cpprof.h has the
 * functions that say so).
 *
 * Each thread puts its events into a ring of its own, where one reader fetches them. The ring is
 * mapped by the thread's first event while a trace is made, and unmapped when the thread has ended;
 * nothing else here allocates or takes a lock, so signal handlers may take part. An event that
 * interrupts another one's writing is lost, and so is what finds the ring full. A region's end is
 * never lost unless its beginning was: room for it is kept.
 */
#ifndef CPPROF_COLLECTOR_TRACE_EVENTS_H
#define CPPROF_COLLECTOR_TRACE_EVENTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum trace_kind {
    TRACE_REGION_BEGIN, /* text: name */
    TRACE_REGION_END,
    TRACE_TASK_BEGIN, /* text: name; other: the task it is part of, or 0 */
    TRACE_TASK_END,
    TRACE_LOG,  /* text: category, message */
    TRACE_WAIT, /* other: nanoseconds, up to its time */
    TRACE_NAME, /* text: the thread's name at its end */
};

enum { TRACE_TEXT = 480, TRACE_NESTED = 64 }; /* bytes of an event's text; open regions */

struct trace_event {
    enum trace_kind kind;
    pid_t tid;
    int64_t time; /* monotonic nanoseconds */
    uint64_t task, other;
    const char *text[2]; /* borrowed */
};

/* Events are kept from now on, or no longer; WAKE is written to (an eventfd) when a ring is half
 * full. By the one who reads. */
void trace_events_on(int wake);
void trace_events_off(void);

/* Calls EACH for every event since trace_events_on that is not fetched yet: each thread's in order.
 * For one thread at a time. */
void trace_events_take(void (*each)(void *context, const struct trace_event *e), void *context);

/* How many were lost since the last call. */
int64_t trace_events_lost(void);

/* Frees the rings of threads that have ended. By the one who reads. */
void trace_events_forget_ended(void);

/* The calling thread waited for a lock from then until now. Async-signal-safe. */
void trace_events_wait(int64_t from, int64_t to);

/* The calling thread is about to end. */
void trace_events_thread_ends(void);

/* In a child after fork: nothing is traced there. */
void trace_events_in_child(void);

#endif
