/* The graph as such: nodes in order, calls heaviest first, labels at nodes. */
#ifndef CPPROF_REPORT_CALLGRAPH_H
#define CPPROF_REPORT_CALLGRAPH_H

#include "analyzer/report/report.h"

struct callgraph {
    struct lines header;
    struct str title; /* the main binary's name, or empty */
    struct nodes nodes;
    struct trimmed trimmed;
    uint32_t *edges; /* of all listed nodes, heaviest first */
    size_t edge_count;
};

/* VISUAL: for a picture, trimmed and with tags; otherwise everything, binaries kept apart, and the
 * unit chosen so that integers can hold the values. */
void callgraph_init(struct callgraph *c, struct report *r, bool visual);
void callgraph_release(struct callgraph *c);

#endif
