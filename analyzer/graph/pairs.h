/* The nodes of two profiles side by side.
 *
 * Two nodes are the same if all that reports tell apart is: name, file, line, column, binary and,
 * where addresses are kept, the place in the binary (its address changes from run to run).
 */
#ifndef CPPROF_GRAPH_PAIRS_H
#define CPPROF_GRAPH_PAIRS_H

#include "analyzer/graph/graph.h"

/* One thing in both profiles. */
struct node_pair {
    struct str name;      /* as new has it, or old where it is gone; borrowed from the nodes */
    struct node old, new; /* flat and cum; zeros where there is no such node */
};

struct pair_side {
    const struct nodes *nodes; /* named; borrowed */
    int value, divisor;        /* as in graph_spec */
};

/* A pair for each node of either, in no order that means anything. The caller frees them. */
struct node_pair *pairs_new(const struct pair_side *old, const struct pair_side *new,
                            size_t *count);

#endif
