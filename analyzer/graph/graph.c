#include "analyzer/graph/graph.h"

#include "analyzer/base/alloc.h"
#include "analyzer/graph/weights.h"

#include <stdlib.h>
#include <string.h>

/* Finds an edge, or in a call tree the child of a node, by two indices. */
struct pair_table {
    struct pair_slot {
        uint32_t a, b, value; /* value + 1, 0 for a free slot */
    } * slots;
    size_t slot_count, used;
};

static uint64_t pair_hash(uint32_t a, uint32_t b)
{
    uint64_t h = ((uint64_t)a << 32 | b) * 0x9E3779B97F4A7C15;
    return h ^ h >> 32;
}

static struct pair_slot *pair_find(const struct pair_table *t, uint32_t a, uint32_t b)
{
    size_t at = pair_hash(a, b) & (t->slot_count - 1);
    while (t->slots[at].value && (t->slots[at].a != a || t->slots[at].b != b))
        at = (at + 1) & (t->slot_count - 1);
    return &t->slots[at];
}

/* The slot of (A, B), which is free if it was not there. */
static struct pair_slot *pair_slot(struct pair_table *t, uint32_t a, uint32_t b)
{
    if ((t->used + 1) * 2 > t->slot_count) {
        struct pair_table old = *t;
        t->slot_count = old.slot_count ? old.slot_count * 2 : 1024;
        t->slots = xcalloc(t->slot_count, sizeof *t->slots);
        for (size_t i = 0; i < old.slot_count; i++)
            if (old.slots[i].value)
                *pair_find(t, old.slots[i].a, old.slots[i].b) = old.slots[i];
        free(old.slots);
    }
    return pair_find(t, a, b);
}

struct builder {
    struct graph *g;
    const struct nodes *nodes;
    const struct graph_spec *spec;
    uint32_t *node_seen, *edge_seen; /* the last stack (+1) that counted them */
    size_t edge_seen_cap;
    bool *inlinable; /* nodes that are inlined somewhere */
};

static void add_edge(struct builder *b, uint32_t src, uint32_t dest, uint32_t stamp,
                     const struct weight *w, bool residual, bool inlined)
{
    struct graph *g = b->g;
    struct pair_slot *slot = pair_slot(b->g->pairs, src, dest);
    if (!slot->value) {
        size_t index = g->edge_count;
        g->edges = xgrow(g->edges, &g->edge_cap, index + 1, sizeof *g->edges);
        b->edge_seen = xgrow(b->edge_seen, &b->edge_seen_cap, index + 1, sizeof *b->edge_seen);
        b->edge_seen[index] = 0;
        g->edges[index] = (struct edge){.src = src, .dest = dest, .inlined = inlined};
        g->edge_count++;
        b->g->pairs->used++;
        *slot = (struct pair_slot){src, dest, (uint32_t)g->edge_count};
    }
    uint32_t index = slot->value - 1;
    if (b->edge_seen[index] == stamp)
        return;
    b->edge_seen[index] = stamp;
    struct edge *e = &g->edges[index];
    e->weight += w->value;
    e->weight_div += w->divisor;
    e->residual |= residual;
    e->inlined &= inlined;
}

/* Root to leaf; the last node that is kept gets the flat value unless what it called was left out.
 */
static void add_stack(struct builder *b, const struct stack *s, uint32_t stamp,
                      const struct weight *w)
{
    const struct nodes *nodes = b->nodes;
    const uint32_t *frames = nodes->p->frames + s->first;
    const bool *kept = b->spec->kept;
    enum graph_edges edges = b->spec->edges;
    struct node *node = b->g->node;
    uint32_t parent = NO_INDEX;
    bool residual = false;
    for (uint32_t i = s->count; i-- > 0;) {
        uint32_t first = nodes->first[frames[i]], last = nodes->first[frames[i] + 1] - 1;
        for (uint32_t k = last + 1; k-- > first;) {
            uint32_t n = nodes->of[k];
            if (kept && !kept[n]) {
                residual = true;
                continue;
            }
            if (b->node_seen[n] != stamp) {
                b->node_seen[n] = stamp;
                node[n].cum += w->value;
                node[n].cum_div += w->divisor;
            }
            if (edges && parent != NO_INDEX && n != parent &&
                (edges == GRAPH_ALL_EDGES || b->inlinable[n]))
                add_edge(b, parent, n, stamp, w, residual, k != last);
            parent = n;
            residual = false;
        }
    }
    if (parent != NO_INDEX && !residual) {
        node[parent].flat += w->value;
        node[parent].flat_div += w->divisor;
    }
}

/* The child of PARENT (NO_INDEX: a root) that is N, made if needed; PARENT's edge to it has the
 * index of the child in a tree, so each node but the roots has exactly one. */
static uint32_t tree_child(struct builder *b, uint32_t parent, uint32_t n)
{
    struct graph *g = b->g;
    struct pair_slot *slot = pair_slot(b->g->pairs, parent, n);
    if (!slot->value) {
        g->node = xgrow(g->node, &g->node_cap, g->node_count + 1, sizeof *g->node);
        g->node[g->node_count++] = (struct node){.of = n};
        g->edges = xgrow(g->edges, &g->edge_cap, g->node_count, sizeof *g->edges);
        g->edges[g->edge_count++] = (struct edge){.src = parent,
                                                  .dest = (uint32_t)g->node_count - 1,
                                                  .inlined = true,
                                                  .removed = parent == NO_INDEX};
        b->g->pairs->used++;
        *slot = (struct pair_slot){parent, n, (uint32_t)g->node_count};
    }
    return slot->value - 1;
}

static void add_path(struct builder *b, const struct stack *s, const struct weight *w)
{
    const struct nodes *nodes = b->nodes;
    const uint32_t *frames = nodes->p->frames + s->first;
    uint32_t parent = NO_INDEX;
    for (uint32_t i = s->count; i-- > 0;) {
        uint32_t first = nodes->first[frames[i]], last = nodes->first[frames[i] + 1] - 1;
        for (uint32_t k = last + 1; k-- > first;) {
            uint32_t n = tree_child(b, parent, nodes->of[k]);
            struct node *node = &b->g->node[n];
            node->cum += w->value;
            node->cum_div += w->divisor;
            struct edge *e = &b->g->edges[n];
            e->weight += w->value;
            e->weight_div += w->divisor;
            e->inlined &= k != last;
            parent = n;
        }
    }
    if (parent != NO_INDEX) {
        b->g->node[parent].flat += w->value;
        b->g->node[parent].flat_div += w->divisor;
    }
}

uint32_t graph_child(const struct graph *g, uint32_t parent, uint32_t of)
{
    return g->pairs->slot_count ? pair_find(g->pairs, parent, of)->value - 1 : NO_INDEX;
}

static bool is_negative(const struct node *n)
{
    return n->flat < 0 || (n->flat == 0 && n->cum < 0);
}

static void list_nodes(struct graph *g, bool drop_negative)
{
    g->order = xmalloc((g->node_count + 1) * sizeof *g->order);
    for (size_t i = 0; i < g->node_count; i++) {
        struct node *n = &g->node[i];
        n->listed = (n->cum || n->flat) && !(drop_negative && is_negative(n));
        if (n->listed)
            g->order[g->count++] = (uint32_t)i;
    }
}

static bool *find_inlinable(const struct nodes *nodes)
{
    bool *inlinable = xcalloc(nodes->count + 1, sizeof *inlinable);
    for (size_t i = 0; i < nodes->p->location_count; i++)
        for (uint32_t k = nodes->first[i]; k + 1 < nodes->first[i + 1]; k++)
            inlinable[nodes->of[k]] = true;
    return inlinable;
}

struct graph *graph_new(const struct nodes *nodes, const struct graph_spec *spec)
{
    struct profile *p = nodes->p;
    struct graph *g = xcalloc(1, sizeof *g);
    struct builder b = {.g = g, .nodes = nodes, .spec = spec};
    struct weight *weights = weights_by_stack(p, spec->value, spec->divisor);
    g->nodes = nodes;
    g->pairs = xcalloc(1, sizeof *g->pairs);
    if (!spec->call_tree) {
        g->node_count = g->node_cap = nodes->count;
        g->node = xcalloc(nodes->count + 1, sizeof *g->node);
        for (size_t i = 0; i < nodes->count; i++)
            g->node[i].of = (uint32_t)i;
        b.node_seen = xcalloc(nodes->count + 1, sizeof *b.node_seen);
        if (spec->edges == GRAPH_INLINED_EDGES)
            b.inlinable = find_inlinable(nodes);
    }
    for (size_t s = 0; s < p->stack_count; s++) {
        if (!weights[s].counts)
            continue;
        if (spec->call_tree)
            add_path(&b, &p->stacks[s], &weights[s]);
        else
            add_stack(&b, &p->stacks[s], (uint32_t)s + 1, &weights[s]);
    }
    list_nodes(g, spec->drop_negative);
    if (spec->edges)
        graph_index(g);
    free(weights);
    free(b.node_seen);
    free(b.edge_seen);
    free(b.inlinable);
    return g;
}

void graph_free(struct graph *g)
{
    if (!g)
        return;
    free(g->pairs->slots);
    free(g->pairs);
    free(g->node);
    free(g->order);
    free(g->edges);
    free(g->in_first);
    free(g->in);
    free(g->out_first);
    free(g->out);
    free(g);
}

/* Counting sort of the edges by one of their ends. */
static void index_by(const struct graph *g, bool by_src, uint32_t **first, uint32_t **list)
{
    free(*first);
    free(*list);
    *first = xcalloc(g->node_count + 2, sizeof **first);
    *list = xmalloc((g->edge_count + 1) * sizeof **list);
    uint32_t *start = *first + 1; /* shifted by one: filled below, it ends where it should begin */
    for (size_t i = 0; i < g->edge_count; i++)
        if (!g->edges[i].removed)
            start[1 + (by_src ? g->edges[i].src : g->edges[i].dest)]++;
    for (size_t i = 1; i <= g->node_count; i++)
        start[i] += start[i - 1];
    for (size_t i = 0; i < g->edge_count; i++)
        if (!g->edges[i].removed)
            (*list)[start[by_src ? g->edges[i].src : g->edges[i].dest]++] = (uint32_t)i;
}

void graph_index(struct graph *g)
{
    index_by(g, false, &g->in_first, &g->in);
    index_by(g, true, &g->out_first, &g->out);
}
