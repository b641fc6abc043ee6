/* The heap profile, from start to file. */
#ifndef CPPROF_COLLECTOR_HEAP_PROFILE_H
#define CPPROF_COLLECTOR_HEAP_PROFILE_H

#include <stdint.h>

struct cpprof_builder;

/* Begins to sample the heap, and appends what changes to the file PATH (spool.h). 0 or an errno
 * value. */
int heap_start_spool(const char *path, int64_t rate);

/* Has everything up to now written to such a file. */
void heap_flush(void);

/* The profile as it is now, for the caller to write and free; NULL if there is no memory. */
struct cpprof_builder *heap_profile(void);

#endif
