/* Granularity: how much of a frame's identity reports keep apart. */
#ifndef CPPROF_TRANSFORM_AGGREGATE_H
#define CPPROF_TRANSFORM_AGGREGATE_H

#include "analyzer/profile/profile.h"

enum granularity {
    GRANULARITY_FUNCTIONS,
    GRANULARITY_FILEFUNCTIONS,
    GRANULARITY_FILES,
    GRANULARITY_LINES,
    GRANULARITY_ADDRESSES,
};

struct aggregate_spec {
    enum granularity granularity;
    bool noinlines;   /* charge inlined frames to their first out-of-line caller */
    bool showcolumns; /* keep columns apart */
};

/* Clears in P what SPEC does not keep. */
void aggregate_apply(struct profile *p, const struct aggregate_spec *spec);

#endif
