/* The builder of cpprof.h, for profiles that are written while they are made.
 *
 * A profile.proto file may be cut into pieces between any two fields, and values of equal samples
 * add up. So a file that grows by one piece after the other is a valid profile at any moment,
 * whatever becomes of the process that makes it.
 */
#ifndef CPPROF_COLLECTOR_BUILDER_H
#define CPPROF_COLLECTOR_BUILDER_H

#include "collector/cpprof.h"

#include <stdbool.h>

/* Appends to FD, uncompressed, what was added to B since the last time, and sets the values of all
 * samples back to 0. 0 or an errno value; after a failed write the file is of no use. */
int builder_append(struct cpprof_builder *b, int fd);

/* Has no sample been added since the last time? */
bool builder_is_untouched(const struct cpprof_builder *b);

#endif
