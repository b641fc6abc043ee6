/* Columns of numbers for rows that have pairs of values: without a base one value and its share,
 * with one old, new and what changed.
 *
 *     amount_columns_init(&k, &amounts, widest)       in draw
 *     amount_columns_heads(&k, canvas, row, col)      returns where the rest of the row begins
 *     amount_columns_row(&k, canvas, row, col, &values, style)
 */
#ifndef CPPROF_TUI_AMOUNT_COLUMNS_H
#define CPPROF_TUI_AMOUNT_COLUMNS_H

#include "tui/amounts.h"

enum { AMOUNT_VALUES = 2 };

struct amount_columns {
    const struct amounts *a;
    const char *titles[AMOUNT_VALUES]; /* "cum", "flat"; NULL: only one */
    int width;                         /* of a value */
};

/* WIDEST is the largest value there is. With two sides only the first value is shown, with all that
 * is to be said of it. */
void amount_columns_init(struct amount_columns *k, const struct amounts *a, const char *first,
                         const char *second, struct calltree_value widest);

/* Both return the column after theirs. */
int amount_columns_heads(const struct amount_columns *k, struct canvas *c, int row, int col);
int amount_columns_row(const struct amount_columns *k, struct canvas *c, int row, int col,
                       const struct calltree_value values[AMOUNT_VALUES], bool is_chosen);

#endif
