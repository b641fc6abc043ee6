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

/* Where a node stands in the locations it has: innermost lines are inlined into the next. */
enum { NODE_INLINED = 1, NODE_CALLED = 2 };

static unsigned char *standings_new(const struct nodes *nodes)
{
    unsigned char *standings = xcalloc(nodes->count + 1, 1);
    for (size_t i = 0; i < nodes->p->location_count; i++)
        for (uint32_t k = nodes->first[i]; k < nodes->first[i + 1]; k++)
            standings[nodes->of[k]] |= k + 1 < nodes->first[i + 1] ? NODE_INLINED : NODE_CALLED;
    return standings;
}

void top_init_whole(struct top *t, struct report *r)
{
    static const char *const labels[] = {
        [0] = "",
        [NODE_CALLED] = "",
        [NODE_INLINED] = "inline",
        [NODE_INLINED | NODE_CALLED] = "partial-inline",
    };
    *t = (struct top){0};
    report_nodes(&t->nodes, r, false);
    struct graph_spec spec = {
        .value = r->value, .divisor = r->divisor, .drop_negative = r->spec->drop_negative};
    struct graph *g = t->trimmed.graph = graph_new(&t->nodes, &spec);
    unsigned char *standings = standings_new(&t->nodes);
    report_select_unit(r, g, false);
    t->rows = xcalloc(g->count + 1, sizeof *t->rows);
    t->count = g->count;
    for (size_t i = 0; i < g->count; i++) {
        const struct node *n = &g->node[g->order[i]];
        t->rows[i] = (struct top_row){t->nodes.names[n->of], labels[standings[n->of]], node_flat(n),
                                      node_cum(n), n};
    }
    free(standings);
}

void top_release(struct top *t)
{
    lines_release(&t->header);
    free(t->rows);
    trimmed_release(&t->trimmed);
    nodes_release(&t->nodes);
}
