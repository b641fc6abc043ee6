/* The heaviest nodes, a row each. */
#ifndef CPPROF_REPORT_TOP_H
#define CPPROF_REPORT_TOP_H

#include "analyzer/report/report.h"

struct top_row {
    struct str name;     /* borrowed from the report's nodes */
    const char *inlined; /* "", "inline" (wherever it is called) or "partial-inline" */
    int64_t flat, cum;
    const struct node *node; /* the sums of which means are quotients; borrowed */
};

struct top {
    struct lines header;
    struct top_row *rows;
    size_t count;
    struct nodes nodes;
    struct trimmed trimmed;
};

void top_init(struct top *t, struct report *r);

/* The same for all nodes, in no order that means anything, without a header: for who sorts and
 * scrolls. It makes no edges, which is what takes most of the time, so `inlined` goes by the
 * locations a node has and not by the calls to it. */
void top_init_whole(struct top *t, struct report *r);
void top_release(struct top *t);

#endif
