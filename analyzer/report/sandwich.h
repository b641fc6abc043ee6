/* One function between its callers and its callees, both as trees of calls.
 *
 * Each stack through the function is cut where it first gets there from the root, so that recursion
 * counts once: both trees add up to the function's cum, and what a recursive call does is among its
 * callees.
 *
 *     struct sandwich s;
 *     sandwich_init(&s, &report, name, &limits, err) → s.callers.cells, s.callees.cells
 *     sandwich_release(&s)
 */
#ifndef CPPROF_REPORT_SANDWICH_H
#define CPPROF_REPORT_SANDWICH_H

#include "analyzer/graph/calltree.h"
#include "analyzer/report/report.h"

struct sandwich {
    struct nodes nodes;
    struct str name;
    /* Cell 0 of both is the function; below it are its callers, nearest first, or its callees. The
     * flat of cell 0 is of stacks that begin, or end, with it. */
    struct calltree callers, callees;
    bool has_old;                /* some value is below zero: the pairs have two sides */
    struct calltree_value total; /* what 100% is, of each side */
};

/* NAME is a printable name, or empty for the function with the largest flat; LIMITS are for each
 * tree. -1 and ERR if there is no such function or R asks for means, which do not add up. Release S
 * in any case. */
int sandwich_init(struct sandwich *s, struct report *r, struct str name,
                  const struct calltree_limits *limits, struct error *err);
void sandwich_release(struct sandwich *s);

#endif
