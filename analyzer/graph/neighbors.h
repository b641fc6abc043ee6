/* Who calls some nodes, and whom they call: what all edges of the graph would say about them,
 * without making the others.
 *
 * One look at each stack is enough, so that walking from function to function stays quick in a
 * large profile. Values are pairs, as in a tree of calls (calltree.h), and sums: means do not
 * apply.
 *
 *     neighbors_init(&n, &nodes, value, at), neighbors_release(&n)
 */
#ifndef CPPROF_GRAPH_NEIGHBORS_H
#define CPPROF_GRAPH_NEIGHBORS_H

#include "analyzer/graph/calltree.h"

struct neighbor {
    uint32_t node; /* index into nodes */
    bool inlined;  /* the callee is inlined, in all stacks, into the caller */
    struct calltree_value weight;
};

struct neighbors {
    struct calltree_value flat, cum; /* of the nodes, each stack once */
    struct neighbor *callers,
        *callees; /* heaviest first, then by name; those at zero are left out */
    size_t caller_count, callee_count;
};

/* AT: true per index into NODES, which must have their names. What is passed on between two of
 * these nodes has no neighbors. A stack counts once per neighbor, however often it recurs. */
void neighbors_init(struct neighbors *n, const struct nodes *nodes, int value, const bool *at);
void neighbors_release(struct neighbors *n);

#endif
