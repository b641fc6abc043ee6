/* The samples of each distinct stack, added up. */
#ifndef CPPROF_GRAPH_WEIGHTS_H
#define CPPROF_GRAPH_WEIGHTS_H

#include "analyzer/profile/profile.h"

struct weight {
    int64_t value, divisor;
    bool counts; /* some sample had a value, even if they add up to zero */
};

/* Per stack; the caller frees it. DIVISOR is a sample type or -1. */
struct weight *weights_by_stack(const struct profile *p, int value, int divisor);

#endif
