/* Functions of the C library that pass through us on their way.
 *
 * The shared library stands before the C library in the order of symbols, so calls of the program
 * get here first: pthread_create, after which the new thread is known, has its labels and its timer
 * before its first instruction; fork, before which our locks are taken (forks.h); sigaction, signal
 * and the signal masks, so that the program's use of the profiling signal and ours do not meet. In
 * a static program hooks may not take; threads_scan finds threads then.
 */
#ifndef CPPROF_COLLECTOR_HOOKS_H
#define CPPROF_COLLECTOR_HOOKS_H

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>

/* Begins a thread of ours, which all signals are blocked in and nobody counts. It goes through
 * whatever stands before us, since a sanitizer has to know of each thread that allocates. 0 or an
 * errno value. */
int hooks_create_own(pthread_t *thread, void *(*run)(void *));

/* Says that the calling thread is the main one; whether any other has asked to join it. */
void hooks_set_main(void);
bool hooks_main_is_joined(void);

/* The C library's own. */
int hooks_real_sigaction(int signal, const struct sigaction *action, struct sigaction *old);
int hooks_real_sigmask(int how, const sigset_t *set, sigset_t *old);

/* Whether the program believes that the calling thread blocks the profiling signal; threads inherit
 * it from their creators. */
bool hooks_blocks_signal(void);
void hooks_inherit_blocks(bool inherited);

/* In libcpprof-preload.so only. Looks the functions up that hooks_end.c stands before; what happens
 * before the program ends or becomes another one, in preload.c. */
void hooks_find_real(void);
void hooks_before_end(void);

#endif
