/* The mappings of this process, for a profile whose frames are addresses. */
#ifndef CPPROF_COLLECTOR_MAPPINGS_H
#define CPPROF_COLLECTOR_MAPPINGS_H

#include <stddef.h>

struct cpprof_builder;

/* Adds the executable segments of every module that is or was loaded, the program's own first.
 * *KNOWN, 0 at first, is how many modules were added by earlier calls. */
void mappings_add(struct cpprof_builder *b, size_t *known);

#endif
