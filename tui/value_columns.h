/* The columns of values that rows begin with: flat, cum or another weight with a bar or with their
 * shares, or, with a base, old, new and change of each.
 *
 *     struct value_columns columns = {.r = v->r, ...};
 *     value_columns_fit(&columns, cols)      how much is shown, and how many columns that takes
 *     value_columns_heads, then value_columns_row for each row
 *
 * With a base a screen of 80 columns has no room for two weights: then one of them is shown.
 */
#ifndef CPPROF_TUI_VALUE_COLUMNS_H
#define CPPROF_TUI_VALUE_COLUMNS_H

#include "analyzer/graph/calltree.h"
#include "analyzer/report/report.h"
#include "tui/canvas.h"

enum { VALUE_WEIGHTS = 2 };

struct value_title {
    const char *name, *change; /* the head of the value, and of what has changed of it */
};
extern const struct value_title value_flat, value_cum, value_weight;

struct value_columns {
    const struct report *r;
    bool has_base;
    bool has_shares; /* in %, and zeros; else a bar of the last weight, and blanks */
    const struct value_title *titles[VALUE_WEIGHTS]; /* the second may be NULL: there is one */
    size_t first;  /* the index of the one that is shown where there is room for one */
    int64_t whole; /* what shares, bars and heat are of; 0: each row's own, see below */
    int value;     /* columns of a value */

    /* what value_columns_fit decides */
    bool both;
    int bar;  /* columns; 0: none */
    int cols; /* of all together, with a blank behind them */
};

/* How many columns a value takes that may be as large as MOST: at least 8. */
int value_columns_width(const struct report *r, struct calltree_value most);

/* For a view of COLS columns. Returns v->cols. */
int value_columns_fit(struct value_columns *v, int cols);

void value_columns_heads(const struct value_columns *v, struct canvas *c, int row, int col);

/* VALUES in the order of the titles. WHOLE: in place of the columns', or 0. CHOSEN: the row is the
 * chosen one, and looks like it. */
void value_columns_row(const struct value_columns *v, struct canvas *c, int row, int col,
                       const struct calltree_value values[VALUE_WEIGHTS], int64_t whole,
                       bool chosen);

#endif
