/* Signals that ask to end (SIGINT, SIGTERM, SIGHUP), read from a descriptor instead of ending us.
 *
 *     struct interrupts i;
 *     if (interrupts_init(&i) == 0)
 *         ... poll i.fd for POLLIN; interrupts_read(&i) is the signal
 *     interrupts_release(&i);
 *
 * Those that somebody (nohup) has told us to ignore stay ignored.
 */
#ifndef CPPROF_BASE_INTERRUPTS_H
#define CPPROF_BASE_INTERRUPTS_H

#include <signal.h>

struct interrupts {
    sigset_t before; /* the mask of blocked signals there was: what a child should get */
    int fd;
};

/* Blocks them in the calling thread. -1 and errno; release it even then. */
int interrupts_init(struct interrupts *i);
void interrupts_release(struct interrupts *i);

/* The number of a signal that has come, or 0. */
int interrupts_read(const struct interrupts *i);

#endif
