/* Where the cells of a tree of calls lie in a given number of columns, one row per level.
 *
 * A cell's box is as wide as its share of its parent's; callees stand heaviest first, so every row
 * is left-heavy. Boxes narrower than two columns say nothing, so at the first of them a cell's
 * remaining callees become one box, which stands for all of them and what is below them; there is
 * always at least a column for it, so that nothing disappears. A single cell is never merged, only
 * narrow.
 *
 * Cell ZOOM fills all columns, and so do the rows of its callers above it.
 *
 *     flame_layout_init(&l, tree, zoom, cols) → l.boxes[l.rows[r]] .. l.boxes[l.rows[r + 1]]
 *     flame_layout_release(&l)
 */
#ifndef CPPROF_TUI_FLAME_LAYOUT_H
#define CPPROF_TUI_FLAME_LAYOUT_H

#include "analyzer/graph/calltree.h"

struct flame_box {
    uint32_t cell;   /* the first one it stands for */
    uint32_t end;    /* one after the last; cell + 1 if it is that cell's own */
    uint32_t merged; /* callees of the box above that it stands for; 0: a cell's own */
    int col, cols;
    struct calltree_value cum;
};

struct flame_layout {
    struct flame_box *boxes; /* row by row, from left to right, which is in order of cells, too */
    size_t box_count;
    size_t *rows; /* per row: its first box; row_count + 1 of them */
    size_t row_count;
};

/* COLS is at least 1. TREE need not live on. */
void flame_layout_init(struct flame_layout *l, const struct calltree *tree, uint32_t zoom,
                       int cols);
void flame_layout_release(struct flame_layout *l);

/* The box that stands for CELL, or for the nearest of its callers that has one. */
size_t flame_layout_find(const struct flame_layout *l, const struct calltree *tree, uint32_t cell);

/* The row of a box. */
size_t flame_layout_row(const struct flame_layout *l, size_t box);

/* The box at a column of a row; SIZE_MAX if there is none. */
size_t flame_layout_at(const struct flame_layout *l, size_t row, int col);

#endif
