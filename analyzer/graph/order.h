/* The orders in which nodes and edges are shown: heaviest first, names for ties. */
#ifndef CPPROF_GRAPH_ORDER_H
#define CPPROF_GRAPH_ORDER_H

#include "analyzer/graph/graph.h"

enum node_order {
    ORDER_FLAT,    /* |flat|, name, |cum| */
    ORDER_CUM,     /* |cum|, name, |flat| */
    ORDER_ENTROPY, /* what a picture gains by showing the node: see order_entropy */
};

/* Sorts g->order. Names must have been made (nodes_name_all). */
void order_nodes(struct graph *g, enum node_order by);

/* pprof's score: a node's cum times the entropy of the calls in and out, plus flat, so that nodes
 * that only pass one call on come last. */
int64_t order_entropy(const struct graph *g, uint32_t node);

/* Sorts COUNT indices of edges by |weight|, then the names of both ends. */
void order_edges(const struct graph *g, uint32_t *edges, size_t count);

#endif
