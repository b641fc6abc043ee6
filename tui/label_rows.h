/* The rows of the labels view: each label key, and below it its values with what they weigh, before
 * and now.
 *
 * Numbers are written in their units; those that look the same when written are one row, as in
 * `cpprof tags`. Rows do not change once they are made, and refer to nothing else.
 */
#ifndef CPPROF_TUI_LABEL_ROWS_H
#define CPPROF_TUI_LABEL_ROWS_H

#include "analyzer/graph/calltree.h"
#include "analyzer/report/report.h"

enum label_row_kind {
    LABEL_KEY,
    LABEL_VALUE,
    LABEL_NONE, /* samples without the key; text is empty */
};

struct label_row {
    enum label_row_kind kind;
    struct str text; /* the key, or the value */
    size_t key;      /* index of its key's row */
    size_t values;   /* of a key: how many different ones */
    struct calltree_value weight;
    struct str focus; /* the tag expression that keeps these samples; empty: there is none */
};

struct label_rows {
    struct label_row *rows; /* keys by name; values heaviest first */
    size_t count, cap;
    struct strtab texts;
};

/* OLD: of the base; NULL: there is none. */
struct label_rows *label_rows_new(struct report *new, struct report *old);
void label_rows_free(struct label_rows *l); /* NULL is fine */

#endif
