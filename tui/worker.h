/* The thread that computes, so that the screen's thread never has to.
 *
 * Jobs are run one after another in the order they were pushed. A job is a struct whose first
 * member is a `struct job`; whoever pushed it gets it back from worker_take once it was run, and
 * frees it. A job that was cancelled before it began is not run, but comes back all the same.
 *
 *     worker_new → worker_push ... poll worker_fd, worker_take ... → worker_free
 *
 * worker_push, worker_take and cancelling are for one thread, the screen's.
 */
#ifndef CPPROF_TUI_WORKER_H
#define CPPROF_TUI_WORKER_H

#include "tui/work.h"

#include <stdbool.h>

struct worker;

struct job {
    struct work work;
    void (*run)(struct job *job); /* in the worker's thread */
    bool ran;                     /* false: cancelled before it began */
    struct job *next;
};

struct worker *worker_new(void);

/* Waits for the job that is being run; the others are not run, and all of them are handed to
 * DROP. */
void worker_free(struct worker *w, void (*drop)(struct job *job));

void worker_push(struct worker *w, struct job *job);

/* A job that is done, or NULL. */
struct job *worker_take(struct worker *w);

/* Becomes readable when a job is done; worker_take empties it. */
int worker_fd(const struct worker *w);

/* Is there a job that has not come back? */
bool worker_is_busy(const struct worker *w);

#endif
