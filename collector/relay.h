/* The program's signal handlers, called through a function of ours, which marks the waits they have
 * ended: such a wait has to end with EINTR, while one that only a tick has interrupted is begun
 * again (ticks.c). Without the mark both look the same when a tick comes just as a handler returns.
 *
 * All of it is async-signal-safe, as sigaction is.
 */
#ifndef CPPROF_COLLECTOR_RELAY_H
#define CPPROF_COLLECTOR_RELAY_H

#include <signal.h>

/* What the program has last set for SIGNAL: kept, and as it is now. A handler may read one while
 * the next few are kept. */
void relay_keep(int signal, const struct sigaction *action);
const struct sigaction *relay_kept(int signal);

/* Has the program's ACTION for SIGNAL, which must have a handler, called from now on, by what it
 * leaves in ACTION. */
void relay_action(int signal, struct sigaction *action);

/* What the program has set, where OLD is what the kernel knows. */
void relay_restore(int signal, struct sigaction *old);

#endif
