/* A loop over independent parts, on all processors.
 *
 * parallel_parts says into how many parts work of a size is worth cutting; parallel_run calls the
 * function once per part, part 0 in the caller's thread, and returns when all are done.
 */
#ifndef CPPROF_BASE_PARALLEL_H
#define CPPROF_BASE_PARALLEL_H

#include <stddef.h>

enum { PARALLEL_MOST = 16 };

/* At least 1, at most PARALLEL_MOST; LEAST is how much a part should have at least. */
size_t parallel_parts(size_t size, size_t least);

typedef void parallel_part(void *context, size_t part);
void parallel_run(size_t parts, parallel_part *run, void *context);

#endif
