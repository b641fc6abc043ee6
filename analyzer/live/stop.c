#include "analyzer/live/stop.h"

#include <errno.h>
#include <stdint.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>

/* Waits until TID has stopped. */
static enum stop_how await(pid_t tid, int *status)
{
    enum { PAUSE = 50000, MOST_PAUSE = 5000000, ALL = 1000000000 }; /* nanoseconds */
    long pause = PAUSE;
    for (long waited = 0; waited < ALL; waited += pause) {
        pid_t got = waitpid(tid, status, __WALL | WNOHANG);
        if (got == tid)
            return WIFSTOPPED(*status) ? STOP_DONE : STOP_GONE;
        if (got < 0 && errno != EINTR)
            return STOP_GONE;
        nanosleep(&(struct timespec){.tv_nsec = pause}, NULL);
        if (pause < MOST_PAUSE)
            pause *= 2;
    }
    return STOP_LATE;
}

enum stop_how stop_thread(struct stop *s, pid_t tid)
{
    int status = 0;
    *s = (struct stop){.tid = tid};
    if (ptrace(PTRACE_SEIZE, tid, NULL, NULL) != 0)
        return errno == ESRCH ? STOP_GONE : STOP_REFUSED;
    if (ptrace(PTRACE_INTERRUPT, tid, NULL, NULL) != 0)
        return STOP_GONE;
    enum stop_how how = await(tid, &status);
    /* Stops of ptrace's own say so above the signal's number; others are of signals that are about
     * to be delivered. */
    if (how == STOP_DONE && status >> 16 == 0)
        s->signal = WSTOPSIG(status);
    return how;
}

void stop_end(struct stop *s)
{
    ptrace(PTRACE_DETACH, s->tid, NULL, (void *)(intptr_t)s->signal);
}
