#include "analyzer/report/top.h"

#include "analyzer/base/alloc.h"

#include <stdlib.h>

static const char *inlined_label(const struct graph *g, uint32_t node)
{
    bool inlined = false, called = false;
    for (uint32_t i = g->in_first[node]; i < g->in_first[node + 1]; i++)
        *(g->edges[g->in[i]].inlined ? &inlined : &called) = true;
    return !inlined ? "" : called ? "partial-inline" : "inline";
}

void top_init(struct top *t, struct report *r)
{
    *t = (struct top){0};
    report_nodes(&t->nodes, r, false);
    struct trim_spec spec = report_trim_spec(r, NULL);
    spec.edges = GRAPH_INLINED_EDGES;
    trim_graph(&t->trimmed, &t->nodes, &spec);
    const struct graph *g = t->trimmed.graph;
    report_select_unit(r, g, false);
    report_header(&t->header, r, &t->trimmed, false);
    t->rows = xcalloc(g->count + 1, sizeof *t->rows);
    t->count = g->count;
    for (size_t i = 0; i < g->count; i++) {
        uint32_t n = g->order[i];
        t->rows[i] = (struct top_row){graph_name(g, n), inlined_label(g, n), node_flat(&g->node[n]),
                                      node_cum(&g->node[n]), &g->node[n]};
    }
}

void top_release(struct top *t)
{
    lines_release(&t->header);
    free(t->rows);
    trimmed_release(&t->trimmed);
    nodes_release(&t->nodes);
}
