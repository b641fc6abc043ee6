/* Work in a child process with limits: for libraries that may take forever, take all memory, crash,
 * or end the process when they give up.
 *
 *     struct isolate_spec spec = {.seconds = 60, .memory = 2u << 30};
 *     struct isolate_end end;
 *     if (isolate_run(&spec, draw, &drawing, &end, err)) ...  the system failed us
 *     if (end.how == ISOLATE_DONE) ...                        end.output is what DRAW wrote
 *     isolate_end_release(&end);
 *
 * The child is forked: it sees the parent's memory as it was and can change nothing in it. What it
 * writes to its standard error is collected, too. Interrupting (SIGINT, SIGTERM, SIGHUP, as far as
 * they are not ignored) ends the child and not the parent, which has to clean up.
 */
#ifndef CPPROF_BASE_ISOLATE_H
#define CPPROF_BASE_ISOLATE_H

#include "analyzer/base/buf.h"
#include "analyzer/base/error.h"
#include "analyzer/base/progress.h"

#include <stddef.h>

struct isolate_spec {
    double seconds;                  /* of the clock on the wall; 0: no limit */
    size_t memory;                   /* bytes the child may take on top of what it begins with */
    size_t output;                   /* bytes it may write */
    const struct progress *progress; /* told how long it takes; may be NULL */
    const char *what;                /* that takes so long */
};

enum isolate_how {
    ISOLATE_DONE,
    ISOLATE_FAILED,      /* the work returned -1, or something in it called exit */
    ISOLATE_CRASHED,     /* a signal ended it */
    ISOLATE_TIMED_OUT,   /* the time was up */
    ISOLATE_INTERRUPTED, /* the user, or whoever may, wanted it to end */
};

struct isolate_end {
    enum isolate_how how;
    int signal;        /* that ended it (crashed, interrupted) */
    struct buf output; /* all that was written, even when it was not done */
    struct buf said;   /* the beginning of what came on standard error */
};

/* Done in the child: writes to the descriptor OUT. 0, or -1. */
typedef int isolate_work(void *context, int out);

/* Returns when WORK has ended in whichever way; END says how. -1 and ERR if there can be no child.
 * Call from a process that has no other thread running. */
int isolate_run(const struct isolate_spec *spec, isolate_work *work, void *context,
                struct isolate_end *end, struct error *err);
void isolate_end_release(struct isolate_end *end);

#endif
