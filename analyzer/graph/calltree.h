/* The heaviest part of the tree of calls, root or leaves first.
 *
 * A cell is a node below the nodes that called it; its cum is what all stacks with this beginning
 * account for, its flat what of them ends there. Cells stand in preorder, callees heaviest first,
 * so that those below cell i are from i + 1 to cells[i].end. Cell 0 is the root: no node, and all.
 *
 * The tree holds as many cells as its limits allow, the heaviest ones (from the leaves up near
 * callers go before far ones of the same weight). What was left out below a cell is its last child,
 * one cell for all that says how many there were. The tree is pruned while it grows: beyond that it
 * takes 36 bytes for each distinct stack.
 *
 * Values below zero are what a base had. They are added up for themselves, so that what only the
 * base has can be told from what only the profile has: every value is a pair. A base must have been
 * subtracted with its samples marked (transform/base.h), else what both have is gone already.
 *
 *     calltree_init(&t, &nodes, value, inverted, &limits), calltree_release(&t)
 *
 * The callers or the callees of one function are a tree as well: calltree_init_at.
 */
#ifndef CPPROF_GRAPH_CALLTREE_H
#define CPPROF_GRAPH_CALLTREE_H

#include "analyzer/base/num.h"
#include "analyzer/graph/nodes.h"

/* Both sides are magnitudes, at least 0; sums stop at INT64_MAX. OLD is 0 without a base. */
struct calltree_value {
    int64_t old, new;
};

struct calltree_cell {
    uint32_t node;   /* index into nodes; NO_INDEX: the root, or a cell for several */
    uint32_t parent; /* index into cells; NO_INDEX: the root */
    uint32_t end;    /* index after the last cell below this one */
    uint32_t depth;  /* 0: the root */
    uint32_t merged; /* how many cells this one stands for; 0: it is one itself */
    bool inlined;    /* in all stacks inlined into its caller */
    struct calltree_value flat, cum;
};

/* How large a tree may get; 0: no limit. */
struct calltree_limits {
    size_t cells; /* cells, those for several not counted */
    size_t text;  /* bytes of the names in them, equal nodes counted once */
};

struct calltree {
    struct calltree_cell *cells;
    size_t count;                 /* at least 1: the root */
    struct calltree_value merged; /* in cells for several */
};

/* INVERTED: leaves first, their callers below them. Then the cells below the root are functions,
 * cum what each spent itself, and the cells below those how much of that is due to which callers.
 * NODES must have their names (nodes_name_all). VALUE is a sample type. */
void calltree_init(struct calltree *t, const struct nodes *nodes, int value, bool inverted,
                   const struct calltree_limits *limits);

/* The tree of what goes on around some nodes, AT (true per index into nodes; at least one should
 * be). Cell 0 stands for them, and is all stacks that pass one of them; below it are their callees,
 * or, INVERTED, their callers, the nearest first. A stack is cut where it first passes one of the
 * nodes, seen from its root, so that recursion counts once: cell 0's cum is the nodes' own. */
void calltree_init_at(struct calltree *t, const struct nodes *nodes, int value, bool inverted,
                      const bool *at, const struct calltree_limits *limits);
void calltree_release(struct calltree *t);

/* What each distinct stack of P accounts for. The caller frees it. */
struct calltree_value *calltree_stack_values(const struct profile *p, int value);

/* Adds V to TO, as sums do here. */
static inline void calltree_add(struct calltree_value *to, struct calltree_value v)
{
    to->old = add_up64(to->old, v.old);
    to->new = add_up64(to->new, v.new);
}

/* What the stacks through the nodes AT account for, in cell FROM and below: what is below such a
 * cell is not counted again. *CELLS is how many cells are of these nodes. */
struct calltree_value calltree_share(const struct calltree *t, uint32_t from, const bool *at,
                                     size_t *cells);

/* A value's two sides together: by this cells are ordered and kept. */
static inline uint64_t calltree_weight(struct calltree_value v)
{
    return (uint64_t)v.old + (uint64_t)v.new;
}

#endif
