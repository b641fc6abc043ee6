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
void top_release(struct top *t);

#endif
