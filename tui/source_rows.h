/* The rows of the source view: one function's lines with what was spent on them, before and now,
 * and under each line what the compiler inlined into it.
 *
 * Made from the listings of the profile and, where there is one, of its base. Where a source cannot
 * be had the sentence that says what was looked for, and where, is a row, and lines with samples
 * stand there by their numbers. Rows do not change once they are made, and refer to nothing else.
 */
#ifndef CPPROF_TUI_SOURCE_ROWS_H
#define CPPROF_TUI_SOURCE_ROWS_H

#include "analyzer/base/arena.h"
#include "analyzer/base/regex.h"
#include "analyzer/graph/calltree.h"
#include "analyzer/report/report.h"

enum source_row_kind {
    SOURCE_FILE,    /* text: "FUNCTION in FILE"; flat and cum are its sums */
    SOURCE_PROBLEM, /* text: why there is no source */
    SOURCE_LINE,
    SOURCE_INLINED, /* text: the function */
    SOURCE_NOTE,    /* text: what can be done about it, or that there are more lines */
};

struct source_row {
    enum source_row_kind kind;
    int64_t number; /* of the line; of an inlined function its own, 0 if not known */
    uint32_t depth; /* of an inlined function: how deep */
    struct calltree_value flat, cum;
    struct str text;
    struct str file; /* of the function; of an inlined one its own */
};

struct source_rows {
    struct source_row *rows;
    size_t count, cap;
    size_t *hottest; /* lines with samples: indices into rows, hottest first */
    size_t hottest_count;
    struct arena texts;
};

/* ONLY matches the function's name. OLD: of the base; NULL: there is none. Both reports are of
 * profiles aggregated by line. NULL and ERR if neither has the function. */
struct source_rows *source_rows_new(struct report *new, struct report *old, struct regex *only,
                                    struct error *err);
void source_rows_free(struct source_rows *s); /* NULL is fine */

/* The row of line NUMBER (of the function itself), or of the nearest line there is; SIZE_MAX if
 * there is no line at all. */
size_t source_rows_find(const struct source_rows *s, int64_t number);

#endif
