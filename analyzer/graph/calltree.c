#include "analyzer/graph/calltree.h"

#include "analyzer/base/alloc.h"

#include <stdlib.h>

/* A distinct stack on its way from one end to the other. Everything the inner loop needs stands
 * together, as stacks are visited in an order that has nothing to do with memory's. */
struct item {
    const uint32_t *frames; /* leaf first */
    uint32_t left;          /* frames not yet passed */
    uint32_t line;          /* of the next frame: nodes already passed */
    struct calltree_value value;
};

/* A cell while the tree grows. ITEMS[first .. first + count) are the stacks through it that have
 * not ended, each at its next node. */
struct sprout {
    uint32_t node, parent; /* parent: index into accepted */
    uint32_t first, count;
    uint32_t children; /* how many it has, accepted or not */
    uint32_t depth;
    uint64_t rank; /* those of the highest are accepted first; never above the parent's */
    bool inlined;
    struct calltree_value flat, cum;
};

/* What is found out about a node below the cell that is being split. */
struct child {
    struct sprout sprout;
    uint32_t next; /* where the next of its items belongs */
};

struct grower {
    const struct nodes *nodes;
    struct calltree_limits limits;
    bool inverted;
    size_t text;
    bool *named; /* per node: its name is counted in TEXT */

    struct item *items;
    uint32_t *child_of; /* per item: which child it goes to */
    struct child *children;
    size_t child_cap;
    struct {
        uint32_t stamp, child;
    } * slots; /* per node: which child it is, if the stamp is that of the split */
    uint32_t stamp;

    struct sprout *accepted;
    size_t accepted_count, accepted_cap;
    struct sprout *waiting; /* a heap, the highest rank on top */
    size_t waiting_count, waiting_cap;
};

/* --- the stacks */

struct calltree_value *calltree_stack_values(const struct profile *p, int value)
{
    const int64_t *values = p->values[value];
    struct calltree_value *sums = xcalloc(p->stack_count + 1, sizeof *sums);
    for (size_t i = 0; i < p->sample_count; i++) {
        struct calltree_value *sum = &sums[p->sample_stack[i]];
        int64_t *side = values[i] < 0 ? &sum->old : &sum->new;
        *side = add_up64(*side, magnitude64(values[i]));
    }
    return sums;
}

/* Which stacks the tree is made of, and from where on. */
struct entrance {
    const bool *at;     /* per node; NULL: all stacks, from their ends */
    bool *in_locations; /* per location: is any of its nodes AT? */
    bool inverted;
};

/* Passes everything up to the entrance that is nearest to the root. False: there is none. */
static bool enter(struct item *item, const struct nodes *n, const struct entrance *e)
{
    if (!e->at)
        return true;
    uint32_t frame = item->left;
    while (frame && !e->in_locations[item->frames[frame - 1]])
        frame--;
    if (!frame)
        return false;
    uint32_t first = n->first[item->frames[frame - 1]];
    uint32_t count = n->first[item->frames[frame - 1] + 1] - first, line = count - 1;
    while (!e->at[n->of[first + line]])
        line--;
    item->line = e->inverted ? line + 1 : count - line; /* passed, with the entrance itself */
    bool whole = item->line == count;
    if (whole)
        item->line = 0;
    if (e->inverted) {
        item->frames += frame - !whole;
        item->left -= frame - !whole;
    } else {
        item->left = frame - whole;
    }
    return true;
}

/* The stacks with a value that E lets in; the sum goes to ALL. */
static struct item *items_new(const struct nodes *n, int value, const struct entrance *e,
                              size_t *count, struct calltree_value *all)
{
    const struct profile *p = n->p;
    struct calltree_value *values = calltree_stack_values(p, value);
    struct item *items = NULL;
    size_t cap = 0;
    *count = 0;
    for (size_t i = 0; i < p->stack_count; i++) {
        struct item item = {.frames = p->frames + p->stacks[i].first,
                            .left = p->stacks[i].count,
                            .value = values[i]};
        if (!calltree_weight(item.value) || !enter(&item, n, e))
            continue;
        calltree_add(all, item.value);
        items = xgrow(items, &cap, *count + 1, sizeof *items);
        items[(*count)++] = item;
    }
    free(values);
    return items;
}

/* Where the location of the item's next node is written down. */
static const uint32_t *item_frame(const struct item *i, bool inverted)
{
    return i->frames + (inverted ? 0 : i->left - 1);
}

/* Passes the item's next node. */
static uint32_t item_next(struct item *i, const struct nodes *n, bool inverted, bool *inlined)
{
    uint32_t location = *item_frame(i, inverted), node = n->only[location];
    uint32_t first = n->first[location], last = n->first[location + 1] - first - 1;
    uint32_t line = inverted ? i->line : last - i->line; /* innermost is 0 */
    *inlined = line < last;
    if (node == NO_INDEX)
        node = n->of[first + line];
    if (i->line++ == last) {
        i->line = 0;
        i->left--;
        i->frames += inverted;
    }
    return node;
}

/* --- the cells that may still become part of the tree, highest rank first */

/* Of equal ones the one that was found first. */
static bool is_before(const struct sprout *a, const struct sprout *b)
{
    if (a->rank != b->rank)
        return a->rank > b->rank;
    return a->parent != b->parent ? a->parent < b->parent : a->first < b->first;
}

static void sink(struct sprout *heap, size_t count, size_t at)
{
    struct sprout s = heap[at];
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && is_before(&heap[child + 1], &heap[child]))
            child++;
        if (!is_before(&heap[child], &s))
            break;
        heap[at] = heap[child];
    }
    heap[at] = s;
}

static int compare_sprouts(const void *a, const void *b)
{
    return is_before(a, b) ? -1 : is_before(b, a);
}

/* Each cell that is accepted uses up one of LIMITS.CELLS, and none that comes later is ranked above
 * the one it hangs from: so what stands behind that many others is never going to be accepted. */
static void forget_hopeless(struct grower *g)
{
    size_t room = g->limits.cells - g->accepted_count;
    if (!g->limits.cells || g->waiting_count < 2 * room + 1024)
        return;
    qsort(g->waiting, g->waiting_count, sizeof *g->waiting, compare_sprouts);
    g->waiting_count = room; /* sorted is a heap, too */
}

static void put(struct grower *g, const struct sprout *s)
{
    g->waiting = xgrow(g->waiting, &g->waiting_cap, g->waiting_count + 1, sizeof *g->waiting);
    size_t at = g->waiting_count++;
    for (size_t up; at && is_before(s, &g->waiting[up = (at - 1) / 2]); at = up)
        g->waiting[at] = g->waiting[up];
    g->waiting[at] = *s;
}

static struct sprout take(struct grower *g)
{
    struct sprout top = g->waiting[0];
    g->waiting[0] = g->waiting[--g->waiting_count];
    if (g->waiting_count)
        sink(g->waiting, g->waiting_count, 0);
    return top;
}

/* --- splitting a cell */

/* The child that is NODE, with number *AT. */
static struct child *child_for(struct grower *g, uint32_t node, uint32_t *at, uint32_t *count)
{
    if (g->slots[node].stamp != g->stamp) {
        g->slots[node].stamp = g->stamp;
        g->slots[node].child = *count;
        g->children = xgrow(g->children, &g->child_cap, *count + 1, sizeof *g->children);
        g->children[(*count)++] = (struct child){.sprout = {.node = node, .inlined = true}};
    }
    *at = g->slots[node].child;
    return &g->children[*at];
}

enum { AHEAD = 12 }; /* items between asking for a stack's frame and reading it */

/* Moves stacks that have ended to the back of S, where they add to its flat, and finds the child of
 * each other one. */
static uint32_t find_children(struct grower *g, struct sprout *s)
{
    uint32_t count = 0;
    g->stamp++;
    for (uint32_t i = s->first; i < s->first + s->count;) {
        struct item *item = &g->items[i];
        if (i + AHEAD < s->first + s->count) {
            const struct item *later = item + AHEAD;
            if (later->left)
                __builtin_prefetch(item_frame(later, g->inverted));
        }
        if (!item->left) {
            calltree_add(&s->flat, item->value);
            *item = g->items[s->first + --s->count];
            continue;
        }
        bool inlined;
        uint32_t node = item_next(item, g->nodes, g->inverted, &inlined);
        struct sprout *child = &child_for(g, node, &g->child_of[i], &count)->sprout;
        child->count++;
        child->inlined &= inlined;
        calltree_add(&child->cum, item->value);
        i++;
    }
    return count;
}

/* Brings the items of each child together, in place: each swap puts one where it belongs. */
static void gather(struct grower *g, const struct sprout *s, uint32_t count)
{
    uint32_t at = s->first;
    for (uint32_t c = 0; c < count; c++) {
        g->children[c].sprout.first = g->children[c].next = at;
        at += g->children[c].sprout.count;
    }
    for (uint32_t c = 0; c < count; c++) {
        struct child *child = &g->children[c];
        uint32_t end = child->sprout.first + child->sprout.count;
        while (child->next < end) {
            uint32_t from = child->next, to_child = g->child_of[from];
            uint32_t to = g->children[to_child].next++;
            if (to_child == c)
                continue;
            struct item item = g->items[from];
            g->items[from] = g->items[to];
            g->items[to] = item;
            g->child_of[from] = g->child_of[to];
            g->child_of[to] = to_child;
        }
    }
}

/* By weight. From the leaves up that would follow the few heaviest functions to their last caller;
 * near callers of many functions say more. */
static uint64_t rank_of(const struct grower *g, const struct sprout *s)
{
    uint64_t depth = s->depth ? s->depth : 1;
    return calltree_weight(s->cum) / (g->inverted ? depth * depth : 1);
}

/* Puts the children of the accepted cell PARENT among those that wait. */
static void split(struct grower *g, uint32_t parent)
{
    struct sprout *s = &g->accepted[parent];
    uint32_t count = find_children(g, s);
    if (count > 1)
        gather(g, s, count);
    else if (count)
        g->children[0].sprout.first = s->first;
    s->children = count;
    for (uint32_t c = 0; c < count; c++) {
        struct sprout *child = &g->children[c].sprout;
        child->parent = parent;
        child->depth = g->accepted[parent].depth + 1;
        child->rank = rank_of(g, child);
        put(g, child);
    }
    forget_hopeless(g);
}

static bool has_room_for_name(struct grower *g, uint32_t node)
{
    if (node == NO_INDEX || g->named[node])
        return true;
    size_t len = g->nodes->names[node].len;
    if (g->limits.text && len > g->limits.text - g->text)
        return false;
    g->text += len;
    g->named[node] = true;
    return true;
}

static void grow(struct grower *g)
{
    size_t limit = g->limits.cells ? g->limits.cells : SIZE_MAX;
    while (g->waiting_count && g->accepted_count < limit) {
        struct sprout s = take(g);
        if (!has_room_for_name(g, s.node))
            continue;
        g->accepted =
            xgrow(g->accepted, &g->accepted_cap, g->accepted_count + 1, sizeof *g->accepted);
        g->accepted[g->accepted_count] = s;
        split(g, (uint32_t)g->accepted_count++);
    }
}

/* --- the accepted cells in their final order */

struct placer {
    const struct grower *g;
    uint32_t *children; /* accepted cells by parent, heaviest first */
    uint32_t *first;    /* per accepted cell: the first of its own in CHILDREN */
    struct calltree *t;
};

static int by_parent(const void *a, const void *b, void *context)
{
    const struct grower *g = context;
    const struct sprout *x = &g->accepted[*(const uint32_t *)a];
    const struct sprout *y = &g->accepted[*(const uint32_t *)b];
    if (x->parent != y->parent)
        return x->parent < y->parent ? -1 : 1;
    uint64_t v = calltree_weight(x->cum), w = calltree_weight(y->cum);
    if (v != w)
        return v > w ? -1 : 1;
    int order = str_cmp(g->nodes->names[x->node], g->nodes->names[y->node]);
    return order ? order : (x->node > y->node) - (x->node < y->node);
}

static void sort_children(struct placer *p)
{
    const struct grower *g = p->g;
    size_t count = g->accepted_count - 1; /* all but the root */
    p->children = xmalloc((count + 1) * sizeof *p->children);
    p->first = xcalloc(g->accepted_count + 2, sizeof *p->first);
    for (uint32_t i = 0; i < count; i++) {
        p->children[i] = i + 1;
        p->first[g->accepted[i + 1].parent + 1]++;
    }
    if (count)
        qsort_r(p->children, count, sizeof *p->children, by_parent, (void *)g);
    for (size_t i = 1; i <= g->accepted_count; i++)
        p->first[i] += p->first[i - 1];
}

static uint32_t place(struct calltree *t, const struct sprout *s, uint32_t parent)
{
    uint32_t at = (uint32_t)t->count++;
    t->cells[at] = (struct calltree_cell){
        .node = s->node,
        .parent = parent,
        .depth = parent == NO_INDEX ? 0 : t->cells[parent].depth + 1,
        .end = at + 1,
        .inlined = s->inlined && s->node != NO_INDEX,
        .flat = s->flat,
        .cum = s->cum,
    };
    return at;
}

/* What of S was not accepted, as a cell below cell AT. */
static void place_merged(struct placer *p, const struct sprout *s, uint32_t at, uint32_t accepted)
{
    struct calltree_value left = s->cum;
    left.old -= s->flat.old;
    left.new -= s->flat.new;
    const struct sprout *all = p->g->accepted;
    uint32_t first = p->first[s - all];
    for (uint32_t i = 0; i < accepted; i++) {
        left.old -= all[p->children[first + i]].cum.old;
        left.new -= all[p->children[first + i]].cum.new;
    }
    if (left.old < 0) /* sums that stopped at the largest number */
        left.old = 0;
    if (left.new < 0)
        left.new = 0;
    struct sprout merged = {.node = NO_INDEX, .flat = left, .cum = left};
    uint32_t cell = place(p->t, &merged, at);
    p->t->cells[cell].merged = s->children - accepted;
    calltree_add(&p->t->merged, left);
}

/* Closes cell AT: everything below it has been placed. */
static void finish(struct placer *p, uint32_t of, uint32_t at)
{
    const struct sprout *s = &p->g->accepted[of];
    uint32_t accepted = p->first[of + 1] - p->first[of];
    if (s->children > accepted)
        place_merged(p, s, at, accepted);
    p->t->cells[at].end = (uint32_t)p->t->count;
}

/* Preorder, without recursion: a stack may have a million frames. */
static void place_all(struct placer *p)
{
    const struct grower *g = p->g;
    struct open {
        uint32_t of, at, next; /* the accepted cell, its place, the next of its children */
    } *open = xmalloc(g->accepted_count * sizeof *open);
    size_t depth = 0;
    open[depth++] = (struct open){0, place(p->t, &g->accepted[0], NO_INDEX), p->first[0]};
    while (depth) {
        struct open *o = &open[depth - 1];
        if (o->next == p->first[o->of + 1]) {
            finish(p, o->of, o->at);
            depth--;
            continue;
        }
        uint32_t of = p->children[o->next++];
        open[depth++] = (struct open){of, place(p->t, &g->accepted[of], o->at), p->first[of]};
    }
    free(open);
}

static void place_cells(struct calltree *t, const struct grower *g)
{
    struct placer p = {.g = g, .t = t};
    sort_children(&p);
    t->cells = xmalloc(2 * g->accepted_count * sizeof *t->cells);
    place_all(&p);
    free(p.children);
    free(p.first);
}

void calltree_init_at(struct calltree *t, const struct nodes *nodes, int value, bool inverted,
                      const bool *at, const struct calltree_limits *limits)
{
    *t = (struct calltree){0};
    struct grower g = {.nodes = nodes, .limits = *limits, .inverted = inverted};
    struct sprout root = {.node = NO_INDEX, .parent = NO_INDEX};
    struct entrance entrance = {
        .at = at, .in_locations = at ? nodes_locations(nodes, at) : NULL, .inverted = inverted};
    size_t count;
    g.items = items_new(nodes, value, &entrance, &count, &root.cum);
    free(entrance.in_locations);
    root.count = (uint32_t)count;
    g.child_of = xmalloc((count + 1) * sizeof *g.child_of);
    g.slots = xcalloc(nodes->count + 1, sizeof *g.slots);
    g.named = xcalloc(nodes->count + 1, sizeof *g.named);
    put(&g, &root);
    grow(&g);
    free(g.items);
    free(g.child_of);
    free(g.children);
    free(g.slots);
    free(g.named);
    free(g.waiting);
    place_cells(t, &g);
    free(g.accepted);
}

void calltree_init(struct calltree *t, const struct nodes *nodes, int value, bool inverted,
                   const struct calltree_limits *limits)
{
    calltree_init_at(t, nodes, value, inverted, NULL, limits);
}

void calltree_release(struct calltree *t)
{
    free(t->cells);
    *t = (struct calltree){0};
}

struct calltree_value calltree_share(const struct calltree *t, uint32_t from, const bool *at,
                                     size_t *cells)
{
    struct calltree_value sum = {0};
    uint32_t covered = 0;
    *cells = 0;
    for (uint32_t i = from; i < t->cells[from].end; i++) {
        const struct calltree_cell *c = &t->cells[i];
        if (c->node == NO_INDEX || !at[c->node])
            continue;
        ++*cells;
        if (i < covered)
            continue;
        covered = c->end;
        calltree_add(&sum, c->cum);
    }
    return sum;
}
