#include "analyzer/report/tree.h"

#include "analyzer/base/alloc.h"
#include "analyzer/graph/order.h"

#include <stdlib.h>

/* Appends the calls of COUNT edges; FAR names the callee instead of the caller. */
static size_t add_calls(struct tree *t, size_t at, uint32_t *edges, size_t count, bool callees)
{
    const struct graph *g = t->trimmed.graph;
    order_edges(g, edges, count);
    for (size_t i = 0; i < count; i++) {
        const struct edge *e = &g->edges[edges[i]];
        t->calls[at++] =
            (struct tree_call){graph_name(g, callees ? e->dest : e->src), e->weight, e->inlined, e};
    }
    return at;
}

int tree_init(struct tree *t, struct report *r, struct regex *only, struct error *err)
{
    *t = (struct tree){.only = only};
    report_nodes(&t->nodes, r, false);
    struct trim_spec spec = report_trim_spec(r, NULL);
    trim_graph(&t->trimmed, &t->nodes, &spec);
    struct graph *g = t->trimmed.graph;
    report_select_unit(r, g, false);
    report_header(&t->header, r, &t->trimmed, false);
    t->node_count = g->count;
    t->rows = xcalloc(g->count + 1, sizeof *t->rows);
    t->calls = xcalloc(g->edge_count * 2 + 1, sizeof *t->calls);
    size_t at = 0;
    for (size_t i = 0; i < g->count; i++) {
        uint32_t n = g->order[i];
        struct str name = graph_name(g, n);
        if (only && !regex_match(only, name.ptr, name.len))
            continue;
        struct tree_row *row = &t->rows[t->count++];
        *row = (struct tree_row){.name = name,
                                 .flat = node_flat(&g->node[n]),
                                 .cum = node_cum(&g->node[n]),
                                 .node = &g->node[n],
                                 .callers = t->calls + at,
                                 .caller_count = g->in_first[n + 1] - g->in_first[n],
                                 .callee_count = g->out_first[n + 1] - g->out_first[n]};
        at = add_calls(t, at, g->in + g->in_first[n], row->caller_count, false);
        row->callees = t->calls + at;
        at = add_calls(t, at, g->out + g->out_first[n], row->callee_count, true);
    }
    return only ? report_check_matches(only, "function", t->count, err) : 0;
}

void tree_release(struct tree *t)
{
    lines_release(&t->header);
    free(t->rows);
    free(t->calls);
    trimmed_release(&t->trimmed);
    nodes_release(&t->nodes);
}
