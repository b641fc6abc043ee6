#include "analyzer/report/callgraph.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/path.h"
#include "analyzer/graph/order.h"

#include <stdlib.h>

void callgraph_init(struct callgraph *c, struct report *r, bool visual)
{
    struct profile *p = r->p;
    *c = (struct callgraph){0};
    if (p->mapping_count && p->mappings[0].file)
        c->title = path_base(profile_str(p, p->mappings[0].file));
    report_nodes(&c->nodes, r, !visual);
    struct nodetags_spec tags = {
        .bytes_unit = tagunits_get(&r->units, p, profile_intern(p, "bytes")),
        .output_unit = r->output_unit,
    };
    struct trim_spec spec = report_trim_spec(r, visual ? &tags : NULL);
    spec.call_tree = r->spec->call_tree;
    trim_graph(&c->trimmed, &c->nodes, &spec);
    struct graph *g = c->trimmed.graph;
    report_select_unit(r, g, !visual);
    if (visual)
        report_header(&c->header, r, &c->trimmed, true);
    c->edges = xmalloc((g->edge_count + 1) * sizeof *c->edges);
    for (size_t i = 0; i < g->edge_count; i++)
        if (!g->edges[i].removed && g->node[g->edges[i].src].listed)
            c->edges[c->edge_count++] = (uint32_t)i;
    order_edges(g, c->edges, c->edge_count);
}

void callgraph_release(struct callgraph *c)
{
    lines_release(&c->header);
    free(c->edges);
    trimmed_release(&c->trimmed);
    nodes_release(&c->nodes);
}
