/* The tree of calls with what describes it: what a flame graph draws.
 *
 *     struct flame f;
 *     flame_init(&f, &report, &spec, err) → f.tree.cells → flame_release(&f)
 */
#ifndef CPPROF_REPORT_FLAME_H
#define CPPROF_REPORT_FLAME_H

#include "analyzer/graph/calltree.h"
#include "analyzer/report/report.h"

struct flame_spec {
    struct calltree_limits limits;
    bool inverse;          /* make the inverted tree, too, of half the size */
    bool only_inverse;     /* make it alone, of full size */
    const char *old, *new; /* what is compared, for the header: names of files, or NULL */
};

struct flame {
    struct lines header;
    struct nodes nodes;
    struct calltree tree, inverse; /* inverse: leaves first; the one not asked for has no cells */
    bool has_old;                  /* some value is below zero: the pairs have two sides */
    struct calltree_value total;   /* what 100% is, of each side */
};

/* -1 and ERR if R asks for means, which do not add up. Release F in any case. */
int flame_init(struct flame *f, struct report *r, const struct flame_spec *spec, struct error *err);
void flame_release(struct flame *f);

/* The name of a cell that is a frame; empty for others. */
struct str flame_name(const struct flame *f, const struct calltree_cell *c);

#endif
