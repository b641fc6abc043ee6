#include "analyzer/render/columns.h"
#include "analyzer/base/utf8.h"

#include "analyzer/base/alloc.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

struct cell {
    const char *text;
    size_t len, width; /* bytes; columns of the screen, its own and then its column's */
};

struct row {
    size_t first, count; /* cells, the last of them in no column */
};

/* Rows that stand together in all columns before COLUMN. */
struct block {
    size_t begin, end, column;
};

struct columns {
    struct cell *cells;
    size_t cell_count, cell_cap;
    struct row *rows;
    size_t row_count, row_cap;
    struct block *blocks;
    size_t block_count, block_cap;
};

static void add_block(struct columns *c, struct block b)
{
    if (b.begin == b.end)
        return;
    c->blocks = xgrow(c->blocks, &c->block_cap, c->block_count + 1, sizeof *c->blocks);
    c->blocks[c->block_count++] = b;
}

static void split(struct columns *c, struct str text)
{
    size_t start = 0, first_cell = 0, first_row = 0;
    for (size_t i = 0; i < text.len; i++) {
        char ch = text.ptr[i];
        if (ch != '\t' && ch != '\v' && ch != '\n' && ch != '\f')
            continue;
        struct cell cell = {text.ptr + start, i - start, utf8_count(text.ptr + start, i - start)};
        c->cells = xgrow(c->cells, &c->cell_cap, c->cell_count + 1, sizeof *c->cells);
        c->cells[c->cell_count++] = cell;
        start = i + 1;
        if (ch == '\t' || ch == '\v')
            continue;
        c->rows = xgrow(c->rows, &c->row_cap, c->row_count + 1, sizeof *c->rows);
        c->rows[c->row_count++] = (struct row){first_cell, c->cell_count - first_cell};
        first_cell = c->cell_count;
        if (ch == '\f') { /* columns end with the page */
            add_block(c, (struct block){first_row, c->row_count, 0});
            first_row = c->row_count;
        }
    }
    add_block(c, (struct block){first_row, c->row_count, 0});
}

/* Widens the cells of B's column run by run; each run may have a column to its right. */
static void widen(struct columns *c, struct block b)
{
    for (size_t i = b.begin; i < b.end;) {
        size_t end = i, width = 0;
        for (; end < b.end && c->rows[end].count > b.column + 1; end++) {
            size_t w = c->cells[c->rows[end].first + b.column].width + 1;
            width = w > width ? w : width;
        }
        for (size_t k = i; k < end; k++)
            c->cells[c->rows[k].first + b.column].width = width;
        add_block(c, (struct block){i, end, b.column + 1});
        i = end > i ? end : i + 1;
    }
}

void columns_set(struct buf *out, struct str text)
{
    struct columns c = {0};
    split(&c, text);
    while (c.block_count)
        widen(&c, c.blocks[--c.block_count]);
    for (size_t i = 0; i < c.row_count; i++) {
        const struct cell *cell = c.cells + c.rows[i].first;
        for (size_t k = 0; k + 1 < c.rows[i].count; k++, cell++)
            buf_right(out, cell->text, cell->len, cell->width);
        buf_add(out, cell->text, cell->len);
        buf_putc(out, '\n');
    }
    free(c.cells);
    free(c.rows);
    free(c.blocks);
}
