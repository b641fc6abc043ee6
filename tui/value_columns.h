/* The columns of values that stand before lines, instructions and labels: flat and cum with a bar,
 * or, with a base, old, new and change.
 *
 *     struct value_columns columns;
 *     value_columns_init(&columns, v, widest)      what the widest value takes
 *     value_columns_fit(&columns, cols)            decides how much is shown
 *     value_columns_heads, then value_columns_row for each row
 *
 * With a base a screen of 80 columns has no room for both flat and cum: then one of them is shown,
 * and `by_flat` says which.
 */
#ifndef CPPROF_TUI_VALUE_COLUMNS_H
#define CPPROF_TUI_VALUE_COLUMNS_H

#include "analyzer/graph/calltree.h"
#include "tui/canvas.h"
#include "tui/view.h"

struct value_columns {
    const struct report *r;
    bool has_base;
    bool has_flat; /* false: values have no flat, only cum (labels) */
    bool by_flat;  /* which is shown where there is room for one */
    int64_t whole; /* what the bar and the heat are a share of; 0: each row's own, see below */
    int value;     /* columns of a value */
    int bar;       /* of the bar; 0: none */
    bool both;     /* flat and cum are both shown */
};

/* What a row has to show. */
struct value_cells {
    struct calltree_value flat, cum;
    int64_t whole; /* in place of the columns' */
};

/* How many columns a value takes that may be as large as MOST: at least 8. */
int value_columns_width(const struct report *r, struct calltree_value most);

/* Chooses bar and both for a view of COLS columns. Returns how many of them the values take. */
int value_columns_fit(struct value_columns *v, int cols);

void value_columns_heads(const struct value_columns *v, struct canvas *c, int row, int col);

/* CHOSEN: the row is the chosen one, and looks like it. */
void value_columns_row(const struct value_columns *v, struct canvas *c, int row, int col,
                       const struct value_cells *cells, bool chosen);

#endif
