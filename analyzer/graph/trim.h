/* The part of a graph worth showing.
 *
 * Nodes below a fraction of the total go first, then all but the best `nodecount`; each time the
 * graph is built anew from the stacks, since what was left out has to be passed over sample by
 * sample. A call tree is cut instead. Last, light edges and (for pictures) edges that only repeat
 * another path.
 */
#ifndef CPPROF_GRAPH_TRIM_H
#define CPPROF_GRAPH_TRIM_H

#include "analyzer/graph/graph.h"
#include "analyzer/graph/nodetags.h"

struct trim_spec {
    int value, divisor; /* as in graph_spec */
    bool call_tree, drop_negative, cum_sort;
    bool visual;            /* for a picture: order by entropy, count tags, drop redundant edges */
    enum graph_edges edges; /* which edges the report needs */
    int nodecount;          /* 0: no limit */
    double nodefraction, edgefraction;
    const struct nodetags_spec *tags; /* visual: how tags are made */
};

struct trimmed {
    struct graph *graph;     /* in order; edges trimmed and indexed */
    struct nodetags *tags;   /* visual: of the shown nodes; else NULL */
    struct tag_texts *texts; /* what the tags refer to */
    size_t original_count;   /* nodes after the fraction was applied */
    size_t dropped_nodes, dropped_edges;
};

void trim_graph(struct trimmed *t, const struct nodes *nodes, const struct trim_spec *spec);
void trimmed_release(struct trimmed *t);

#endif
