/* Stops one thread of another process for a moment.
 *
 *     struct stop s;
 *     if (stop_thread(&s, tid) == STOP_DONE) {
 *         ...
 *         stop_end(&s);
 *     }
 *
 * A signal that is on its way to the thread is not lost, and a thread that was stopped before stays
 * so. If we end in between, the kernel lets it go on. Source: ptrace(2), PTRACE_SEIZE.
 */
#ifndef CPPROF_LIVE_STOP_H
#define CPPROF_LIVE_STOP_H

#include <sys/types.h>

enum stop_how {
    STOP_DONE,
    STOP_GONE,    /* there is no such thread (any more) */
    STOP_REFUSED, /* not permitted */
    STOP_LATE,    /* it does not stop within a second */
    STOP_HOWS,
};

struct stop {
    pid_t tid;
    int signal; /* that it was about to get; 0: none */
};

enum stop_how stop_thread(struct stop *s, pid_t tid);
void stop_end(struct stop *s);

#endif
