/* A thread of ours that does, ten times a second but not in the first milliseconds, what signal
 * handlers must leave undone: finds new threads, brings the modules up to date, empties the rings.
 *
 * It runs only between housekeeper_start and housekeeper_stop, blocks all signals and is never
 * profiled.
 */
#ifndef CPPROF_COLLECTOR_HOUSEKEEPER_H
#define CPPROF_COLLECTOR_HOUSEKEEPER_H

/* Calls WORK in the new thread until it is stopped. 0 or an errno value. */
int housekeeper_start(void (*work)(void));

/* Ends the thread and waits for it. */
void housekeeper_stop(void);

/* Has WORK called now rather than later. Async-signal-safe. */
void housekeeper_wake(void);

/* In a child after fork, where the thread is gone. */
void housekeeper_after_fork(void);

#endif
