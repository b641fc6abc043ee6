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
    struct tag_texts *texts; /* visual only */
};

static enum node_order order_of(const struct trim_spec *spec)
{
    return spec->visual ? ORDER_ENTROPY : spec->cum_sort ? ORDER_CUM : ORDER_FLAT;
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
    struct nodetags_query query = {.value = t->spec->value,
                                   .divisor = t->spec->divisor,
                                   .call_tree = t->spec->call_tree,
                                   .kept = t->kept,
                                   .wanted = wanted,
                                   .cutoff = t->node_cutoff};
    struct nodetags *tags = nodetags_new(t->g, t->texts, &query);
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

/* Removes residual edges whose end can be reached from their
 * start on another way, lightest first. */
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

/* Leaves only what is kept in the order, before any edges are known. */
static void list_kept(struct trimmer *t)
{
    struct graph *g = t->g;
    size_t count = 0;
    for (size_t i = 0; t->kept && i < g->count; i++) {
        struct node *n = &g->node[g->order[i]];
        n->listed = t->kept[n->of];
        if (n->listed)
            g->order[count++] = g->order[i];
    }
    g->count = t->kept ? count : g->count;
}

static void choose_best_nodes(struct trimmer *t, bool *changed)
{
    size_t count = fitting_nodes(t), chosen_count = 0;
    bool *chosen = xcalloc(t->g->node_count + 1, sizeof *chosen);
    for (size_t i = 0; i < count; i++) {
        uint32_t n = t->g->order[i];
        /* pprof cuts a graph's nodes below 0 here; only INT64_MIN has no absolute value above. */
        chosen[n] = t->spec->call_tree || abs64(t->g->node[n].cum) >= 0;
        chosen_count += chosen[n];
    }
    *changed = chosen_count != t->g->count;
    if (*changed && t->spec->call_tree)
        cut_tree(t->g, chosen);
    else if (*changed)
        keep_in_graph(t, chosen);
    free(chosen);
}

void trim_graph(struct trimmed *out, const struct nodes *nodes, const struct trim_spec *spec)
{
    struct graph_spec graph_spec = {spec->value, spec->divisor, spec->call_tree,
                                    spec->drop_negative};
    struct trimmer t = {.nodes = nodes, .spec = spec, .g = graph_new(nodes, &graph_spec)};
    *out = (struct trimmed){0};
    if (spec->visual)
        t.texts = tag_texts_new(nodes->p, spec->tags);
    enum node_order order = order_of(spec);
    int64_t total = 0;
    for (size_t i = 0; i < t.g->count; i++)
        total += t.g->node[t.g->order[i]].flat;
    t.node_cutoff = abs64(f64_to_i64((double)total * spec->nodefraction));
    t.edge_cutoff = abs64(f64_to_i64((double)total * spec->edgefraction));
    if (t.node_cutoff > 0)
        drop_light_nodes(&t, out);

    /* Edges are weighed once it is known between which nodes; only a picture needs them earlier, to
     * choose its nodes. */
    bool early = spec->visual && !spec->call_tree;
    if (early)
        graph_set_edges(t.g, spec->edges, t.kept);
    else
        list_kept(&t);
    out->original_count = t.g->count;
    order_nodes(t.g, order);

    bool changed = false;
    if (spec->nodecount > 0) {
        if (spec->visual || spec->call_tree)
            drop_light_edges(&t);
        choose_best_nodes(&t, &changed);
    }
    if (!spec->call_tree && (changed || !early))
        graph_set_edges(t.g, spec->edges, t.kept);
    if (changed || (!spec->call_tree && !early))
        order_nodes(t.g, order);

    out->dropped_edges = drop_light_edges(&t);
    if (spec->visual) {
        drop_redundant_edges(t.g);
        out->tags = tag_nodes(&t, t.g->count);
    }
    out->graph = t.g;
    out->texts = t.texts;
    free(t.kept);
}

void trimmed_release(struct trimmed *t)
{
    graph_free(t->graph);
    nodetags_free(t->tags);
    tag_texts_free(t->texts);
    *t = (struct trimmed){0};
}
