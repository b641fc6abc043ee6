/* What the compiler inlined into the lines of functions: under a line, as a tree, the functions
 * whose code has become part of it.
 *
 *     inlines_init(&in);
 *     inlines_add(&in, &r, only, INLINES_NEW)     of each report whose rows are to stand together
 *     inlines_sort(&in);
 *     for each of inlines_at(&in, file, line, &count) ...
 *     inlines_release(&in)
 *
 * A line of a function that matches has what its samples spent in inlined code among its cum, which
 * its source text does not explain; the rows here do. As everywhere, a row counts once per stack.
 * The profile has been aggregated by line, with inlined frames.
 */
#ifndef CPPROF_REPORT_INLINES_H
#define CPPROF_REPORT_INLINES_H

#include "analyzer/graph/calltree.h"
#include "analyzer/report/report.h"

/* Strings belong to the inlines. */
struct inlined {
    strid under_file; /* the line of the function asked for */
    int64_t under_line;
    uint32_t
        parent;     /* into what it is inlined: an index into rows, or NO_INDEX: that line itself */
    uint32_t depth; /* 0: into that line itself */
    strid name, file;
    int64_t line; /* the line of it that was running; 0: not known */
    struct calltree_value flat, cum;
};

enum inlines_side { INLINES_OLD, INLINES_NEW };

struct inlines {
    struct strtab texts;
    struct strtab keys;   /* what tells rows apart, as bytes: id - 1 is a row */
    struct inlined *rows; /* after inlines_sort by file and line, callers before callees, heaviest
                           * first */
    size_t count, cap;
};

void inlines_init(struct inlines *in);
void inlines_release(struct inlines *in);

/* Adds the frames inlined into functions whose name matches ONLY. */
void inlines_add(struct inlines *in, struct report *r, struct regex *only, enum inlines_side side);
void inlines_sort(struct inlines *in);

/* The rows under LINE of FILE, a name as nodes have it; NULL if there are none. After
 * inlines_sort. */
const struct inlined *inlines_at(const struct inlines *in, struct str file, int64_t line,
                                 size_t *count);

#endif
