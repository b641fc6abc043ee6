#include "analyzer/graph/order.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/num.h"
#include "analyzer/base/pdqsort.h"

#include <math.h>
#include <stdlib.h>

struct ranking {
    const struct graph *g;
    enum node_order by;
    const int64_t *scores; /* per node, absolute */
};

static int more(int64_t a, int64_t b)
{
    return (a < b) - (a > b);
}

static bool node_less(void *context, uint32_t a, uint32_t b)
{
    const struct ranking *r = context;
    if (r->scores[a] != r->scores[b])
        return r->scores[a] > r->scores[b];
    const struct graph *g = r->g;
    int order = str_cmp(graph_name(g, a), graph_name(g, b));
    if (order)
        return order < 0;
    const struct node *na = &g->node[a], *nb = &g->node[b];
    int64_t va = abs64(r->by == ORDER_FLAT ? na->cum : na->flat);
    int64_t vb = abs64(r->by == ORDER_FLAT ? nb->cum : nb->flat);
    if (va != vb)
        return va > vb;
    return nodes_compare(g->nodes, na->of, nb->of) < 0;
}

void order_nodes(struct graph *g, enum node_order by)
{
    int64_t *scores = xmalloc((g->node_count + 1) * sizeof *scores);
    for (size_t i = 0; i < g->count; i++) {
        uint32_t n = g->order[i];
        scores[n] = abs64(by == ORDER_FLAT  ? g->node[n].flat
                          : by == ORDER_CUM ? g->node[n].cum
                                            : order_entropy(g, n));
    }
    /* In a call tree several nodes can tie in everything: see pdqsort.h. */
    struct ranking r = {g, by, scores};
    pdqsort(g->order, g->count, node_less, &r);
    free(scores);
}

/* By the exponent first, as Go does, so that powers of two come out exact. */
static double log2_of(double x)
{
    int exponent;
    double fraction = frexp(x, &exponent);
    if (fraction == 0.5)
        return exponent - 1;
    return log(fraction) * (1 / M_LN2) + exponent;
}

static double edge_entropy(const struct graph *g, const uint32_t *edges, size_t count, int64_t self)
{
    double score = 0;
    int64_t total = self;
    size_t live = 0;
    for (size_t i = 0; i < count; i++) {
        const struct edge *e = &g->edges[edges[i]];
        live += !e->removed;
        if (!e->removed && e->weight > 0)
            total += e->weight;
    }
    if (!live)
        return 1; /* roots and leaves are favoured */
    if (!total)
        return 0;
    for (size_t i = 0; i < count; i++) {
        const struct edge *e = &g->edges[edges[i]];
        if (e->removed)
            continue;
        double share = (double)abs64(e->weight) / (double)total;
        score += -share * log2_of(share);
    }
    if (self > 0) {
        double share = (double)self / (double)total;
        score += -share * log2_of(share);
    }
    return score;
}

int64_t order_entropy(const struct graph *g, uint32_t node)
{
    const struct node *n = &g->node[node];
    double score = 0;
    score +=
        edge_entropy(g, g->in + g->in_first[node], g->in_first[node + 1] - g->in_first[node], 0);
    score += edge_entropy(g, g->out + g->out_first[node],
                          g->out_first[node + 1] - g->out_first[node], n->flat);
    return f64_to_i64(score * (double)n->cum) + n->flat;
}

static int compare_edges(const void *x, const void *y, void *context)
{
    const struct graph *g = context;
    uint32_t ia = *(const uint32_t *)x, ib = *(const uint32_t *)y;
    const struct edge *a = &g->edges[ia], *b = &g->edges[ib];
    if (a->weight != b->weight && abs64(a->weight) != abs64(b->weight))
        return more(abs64(a->weight), abs64(b->weight));
    int order = a->weight != b->weight
                    ? 0 /* pprof compares no further when only the signs differ */
                    : str_cmp(graph_name(g, a->src), graph_name(g, b->src));
    if (!order && a->weight == b->weight)
        order = str_cmp(graph_name(g, a->dest), graph_name(g, b->dest));
    return order ? order : (ia > ib) - (ia < ib);
}

void order_edges(const struct graph *g, uint32_t *edges, size_t count)
{
    qsort_r(edges, count, sizeof *edges, compare_edges, (void *)g);
}
