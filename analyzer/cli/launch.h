/* A program that is run as a child, held back until we are ready for it.
 *
 *     struct launch l;
 *     if (launch_start(&l, &program, err)) ...
 *     prepare(l.pid);
 *     if (launch_go(&l, err)) return l.not_run;
 *     status = launch_wait(&l);
 *
 * A terminal's Ctrl-C and Ctrl-\ reach the program by themselves; SIGTERM and SIGHUP are passed on
 * to it, by a thread, while it runs. We outlive all of them, to write its profile.
 */
#ifndef CPPROF_CLI_LAUNCH_H
#define CPPROF_CLI_LAUNCH_H

#include "analyzer/base/error.h"
#include "analyzer/base/interrupts.h"
#include "analyzer/cli/config.h"

#include <pthread.h>
#include <stdbool.h>
#include <sys/types.h>

struct launch {
    pid_t pid;
    int not_run; /* the exit status that says that it could not be run */

    int go, tell; /* pipes to it and from it */
    struct interrupts interrupts;
    bool passes_on;   /* the thread is there */
    bool told_to_end; /* it has passed on something */
    pthread_t passer;
};

/* Forks. -1 and ERR if there can be no process. */
int launch_start(struct launch *l, const struct string_list *program, struct error *err);

/* Lets it become the program. -1, ERR and `not_run` if that fails; the child is gone then. */
int launch_go(struct launch *l, const char *program, struct error *err);

/* Waits for its end: the exit status, 128 and the signal's number if a signal has ended it. */
int launch_wait(struct launch *l);

/* Ends a child that is not to become the program. */
void launch_cancel(struct launch *l);

#endif
