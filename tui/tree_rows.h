/* The rows of a tree of calls of which some cells are open.
 *
 * A cell that is its caller's only callee stands below it without being indented, as the next line
 * of the same path: stacks are deep, and what counts is where they part.
 *
 *     tree_rows_set(&t, tree, nodes) → t.cells[0 .. t.count) → tree_rows_release(&t)
 */
#ifndef CPPROF_TUI_TREE_ROWS_H
#define CPPROF_TUI_TREE_ROWS_H

#include "analyzer/graph/calltree.h"

/* Starts zeroed. */
struct tree_rows {
    const struct calltree *tree; /* borrowed */
    uint64_t *paths;             /* per cell */
    uint32_t *levels;            /* per cell: how far it is indented */
    bool *open;                  /* per cell */
    uint32_t *cells;             /* per row */
    size_t count;
};

/* Shows TREE from now on. What was open, and to be seen, stays open; at first
 * nothing is. */
void tree_rows_set(struct tree_rows *t, const struct calltree *tree, const struct nodes *nodes);
void tree_rows_release(struct tree_rows *t);

bool tree_rows_can_open(const struct tree_rows *t, uint32_t cell);
void tree_rows_open(struct tree_rows *t, uint32_t cell, bool open);

/* CELL and everything below it. */
void tree_rows_open_all(struct tree_rows *t, uint32_t cell, bool open);

/* Opens the hottest path from CELL on: to where most of it is spent, or a cell has no callees.
 * Returns where that is. */
uint32_t tree_rows_open_hottest(struct tree_rows *t, uint32_t cell);

/* The row of CELL, all above it opened. */
size_t tree_rows_show(struct tree_rows *t, uint32_t cell);

/* Is CELL the last callee of its caller? Does it share its caller with others? */
bool tree_rows_is_last(const struct tree_rows *t, uint32_t cell);
bool tree_rows_is_branch(const struct tree_rows *t, uint32_t cell);

#endif
