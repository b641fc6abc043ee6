/* Samples of CPU time: a timer per thread on the thread's own CPU clock.
 *
 * Each expiry sends SIGPROF to that very thread, whose handler walks the stack and puts it into the
 * thread's ring, weighted by the expiries the kernel could not deliver since the last one. So the
 * samples add up to the CPU time the threads used, however coarse the kernel's clock is.
 *
 * A record in the ring is TICK_HEAD words (weight, label set with a reference held, depth) and then
 * the addresses, as unwind_walk gives them.
 */
#ifndef CPPROF_COLLECTOR_TICKS_H
#define CPPROF_COLLECTOR_TICKS_H

#include "collector/threads.h"

#include <signal.h>

enum { TICK_HEAD = 3 };

/* From now on threads that are armed tick every PERIOD nanoseconds of their CPU time. 0 or an errno
 * value. */
int ticks_on(int64_t period);

/* Ends all timers; no handler is at work any more when it returns. The handler itself stays
 * installed: a signal may still be on its way. */
void ticks_off(void);

bool ticks_are_on(void);

/* The signal; whether SIGNAL is it and our handler is installed. */
int ticks_signal(void);
bool ticks_own(int signal);

/* Sets what the program wants to happen at a signal that is not from our timers, and tells what it
 * wanted before; either may be NULL. */
void ticks_swap_action(const struct sigaction *action, struct sigaction *old);

/* Gives T, or every known thread, its timer, if ticks are on and it has none. */
void ticks_arm(struct thread *t);
void ticks_arm_all(void);

/* Asks T, by the signal, for its stack: once T->answered is QUESTION, T->answer holds
 * T->answer_depth addresses. QUESTION differs from the one before. Questions come from one thread
 * at a time, under threads_with. 0 or an errno value. */
int ticks_ask(struct thread *t, uint32_t question);

/* Installs the handler, so that threads can be asked. 0 or an errno value. */
int ticks_be_ready(void);

#endif
