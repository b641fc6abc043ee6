/* The CPU profile, from start to file. */
#ifndef CPPROF_COLLECTOR_CPU_H
#define CPPROF_COLLECTOR_CPU_H

#include <stdbool.h>

/* Begins a profile that is appended to the file PATH while it is made (spool.h). 0 or an errno
 * value. */
int cpu_start_spool(const char *path, int hz);

/* Has everything up to now written to such a file. Waits at most a fifth of a second for others who
 * do. */
void cpu_flush(void);

#endif
