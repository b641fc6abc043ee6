/* A thread of ours that does, once a second and whenever a ring is half full, what signal handlers
 * and hooks must leave undone: finds new threads, brings the modules up to date, empties rings,
 * writes. It does so more often at first, but not in the first milliseconds, and as long as threads
 * turn up that were not created through our hook. Each time takes 0.1 ms of a processor or more,
 * since its caches are cold; that is why it does not come more often.
 *
 * It runs only while it has work, blocks all signals and is never profiled. Its descriptors are its
 * own, those of other threads are not open in it.
 */
#ifndef CPPROF_COLLECTOR_HOUSEKEEPER_H
#define CPPROF_COLLECTOR_HOUSEKEEPER_H

#include <stdbool.h>
#include <stdint.h>

enum { HOUSEKEEPER_MOST = 8 }; /* pieces of work at a time */

/* Calls WORK from now on, after threads and modules are up to date. 0 or an errno value. */
int housekeeper_add(void (*work)(void));

/* Does not call it any more; not at work on it either when this returns. */
void housekeeper_remove(void (*work)(void));

/* Has everything done now rather than later. Async-signal-safe. */
void housekeeper_wake(void);

/* Has the housekeeper call WORK, once, and waits until it has, but no longer than NS nanoseconds.
 * For a program that ends in the middle of anything: a signal handler may have interrupted the
 * holder of a lock that WORK needs, which then is not done in time. Async-signal-safe; errno may
 * change. */
void housekeeper_do(void (*work)(void), int64_t ns);

bool housekeeper_is_on(void);

/* Around fork; in the child, which has no such thread and no work for it yet. */
void housekeeper_lock(void);
void housekeeper_unlock(void);
void housekeeper_in_child(void);

#endif
