/* Flat and cum of every node, and the weight of every call between them.
 *
 * A graph is built from a profile's distinct stacks: their samples' values are added up first, so
 * each stack is walked once. A node counts once per stack in cum however often it recurs; so does
 * an edge. Nodes that are not kept are passed over, and the edge across them is residual.
 *
 *     graph_new, graph_set_edges → (trim.h) → read nodes through order[0..count) → graph_free
 */
#ifndef CPPROF_GRAPH_GRAPH_H
#define CPPROF_GRAPH_GRAPH_H

#include "analyzer/base/num.h"
#include "analyzer/base/pairmap.h"
#include "analyzer/graph/nodes.h"

struct node {
    uint32_t of; /* index into nodes: in a call tree several nodes have the same */
    bool listed; /* is in order[] */
    int64_t flat, flat_div, cum, cum_div; /* div: sum of the divisors when means are shown */
};

struct edge {
    uint32_t src, dest;
    bool residual; /* passes over nodes that were left out */
    bool inlined;  /* always an inlined call */
    bool removed;
    int64_t weight, weight_div;
};

struct weight;

struct graph {
    const struct nodes *nodes; /* borrowed */
    struct pairmap children;   /* of a call tree, by parent and index into nodes */
    struct node *node;
    size_t node_count, node_cap;
    uint32_t *order; /* the nodes that are shown, in their order */
    size_t count;
    struct edge *edges;
    size_t edge_count, edge_cap;
    /* Edges into node i: in[in_first[i]] .. in[in_first[i+1]]; out likewise. Removed ones are still
     * among them until graph_index is called again. */
    uint32_t *in_first, *in, *out_first, *out;
    struct weight *weights; /* per stack of the profile */
    bool drop_negative;
};

enum graph_edges {
    GRAPH_INLINED_EDGES, /* edges into nodes that are inlined somewhere */
    GRAPH_ALL_EDGES,
};

struct graph_spec {
    int value, divisor; /* sample types; divisor -1: no mean */
    bool call_tree;     /* a node per call path, and the edges between them */
    bool drop_negative; /* do not list nodes below zero */
};

/* Flat and cum of all nodes. A call tree has its edges, any other graph has none yet. */
struct graph *graph_new(const struct nodes *nodes, const struct graph_spec *spec);

/* Gives a graph that is no tree the edges between the nodes that are KEPT (per index into nodes;
 * NULL: all), in place of those it had, and lists no others; flat and cum of those stay what they
 * are. */
void graph_set_edges(struct graph *g, enum graph_edges which, const bool *kept);

void graph_free(struct graph *g); /* NULL is fine */

/* In a call tree, the child of PARENT (NO_INDEX: the root) that was made of node OF, wherever it
 * hangs after trimming; NO_INDEX if there is none. */
uint32_t graph_child(const struct graph *g, uint32_t parent, uint32_t of);

/* Makes in and out anew, without removed edges. */
void graph_index(struct graph *g);

static inline int64_t node_flat(const struct node *n)
{
    return n->flat_div ? div64(n->flat, n->flat_div) : n->flat;
}
static inline int64_t node_cum(const struct node *n)
{
    return n->cum_div ? div64(n->cum, n->cum_div) : n->cum;
}
static inline int64_t edge_weight(const struct edge *e)
{
    return e->weight_div ? div64(e->weight, e->weight_div) : e->weight;
}

/* A node's printable name. */
static inline struct str graph_name(const struct graph *g, uint32_t node)
{
    return g->nodes->names[g->node[node].of];
}

#endif
