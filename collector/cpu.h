/* The CPU profile, from start to file. */
#ifndef CPPROF_COLLECTOR_CPU_H
#define CPPROF_COLLECTOR_CPU_H

#include <stdbool.h>

/* Begins a profile that is appended to the file PATH while it is made (spool.h). 0 or an errno
 * value. */
int cpu_start_spool(const char *path, int hz);

/* Opens such a file, has everything up to now written to it; both called by the housekeeper. */
void cpu_open_spool(void);
void cpu_flush(void);

/* Around fork: nobody starts or stops meanwhile; nobody is at work on the profile; in the child it
 * ends. */
void cpu_lock_changes(void);
void cpu_unlock_changes(void);
void cpu_lock(void);
void cpu_unlock(void);
void cpu_in_child(void);

#endif
