#include "analyzer/graph/neighbors.h"

#include "analyzer/base/alloc.h"

#include <stdlib.h>

/* One side: callers, or callees. */
struct side {
    struct neighbor *items;
    size_t count, cap;
    struct {
        uint32_t index, seen; /* index of its item plus one; the last stack (+1) that counted */
    } * slots;                /* per node */
};

struct finder {
    const struct nodes *nodes;
    const bool *at;
    bool *in_locations; /* per location: is any of its nodes AT? */
    struct side callers, callees;
};

static void count(struct side *s, uint32_t node, uint32_t stamp, bool inlined,
                  struct calltree_value value)
{
    if (!s->slots[node].index) {
        s->items = xgrow(s->items, &s->cap, s->count + 1, sizeof *s->items);
        s->items[s->count++] = (struct neighbor){.node = node, .inlined = true};
        s->slots[node].index = (uint32_t)s->count;
    }
    if (s->slots[node].seen == stamp)
        return;
    s->slots[node].seen = stamp;
    struct neighbor *n = &s->items[s->slots[node].index - 1];
    n->inlined &= inlined;
    calltree_add(&n->weight, value);
}

/* Both neighbors of each of the nodes on a stack, root to leaf. True: there are such. */
static bool walk(struct finder *f, const struct stack *s, uint32_t stamp,
                 struct calltree_value value)
{
    const struct nodes *nodes = f->nodes;
    const uint32_t *frames = nodes->p->frames + s->first;
    bool found = false, after = false; /* after: the node before was one of them */
    for (uint32_t i = s->count; i-- > 0;) {
        bool here = f->in_locations[frames[i]];
        if (!here && !after)
            continue;
        uint32_t first = nodes->first[frames[i]], last = nodes->first[frames[i] + 1] - 1;
        uint32_t before = NO_INDEX; /* in the frame that called this one: its innermost node */
        if (i + 1 < s->count)
            before = nodes->of[nodes->first[frames[i + 1]]];
        for (uint32_t k = last + 1; k-- > first; before = nodes->of[k]) {
            uint32_t node = nodes->of[k];
            bool is = f->at[node];
            if (is && !after && before != NO_INDEX)
                count(&f->callers, before, stamp, k != last, value);
            if (!is && after)
                count(&f->callees, node, stamp, k != last, value);
            found |= is;
            after = is;
        }
    }
    return found;
}

static int heaviest_first(const void *a, const void *b, void *context)
{
    const struct nodes *nodes = context;
    const struct neighbor *x = a, *y = b;
    uint64_t v = calltree_weight(x->weight), w = calltree_weight(y->weight);
    if (v != w)
        return v > w ? -1 : 1;
    int order = str_cmp(nodes->names[x->node], nodes->names[y->node]);
    return order ? order : (x->node > y->node) - (x->node < y->node);
}

static struct neighbor *finish(struct side *s, const struct nodes *nodes, size_t *n)
{
    if (s->count)
        qsort_r(s->items, s->count, sizeof *s->items, heaviest_first, (void *)nodes);
    free(s->slots);
    *n = s->count;
    return s->items;
}

void neighbors_init(struct neighbors *n, const struct nodes *nodes, int value, const bool *at)
{
    const struct profile *p = nodes->p;
    struct finder f = {.nodes = nodes, .at = at, .in_locations = nodes_locations(nodes, at)};
    f.callers.slots = xcalloc(nodes->count + 1, sizeof *f.callers.slots);
    f.callees.slots = xcalloc(nodes->count + 1, sizeof *f.callees.slots);
    *n = (struct neighbors){0};
    struct calltree_value *values = calltree_stack_values(p, value);
    for (size_t i = 0; i < p->stack_count; i++) {
        const struct stack *s = &p->stacks[i];
        if (!calltree_weight(values[i]) || !walk(&f, s, (uint32_t)i + 1, values[i]))
            continue;
        calltree_add(&n->cum, values[i]);
        if (at[nodes->of[nodes->first[p->frames[s->first]]]])
            calltree_add(&n->flat, values[i]);
    }
    free(values);
    free(f.in_locations);
    n->callers = finish(&f.callers, nodes, &n->caller_count);
    n->callees = finish(&f.callees, nodes, &n->callee_count);
}

void neighbors_release(struct neighbors *n)
{
    free(n->callers);
    free(n->callees);
    *n = (struct neighbors){0};
}
