/* Forks, for the profiles of how things stand: a child has a copy of what was counted, one thread,
 * and no server.
 */
#ifndef CPPROF_COLLECTOR_FORKS_H
#define CPPROF_COLLECTOR_FORKS_H

/* Sees to forks from now on; each of these profiles calls it before it begins. 0 or ENOMEM. */
int forks_watch(void);

#endif
