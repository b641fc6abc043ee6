/* Cutting the leaf's side off stacks: frames the profile itself calls uninteresting, and
 * prune_from. */
#ifndef CPPROF_TRANSFORM_PRUNE_H
#define CPPROF_TRANSFORM_PRUNE_H

#include "analyzer/base/regex.h"
#include "analyzer/profile/profile.h"

/* Drops each frame that drop_frames matches (and keep_frames does not) with all it called. Nothing
 * is dropped before the first frame of the root's side that does not match, so no stack is emptied.
 * Patterns that do not compile are ignored, as in pprof. */
void prune_uninteresting(struct profile *p);

/* Drops what the lowest matching frame called; the frame stays. */
void prune_from(struct profile *p, struct regex *re);

#endif
