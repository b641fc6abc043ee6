/* One function with its callers and its callees, before and now.
 *
 * The rows are those `peek` has of the function (tree.h), with both sides of a comparison, and made
 * without the rest of the graph.
 *
 *     struct peek k;
 *     peek_init(&k, &report, name, err) → k.around → peek_release(&k)
 */
#ifndef CPPROF_REPORT_PEEK_H
#define CPPROF_REPORT_PEEK_H

#include "analyzer/graph/neighbors.h"
#include "analyzer/report/report.h"

struct peek {
    struct nodes nodes;
    struct str name;
    struct neighbors around;
    bool has_old;                /* some value is below zero: the pairs have two sides */
    struct calltree_value total; /* what 100% is, of each side */
};

/* NAME is a printable name, or empty for the function with the largest flat. -1 and ERR if there is
 * no such function. Release K in any case. */
int peek_init(struct peek *k, struct report *r, struct str name, struct error *err);
void peek_release(struct peek *k);

#endif
