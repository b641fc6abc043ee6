#include "analyzer/graph/graph.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/parallel.h"
#include "analyzer/graph/weights.h"

#include <stdlib.h>
#include <string.h>

/* What one thread counts. The stamp stands next to the sum because both are used together. */
struct tally {
    int64_t cum;
    uint32_t seen; /* the last stack (+1) that was added */
};

struct counter {
    const struct graph *g;
    size_t parts;
    struct tally *cums[PARALLEL_MOST];
    int64_t *cum_divs[PARALLEL_MOST]; /* NULL without means */
    struct node *flats[PARALLEL_MOST];
};

/* Flat and cum of the nodes on one stack. A node counts once, however often it recurs. */
static void count_stack(const struct counter *c, size_t part, size_t index)
{
    const struct nodes *nodes = c->g->nodes;
    const struct weight *w = &c->g->weights[index];
    const struct stack *s = &nodes->p->stacks[index];
    const uint32_t *frames = nodes->p->frames + s->first;
    struct tally *cums = c->cums[part];
    int64_t *divs = c->cum_divs[part];
    uint32_t stamp = (uint32_t)index + 1;
    for (uint32_t i = 0; i < s->count; i++) {
        uint32_t n = nodes->only[frames[i]], k = 0, last = 0;
        if (n == NO_INDEX) {
            k = nodes->first[frames[i]];
            last = nodes->first[frames[i] + 1] - 1;
            n = nodes->of[k];
        }
        for (;; n = nodes->of[k]) {
            if (cums[n].seen != stamp) {
                cums[n].seen = stamp;
                cums[n].cum += w->value;
                if (divs)
                    divs[n] += w->divisor;
            }
            if (k++ == last)
                break;
        }
    }
    if (s->count) {
        struct node *leaf = &c->flats[part][nodes->of[nodes->first[frames[0]]]];
        leaf->flat += w->value;
        leaf->flat_div += w->divisor;
    }
}

static void count_part(void *context, size_t part)
{
    struct counter *c = context;
    size_t stacks = c->g->nodes->p->stack_count;
    for (size_t i = stacks * part / c->parts; i < stacks * (part + 1) / c->parts; i++)
        if (c->g->weights[i].counts)
            count_stack(c, part, i);
}

static void count_nodes(struct graph *g, bool means)
{
    size_t count = g->nodes->count;
    struct counter c = {.g = g, .parts = parallel_parts(g->nodes->p->frame_count, 1 << 20)};
    for (size_t part = 0; part < c.parts; part++) {
        c.cums[part] = xcalloc(count + 1, sizeof **c.cums);
        c.cum_divs[part] = means ? xcalloc(count + 1, sizeof **c.cum_divs) : NULL;
        c.flats[part] = part ? xcalloc(count + 1, sizeof **c.flats) : g->node;
    }
    parallel_run(c.parts, count_part, &c);
    for (size_t part = 0; part < c.parts; part++) {
        for (size_t i = 0; i < count; i++) {
            struct node *n = &g->node[i];
            n->cum += c.cums[part][i].cum;
            n->cum_div += c.cum_divs[part] ? c.cum_divs[part][i] : 0;
            n->flat += part ? c.flats[part][i].flat : 0;
            n->flat_div += part ? c.flats[part][i].flat_div : 0;
        }
        free(c.cums[part]);
        free(c.cum_divs[part]);
        if (part)
            free(c.flats[part]);
    }
}

/* The edges that one thread finds. */
struct weigher {
    const struct graph *g;
    struct edge *edges;
    size_t edge_count, edge_cap;
    struct pairmap pairs;
    uint32_t *edge_seen; /* the last stack (+1) that counted each edge */
    size_t edge_seen_cap;
};

/* The edge from SRC to DEST, made if there is none. */
static uint32_t edge_between(struct weigher *b, uint32_t src, uint32_t dest)
{
    struct pairmap_slot *slot = pairmap_slot(&b->pairs, src, dest);
    if (!slot->value) {
        size_t index = b->edge_count++;
        b->edges = xgrow(b->edges, &b->edge_cap, index + 1, sizeof *b->edges);
        b->edge_seen = xgrow(b->edge_seen, &b->edge_seen_cap, index + 1, sizeof *b->edge_seen);
        b->edge_seen[index] = 0;
        b->edges[index] = (struct edge){.src = src, .dest = dest, .inlined = true};
        pairmap_set(&b->pairs, slot, src, dest, (uint32_t)index);
    }
    return slot->value - 1;
}

static void add_to_edge(struct edge *e, const struct edge *more)
{
    e->weight += more->weight;
    e->weight_div += more->weight_div;
    e->residual |= more->residual;
    e->inlined &= more->inlined;
}

static void add_edge(struct weigher *b, uint32_t src, uint32_t dest, uint32_t stamp,
                     const struct weight *w, bool residual, bool inlined)
{
    uint32_t index = edge_between(b, src, dest);
    if (b->edge_seen[index] == stamp)
        return;
    b->edge_seen[index] = stamp;
    struct edge more = {
        .weight = w->value, .weight_div = w->divisor, .residual = residual, .inlined = inlined};
    add_to_edge(&b->edges[index], &more);
}

enum { NODE_KEPT = 1, NODE_WANTED = 2 }; /* wanted: edges into it are */

/* What the walk over the stacks looks at: most frames of a trimmed graph are not kept, and a byte
 * per location says so. */
struct edge_filter {
    unsigned char *nodes;     /* NODE_*, per index into nodes */
    unsigned char *locations; /* is any of its nodes kept? */
    bool any;                 /* is any edge wanted? */
};

static void edge_filter_init(struct edge_filter *f, const struct nodes *nodes,
                             enum graph_edges which, const bool *kept)
{
    size_t location_count = nodes->p->location_count;
    bool all = which == GRAPH_ALL_EDGES;
    *f = (struct edge_filter){.any = all};
    f->nodes = xcalloc(nodes->count + 1, 1);
    f->locations = xcalloc(location_count + 1, 1);
    for (size_t i = 0; i < nodes->count; i++)
        f->nodes[i] = !kept || kept[i] ? NODE_KEPT | (all ? NODE_WANTED : 0) : 0;
    for (size_t i = 0; i < location_count; i++) {
        for (uint32_t k = nodes->first[i]; k < nodes->first[i + 1]; k++) {
            unsigned char *flags = &f->nodes[nodes->of[k]];
            bool inlined = k + 1 < nodes->first[i + 1];
            if (*flags && inlined) {
                *flags |= NODE_WANTED;
                f->any = true;
            }
            f->locations[i] |= *flags != 0;
        }
    }
}

static void edge_filter_release(struct edge_filter *f)
{
    free(f->nodes);
    free(f->locations);
}

/* The edges of one stack, root to leaf. */
static void add_edges(struct weigher *b, size_t index, const struct edge_filter *f)
{
    const struct nodes *nodes = b->g->nodes;
    const struct weight *w = &b->g->weights[index];
    const struct stack *s = &nodes->p->stacks[index];
    const uint32_t *frames = nodes->p->frames + s->first;
    uint32_t parent = NO_INDEX, stamp = (uint32_t)index + 1;
    bool residual = false;
    for (uint32_t i = s->count; i-- > 0;) {
        if (!f->locations[frames[i]]) {
            residual = true;
            continue;
        }
        uint32_t first = nodes->first[frames[i]], last = nodes->first[frames[i] + 1] - 1;
        for (uint32_t k = last + 1; k-- > first;) {
            uint32_t n = nodes->of[k];
            if (!f->nodes[n]) {
                residual = true;
                continue;
            }
            if (f->nodes[n] & NODE_WANTED && parent != NO_INDEX && n != parent)
                add_edge(b, parent, n, stamp, w, residual, k != last);
            parent = n;
            residual = false;
        }
    }
}

struct edge_job {
    const struct graph *g;
    const struct edge_filter *filter;
    size_t parts;
    struct weigher weighers[PARALLEL_MOST];
};

static void weigh_part(void *context, size_t part)
{
    struct edge_job *job = context;
    const struct graph *g = job->g;
    size_t stacks = g->nodes->p->stack_count;
    job->weighers[part] = (struct weigher){.g = g};
    for (size_t i = stacks * part / job->parts; i < stacks * (part + 1) / job->parts; i++)
        if (g->weights[i].counts)
            add_edges(&job->weighers[part], i, job->filter);
}

static void list_nodes(struct graph *g, const bool *kept);

void graph_set_edges(struct graph *g, enum graph_edges which, const bool *kept)
{
    struct edge_filter filter;
    edge_filter_init(&filter, g->nodes, which, kept);
    struct edge_job job = {.g = g, .filter = &filter};
    job.parts = filter.any ? parallel_parts(g->nodes->p->frame_count, 1 << 20) : 0;
    if (job.parts)
        parallel_run(job.parts, weigh_part, &job);
    struct weigher *all = &job.weighers[0];
    for (size_t part = 1; part < job.parts; part++) {
        struct weigher *w = &job.weighers[part];
        for (size_t i = 0; i < w->edge_count; i++) {
            uint32_t index = edge_between(all, w->edges[i].src, w->edges[i].dest);
            add_to_edge(&all->edges[index], &w->edges[i]);
        }
        free(w->edges);
        free(w->edge_seen);
        pairmap_release(&w->pairs);
    }
    free(g->edges);
    g->edges = all->edges;
    g->edge_count = all->edge_count;
    g->edge_cap = all->edge_cap;
    free(all->edge_seen);
    pairmap_release(&all->pairs);
    edge_filter_release(&filter);
    list_nodes(g, kept);
    graph_index(g);
}

/* The child of PARENT (NO_INDEX: a root) that is N, made if needed; PARENT's edge to it has the
 * index of the child in a tree, so each node but the roots has exactly one. */
static uint32_t tree_child(struct graph *g, uint32_t parent, uint32_t n)
{
    struct pairmap_slot *slot = pairmap_slot(&g->children, parent, n);
    if (!slot->value) {
        g->node = xgrow(g->node, &g->node_cap, g->node_count + 1, sizeof *g->node);
        g->node[g->node_count++] = (struct node){.of = n};
        g->edges = xgrow(g->edges, &g->edge_cap, g->node_count, sizeof *g->edges);
        g->edges[g->edge_count++] = (struct edge){.src = parent,
                                                  .dest = (uint32_t)g->node_count - 1,
                                                  .inlined = true,
                                                  .removed = parent == NO_INDEX};
        pairmap_set(&g->children, slot, parent, n, (uint32_t)g->node_count - 1);
    }
    return slot->value - 1;
}

static void add_path(struct graph *g, const struct stack *s, const struct weight *w)
{
    const struct nodes *nodes = g->nodes;
    const uint32_t *frames = nodes->p->frames + s->first;
    uint32_t parent = NO_INDEX;
    for (uint32_t i = s->count; i-- > 0;) {
        uint32_t first = nodes->first[frames[i]], last = nodes->first[frames[i] + 1] - 1;
        for (uint32_t k = last + 1; k-- > first;) {
            uint32_t n = tree_child(g, parent, nodes->of[k]);
            struct node *node = &g->node[n];
            node->cum += w->value;
            node->cum_div += w->divisor;
            struct edge *e = &g->edges[n];
            e->weight += w->value;
            e->weight_div += w->divisor;
            e->inlined &= k != last;
            parent = n;
        }
    }
    if (parent != NO_INDEX) {
        g->node[parent].flat += w->value;
        g->node[parent].flat_div += w->divisor;
    }
}

uint32_t graph_child(const struct graph *g, uint32_t parent, uint32_t of)
{
    return pairmap_get(&g->children, parent, of);
}

static bool is_negative(const struct node *n)
{
    return n->flat < 0 || (n->flat == 0 && n->cum < 0);
}

static void list_nodes(struct graph *g, const bool *kept)
{
    g->order = xrealloc(g->order, (g->node_count + 1) * sizeof *g->order);
    g->count = 0;
    for (size_t i = 0; i < g->node_count; i++) {
        struct node *n = &g->node[i];
        n->listed =
            (n->cum || n->flat) && !(g->drop_negative && is_negative(n)) && (!kept || kept[n->of]);
        if (n->listed)
            g->order[g->count++] = (uint32_t)i;
    }
}

struct graph *graph_new(const struct nodes *nodes, const struct graph_spec *spec)
{
    struct profile *p = nodes->p;
    struct graph *g = xcalloc(1, sizeof *g);
    g->nodes = nodes;
    g->drop_negative = spec->drop_negative;
    g->weights = weights_by_stack(p, spec->value, spec->divisor);
    if (spec->call_tree) {
        for (size_t s = 0; s < p->stack_count; s++)
            if (g->weights[s].counts)
                add_path(g, &p->stacks[s], &g->weights[s]);
        graph_index(g);
    } else {
        g->node_count = g->node_cap = nodes->count;
        g->node = xcalloc(nodes->count + 1, sizeof *g->node);
        for (size_t i = 0; i < nodes->count; i++)
            g->node[i].of = (uint32_t)i;
        count_nodes(g, spec->divisor >= 0);
    }
    list_nodes(g, NULL);
    return g;
}

void graph_free(struct graph *g)
{
    if (!g)
        return;
    pairmap_release(&g->children);
    free(g->weights);
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
