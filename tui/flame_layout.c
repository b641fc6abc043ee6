#include "tui/flame_layout.h"

#include "analyzer/base/alloc.h"

#include <stdlib.h>

enum { LEAST_COLS = 2 };

struct maker {
    struct flame_layout *l;
    const struct calltree *tree;
    size_t box_cap;
};

static struct flame_box *add_box(struct maker *m, uint32_t cell, int col, int cols)
{
    struct flame_layout *l = m->l;
    const struct calltree_cell *c = &m->tree->cells[cell];
    l->boxes = xgrow(l->boxes, &m->box_cap, l->box_count + 1, sizeof *l->boxes);
    struct flame_box *box = &l->boxes[l->box_count++];
    *box = (struct flame_box){.cell = cell,
                              .end = cell + 1,
                              .col = col,
                              .cols = cols,
                              .merged = c->merged,
                              .cum = c->cum};
    return box;
}

/* The end of what weighs SUM of ALL, in COLS columns. */
static int columns_of(double sum, double all, int cols)
{
    int end = all > 0 ? (int)(sum / all * cols + 0.5) : 0;
    return end > cols ? cols : end;
}

/* From cell FIRST on, what is left of the callees of box OF begins at column COL. */
static void merge(struct maker *m, size_t of, uint32_t first, int col, int end)
{
    struct flame_box parent = m->l->boxes[of];
    uint32_t after = m->tree->cells[parent.cell].end;
    size_t before = m->l->box_count;
    if (end <= col)
        end = col + 1;
    if (end > parent.col + parent.cols) { /* the callee before gives a column up */
        end = parent.col + parent.cols;
        col = end - 1;
        m->l->boxes[before - 1].cols--;
    }
    struct flame_box *box = add_box(m, first, col, end - col);
    if (m->tree->cells[first].end == after)
        return;
    box->end = after;
    box->merged = 0;
    box->cum = (struct calltree_value){0};
    for (uint32_t c = first; c < after; c = m->tree->cells[c].end) {
        box->merged += m->tree->cells[c].merged ? m->tree->cells[c].merged : 1;
        calltree_add(&box->cum, m->tree->cells[c].cum);
    }
}

static void add_callees(struct maker *m, size_t of)
{
    struct flame_box parent = m->l->boxes[of];
    const struct calltree_cell *cells = m->tree->cells;
    uint32_t after = cells[parent.cell].end;
    double all = (double)calltree_weight(parent.cum), sum = 0;
    int col = 0;
    for (uint32_t c = parent.cell + 1; c < after; c = cells[c].end) {
        sum += (double)calltree_weight(cells[c].cum);
        int end = columns_of(sum, all, parent.cols);
        bool is_last = cells[c].end == after;
        if (end - col < LEAST_COLS || (is_last && cells[c].merged)) {
            double rest = (double)calltree_weight(cells[parent.cell].cum) -
                          (double)calltree_weight(cells[parent.cell].flat);
            merge(m, of, c, parent.col + col, parent.col + columns_of(rest, all, parent.cols));
            return;
        }
        add_box(m, c, parent.col + col, end - col);
        col = end;
    }
}

static void end_row(struct flame_layout *l, size_t *cap)
{
    l->rows = xgrow(l->rows, cap, l->row_count + 2, sizeof *l->rows);
    l->rows[++l->row_count] = l->box_count;
}

void flame_layout_init(struct flame_layout *l, const struct calltree *tree, uint32_t zoom, int cols)
{
    *l = (struct flame_layout){0};
    struct maker m = {.l = l, .tree = tree};
    size_t row_cap = 0, depth = tree->cells[zoom].depth;
    l->rows = xgrow(NULL, &row_cap, depth + 2, sizeof *l->rows);
    l->rows[0] = 0;
    for (size_t i = 0; i <= depth; i++)
        add_box(&m, 0, 0, cols);
    uint32_t cell = zoom;
    for (size_t i = depth + 1; i-- > 0; cell = tree->cells[cell].parent) {
        l->boxes[i].cell = cell;
        l->boxes[i].end = cell + 1;
        l->boxes[i].merged = tree->cells[cell].merged;
        l->boxes[i].cum = tree->cells[cell].cum;
    }
    for (size_t i = 0; i <= depth; i++)
        l->rows[i + 1] = i + 1;
    l->row_count = depth + 1;
    for (;;) {
        size_t first = l->rows[l->row_count - 1], end = l->rows[l->row_count];
        for (size_t i = first; i < end; i++)
            if (!l->boxes[i].merged)
                add_callees(&m, i);
        if (l->box_count == end)
            break;
        end_row(l, &row_cap);
    }
}

void flame_layout_release(struct flame_layout *l)
{
    free(l->boxes);
    free(l->rows);
    *l = (struct flame_layout){0};
}

/* The last box of a row that begins at CELL or before. */
static size_t last_before(const struct flame_layout *l, size_t row, uint32_t cell)
{
    size_t low = l->rows[row], high = l->rows[row + 1];
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (l->boxes[middle].cell <= cell)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static bool is_below(const struct flame_layout *l, const struct calltree *tree, size_t box,
                     uint32_t cell)
{
    const struct flame_box *b = &l->boxes[box];
    uint32_t end = b->merged ? b->end : tree->cells[b->cell].end;
    return b->cell <= cell && cell < end;
}

size_t flame_layout_find(const struct flame_layout *l, const struct calltree *tree, uint32_t cell)
{
    size_t found = 0;
    for (size_t row = 0; row < l->row_count; row++) {
        size_t box = last_before(l, row, cell);
        if (!is_below(l, tree, box, cell))
            break;
        found = box;
        if (l->boxes[box].cell == cell || l->boxes[box].merged)
            return found;
    }
    return found;
}

size_t flame_layout_row(const struct flame_layout *l, size_t box)
{
    size_t low = 0, high = l->row_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (l->rows[middle] <= box)
            low = middle;
        else
            high = middle;
    }
    return low;
}

size_t flame_layout_at(const struct flame_layout *l, size_t row, int col)
{
    if (row >= l->row_count)
        return SIZE_MAX;
    for (size_t i = l->rows[row]; i < l->rows[row + 1]; i++)
        if (col >= l->boxes[i].col && col < l->boxes[i].col + l->boxes[i].cols)
            return i;
    return SIZE_MAX;
}
