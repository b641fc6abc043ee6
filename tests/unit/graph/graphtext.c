#include "tests/unit/graph/graphtext.h"

#include "analyzer/base/buf.h"
#include "analyzer/graph/order.h"

#include <inttypes.h>
#include <stdlib.h>

char *graph_text(const struct graph *g)
{
    struct buf b = {0};
    for (size_t i = 0; i < g->count; i++) {
        const struct node *n = &g->node[g->order[i]];
        buf_str(&b, graph_name(g, g->order[i]));
        buf_printf(&b, " %" PRId64 "/%" PRId64 "\n", node_flat(n), node_cum(n));
    }
    uint32_t *edges = calloc(g->edge_count + 1, sizeof *edges);
    size_t count = 0;
    if (!edges)
        abort();
    for (uint32_t i = 0; i < g->edge_count; i++) {
        const struct edge *e = &g->edges[i];
        if (!e->removed && g->node[e->src].listed && g->node[e->dest].listed)
            edges[count++] = i;
    }
    order_edges(g, edges, count);
    for (size_t i = 0; i < count; i++) {
        const struct edge *e = &g->edges[edges[i]];
        buf_str(&b, graph_name(g, e->src));
        buf_puts(&b, " -> ");
        buf_str(&b, graph_name(g, e->dest));
        buf_printf(&b, " %" PRId64 "%s%s\n", edge_weight(e), e->residual ? " residual" : "",
                   e->inlined ? " inline" : "");
    }
    free(edges);
    return buf_detach(&b);
}
