/* The rows of the Top view: every function, in any order, with two sides where there is a base.
 *
 *     struct top_rows *t = top_rows_new(request->r, has_base)     in the worker
 *     top_order_sort(&order, t, TOP_CUM, false)                   in the screen's thread
 *     t->rows[order.rows[i]], order.sums[i] ...
 */
#ifndef CPPROF_TUI_TOP_ROWS_H
#define CPPROF_TUI_TOP_ROWS_H

#include "analyzer/base/arena.h"
#include "analyzer/report/report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of one value of a row. Without a base all is new. */
struct top_pair {
    int64_t old, new;
};

struct top_line {
    struct str name;
    const char *inlined; /* "", "inline" or "partial-inline" */
    struct top_pair flat, cum;
};

struct top_rows {
    struct top_line *rows; /* by name */
    size_t count;
    bool has_base;
    struct top_pair total; /* what percentages are of, each side of its own */
    struct arena names;    /* of the rows: what they were made from is gone */
};

/* R is of a profile in which the samples of a base are marked, if there is one. R's unit is chosen
 * here. */
struct top_rows *top_rows_new(struct report *r, bool has_base);
void top_rows_free(struct top_rows *t);

enum top_key {
    TOP_FLAT,
    TOP_CUM,
    TOP_NAME,
    TOP_FLAT_CHANGE,
    TOP_CUM_CHANGE,
    TOP_FLAT_OLD,
    TOP_CUM_OLD
};

/* An order of the rows, and flat added up from the first one on. Starts zeroed. */
struct top_order {
    uint32_t *rows;
    int64_t *sums;
    size_t count;
};

/* Largest first, names from A on; REVERSED: the other way around. */
void top_order_sort(struct top_order *o, const struct top_rows *t, enum top_key key, bool reversed);
void top_order_release(struct top_order *o);

#endif
