#include "analyzer/graph/trim.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/num.h"
#include "analyzer/graph/order.h"

#include <stdlib.h>
#include <string.h>

/* Pictures show at most four tags of a kind per node, so no more count against the limit. */
enum { MOST_TAGS = 4 };

struct trimmer {
    const struct nodes *nodes;
    const struct trim_spec *spec;
    struct graph *g;
    bool *kept; /* per index into nodes; NULL: all */
    int64_t node_cutoff, edge_cutoff;
};

static enum node_order order_of(const struct trim_spec *spec)
{
    return spec->visual ? ORDER_ENTROPY : spec->cum_sort ? ORDER_CUM : ORDER_FLAT;
}

static void build(struct trimmer *t, enum graph_edges edges)
{
    struct graph_spec spec = {.value = t->spec->value,
                              .divisor = t->spec->divisor,
                              .edges = edges,
                              .call_tree = t->spec->call_tree,
                              .drop_negative = t->spec->drop_negative,
                              .kept = t->kept};
    graph_free(t->g);
    t->g = graph_new(t->nodes, &spec);
}

/* Keeps exactly the listed nodes for which CHOSEN is set. */
static void keep_in_graph(struct trimmer *t, const bool *chosen)
{
    bool *kept = xcalloc(t->nodes->count + 1, sizeof *kept);
    for (size_t i = 0; i < t->g->count; i++) {
        uint32_t n = t->g->order[i];
        kept[t->g->node[n].of] = chosen[n];
    }
    free(t->kept);
    t->kept = kept;
}

/* In a tree, each node that goes hands its children to its parent. Nodes that were never listed
 * stay where they are: only listed ones are cut. */
static void cut_tree(struct graph *g, const bool *chosen)
{
    size_t kept = 0;
    for (size_t i = 0; i < g->node_count; i++) {
        struct edge *e = &g->edges[i]; /* into node i */
        if (g->node[i].listed && !chosen[i])
            continue;
        while (!e->removed && g->node[e->src].listed && !chosen[e->src]) {
            const struct edge *up = &g->edges[e->src];
            e->residual = true;
            e->inlined &= up->inlined;
            if (up->removed)
                e->removed = true;
            else
                e->src = up->src;
        }
    }
    for (size_t i = 0; i < g->count; i++) {
        uint32_t n = g->order[i];
        if (chosen[n])
            g->order[kept++] = n;
    }
    for (size_t i = 0; i < g->node_count; i++) {
        if (g->node[i].listed && !chosen[i]) {
            g->edges[i].removed = true;
            g->node[i].listed = false;
        }
    }
    g->count = kept;
    graph_index(g);
}

static void drop_light_nodes(struct trimmer *t, struct trimmed *out)
{
    struct graph *g = t->g;
    bool *chosen = xcalloc(g->node_count + 1, sizeof *chosen);
    size_t count = 0;
    for (size_t i = 0; i < g->count; i++) {
        uint32_t n = g->order[i];
        chosen[n] = abs64(g->node[n].cum) >= t->node_cutoff;
        count += chosen[n];
    }
    if (count != g->count) {
        out->dropped_nodes = g->count - count;
        if (t->spec->call_tree)
            cut_tree(g, chosen);
        else
            keep_in_graph(t, chosen);
    }
    free(chosen);
}

static size_t drop_light_edges(struct trimmer *t)
{
    struct graph *g = t->g;
    size_t dropped = 0;
    for (size_t i = 0; i < g->edge_count; i++) {
        struct edge *e = &g->edges[i];
        if (!e->removed && g->node[e->dest].listed && abs64(e->weight) < t->edge_cutoff) {
            e->removed = true;
            dropped++;
        }
    }
    if (dropped)
        graph_index(g);
    return dropped;
}

static struct nodetags *tag_nodes(struct trimmer *t, size_t count)
{
    bool *wanted = xcalloc(t->g->node_count + 1, sizeof *wanted);
    for (size_t i = 0; i < count && i < t->g->count; i++)
        wanted[t->g->order[i]] = true;
    struct nodetags *tags = nodetags_new(t->g, t->spec->value, t->spec->divisor, t->spec->call_tree,
                                         t->kept, wanted, t->spec->tags);
    nodetags_trim(tags, t->node_cutoff);
    free(wanted);
    return tags;
}

/* How many of the nodes, best first, fit into the limit; tags take room, too. */
static size_t fitting_nodes(struct trimmer *t)
{
    size_t limit = (size_t)t->spec->nodecount;
    if (t->spec->visual) {
        struct nodetags *tags = tag_nodes(t, limit);
        size_t used = 0;
        for (size_t i = 0; i < t->g->count && i < limit; i++) {
            size_t own = nodetags_count(tags, t->g->order[i]);
            used += (own > MOST_TAGS ? MOST_TAGS : own) + 1;
            if (used >= limit) {
                limit = i + 1;
                break;
            }
        }
        nodetags_free(tags);
    }
    return limit < t->g->count ? limit : t->g->count;
}

static bool reaches_without(const struct graph *g, uint32_t edge, uint32_t *seen, uint32_t stamp,
                            uint32_t *queue)
{
    uint32_t src = g->edges[edge].src, dest = g->edges[edge].dest;
    size_t head = 0, tail = 0;
    queue[tail++] = dest;
    seen[dest] = stamp;
    while (head < tail) {
        uint32_t n = queue[head++];
        for (uint32_t i = g->in_first[n]; i < g->in_first[n + 1]; i++) {
            const struct edge *e = &g->edges[g->in[i]];
            if (e->removed || g->in[i] == edge || seen[e->src] == stamp)
                continue;
            if (e->src == src)
                return true;
            seen[e->src] = stamp;
            queue[tail++] = e->src;
        }
    }
    return false;
}

/* Removes residual edges whose end can be reached from their start on another way, lightest first.
 */
static void drop_redundant_edges(struct graph *g)
{
    uint32_t *seen = xcalloc(g->node_count + 1, sizeof *seen), stamp = 0;
    uint32_t *queue = xmalloc((g->node_count + 1) * sizeof *queue);
    for (size_t i = g->count; i-- > 0;) {
        uint32_t n = g->order[i];
        uint32_t *in = g->in + g->in_first[n];
        size_t count = g->in_first[n + 1] - g->in_first[n];
        order_edges(g, in, count);
        for (size_t k = count; k-- > 0;) {
            struct edge *e = &g->edges[in[k]];
            if (!e->residual)
                break; /* nothing heavier than a real call is removed */
            if (reaches_without(g, in[k], seen, ++stamp, queue))
                e->removed = true;
        }
    }
    graph_index(g);
    free(seen);
    free(queue);
}

void trim_graph(struct trimmed *out, const struct nodes *nodes, const struct trim_spec *spec)
{
    struct trimmer t = {.nodes = nodes, .spec = spec};
    *out = (struct trimmed){0};
    enum node_order order = order_of(spec);

    /* Edges are weighed only once it is known between which nodes; a tree has them for nothing, a
     * picture needs them to choose its nodes. */
    build(&t, spec->call_tree ? spec->edges : GRAPH_NO_EDGES);
    int64_t total = 0;
    for (size_t i = 0; i < t.g->count; i++)
        total += t.g->node[t.g->order[i]].flat;
    t.node_cutoff = abs64(f64_to_i64((double)total * spec->nodefraction));
    t.edge_cutoff = abs64(f64_to_i64((double)total * spec->edgefraction));
    if (t.node_cutoff > 0)
        drop_light_nodes(&t, out);
    if (t.kept || (spec->visual && !spec->call_tree))
        build(&t, spec->visual ? spec->edges : GRAPH_NO_EDGES);
    out->original_count = t.g->count;
    order_nodes(t.g, order);

    bool chosen_anew = false;
    if (spec->nodecount > 0) {
        if (spec->edges && (spec->visual || spec->call_tree))
            drop_light_edges(&t);
        size_t count = fitting_nodes(&t);
        if (count != t.g->count) {
            bool *chosen = xcalloc(t.g->node_count + 1, sizeof *chosen);
            for (size_t i = 0; i < count; i++)
                chosen[t.g->order[i]] = true;
            if (spec->call_tree)
                cut_tree(t.g, chosen);
            else
                keep_in_graph(&t, chosen);
            free(chosen);
            chosen_anew = true;
        }
    }
    if (!spec->call_tree && (chosen_anew || (spec->edges && !spec->visual)))
        build(&t, spec->edges);
    if (chosen_anew || (spec->edges && !spec->visual))
        order_nodes(t.g, order);

    if (spec->edges)
        out->dropped_edges = drop_light_edges(&t);
    if (spec->visual) {
        drop_redundant_edges(t.g);
        out->tags = tag_nodes(&t, t.g->count);
    }
    out->graph = t.g;
    free(t.kept);
}

void trimmed_release(struct trimmed *t)
{
    graph_free(t->graph);
    nodetags_free(t->tags);
    *t = (struct trimmed){0};
}
