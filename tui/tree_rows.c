#include "tui/tree_rows.h"

#include "analyzer/base/alloc.h"
#include "tui/cell_paths.h"

#include <stdlib.h>
#include <string.h>

static const struct calltree_cell *cell_of(const struct tree_rows *t, uint32_t cell)
{
    return &t->tree->cells[cell];
}

bool tree_rows_is_last(const struct tree_rows *t, uint32_t cell)
{
    return cell_of(t, cell)->end == cell_of(t, cell_of(t, cell)->parent)->end;
}

bool tree_rows_is_branch(const struct tree_rows *t, uint32_t cell)
{
    return cell != cell_of(t, cell)->parent + 1 || !tree_rows_is_last(t, cell);
}

/* Cells are in preorder: what is closed is passed over whole. The root has no row. */
static void make_rows(struct tree_rows *t)
{
    t->count = 0;
    for (uint32_t i = 1; i < t->tree->count;) {
        t->cells[t->count++] = i;
        i = t->open[i] ? i + 1 : cell_of(t, i)->end;
    }
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* The paths of what is open, sorted; the caller frees it. */
static uint64_t *open_paths(const struct tree_rows *t, size_t *count)
{
    size_t all = t->tree ? t->count : 0;
    uint64_t *paths = xmalloc((all + 1) * sizeof *paths);
    *count = 0;
    for (size_t i = 0; i < all; i++)
        if (t->open[t->cells[i]])
            paths[(*count)++] = t->paths[t->cells[i]];
    if (*count)
        qsort(paths, *count, sizeof *paths, by_number);
    return paths;
}

static void set_levels(struct tree_rows *t)
{
    t->levels = xcalloc(t->tree->count, sizeof *t->levels);
    for (uint32_t i = 1; i < t->tree->count; i++) {
        uint32_t parent = cell_of(t, i)->parent;
        t->levels[i] = t->levels[parent] + tree_rows_is_branch(t, i);
    }
}

void tree_rows_set(struct tree_rows *t, const struct calltree *tree, const struct nodes *nodes)
{
    size_t count;
    uint64_t *open = open_paths(t, &count);
    tree_rows_release(t);
    t->tree = tree;
    t->paths = cell_paths_new(tree, nodes);
    t->open = xcalloc(tree->count, sizeof *t->open);
    t->cells = xcalloc(tree->count, sizeof *t->cells);
    set_levels(t);
    for (size_t i = 1; i < tree->count && count; i++)
        t->open[i] = bsearch(&t->paths[i], open, count, sizeof *open, by_number) != NULL;
    free(open);
    make_rows(t);
}

void tree_rows_release(struct tree_rows *t)
{
    free(t->paths);
    free(t->levels);
    free(t->open);
    free(t->cells);
    *t = (struct tree_rows){0};
}

bool tree_rows_can_open(const struct tree_rows *t, uint32_t cell)
{
    return cell_of(t, cell)->end > cell + 1;
}

void tree_rows_open(struct tree_rows *t, uint32_t cell, bool open)
{
    t->open[cell] = open && tree_rows_can_open(t, cell);
    make_rows(t);
}

void tree_rows_open_all(struct tree_rows *t, uint32_t cell, bool open)
{
    for (uint32_t i = cell; i < cell_of(t, cell)->end; i++)
        t->open[i] = open && tree_rows_can_open(t, i);
    make_rows(t);
}

uint32_t tree_rows_open_hottest(struct tree_rows *t, uint32_t cell)
{
    while (tree_rows_can_open(t, cell)) {
        const struct calltree_cell *c = cell_of(t, cell), *first = c + 1; /* the heaviest callee */
        if (first->merged || calltree_weight(c->flat) > calltree_weight(first->cum))
            break;
        t->open[cell] = true;
        cell++;
    }
    make_rows(t);
    return cell;
}

size_t tree_rows_show(struct tree_rows *t, uint32_t cell)
{
    for (uint32_t up = cell_of(t, cell)->parent; up && up != NO_INDEX; up = cell_of(t, up)->parent)
        t->open[up] = true;
    make_rows(t);
    size_t row = 0;
    while (row + 1 < t->count && t->cells[row] < cell)
        row++;
    return row;
}
