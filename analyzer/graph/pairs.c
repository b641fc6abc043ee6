#include "analyzer/graph/pairs.h"

#include "analyzer/base/alloc.h"

#include <stdlib.h>

/* What a node is, with strings that both profiles share. */
struct identity {
    strid name, file, object;
    uint64_t place;
    int64_t start_line, line, column;
};

/* A node of one of the two. */
struct entry {
    struct identity is;
    struct str name;
    struct node node;
    bool new;
};

struct entries {
    struct entry *items;
    size_t count, cap;
    struct strtab texts;
};

/* Per node, where in its binary it is: the loader chooses the rest of an address. */
static uint64_t *places(const struct nodes *n)
{
    const struct profile *p = n->p;
    uint64_t *places = xcalloc(n->count + 1, sizeof *places);
    for (size_t i = 0; i < p->location_count; i++) {
        const struct location *l = &p->locations[i];
        uint64_t place = l->address;
        if (place && l->mapping != NO_INDEX)
            place += p->mappings[l->mapping].offset - p->mappings[l->mapping].start;
        for (uint32_t k = n->first[i]; k < n->first[i + 1]; k++)
            places[n->of[k]] = place;
    }
    return places;
}

static strid share(struct entries *e, const struct nodes *n, strid id)
{
    struct str s = profile_str(n->p, id);
    return strtab_add(&e->texts, s.ptr, s.len);
}

static void add_nodes(struct entries *e, const struct pair_side *s, bool new)
{
    const struct nodes *n = s->nodes;
    struct graph_spec spec = {.value = s->value, .divisor = s->divisor};
    struct graph *g = graph_new(n, &spec);
    uint64_t *place = places(n);
    e->items = xgrow(e->items, &e->cap, e->count + g->count + 1, sizeof *e->items);
    for (size_t i = 0; i < g->count; i++) {
        const struct node *node = &g->node[g->order[i]];
        const struct node_info *info = &n->infos[node->of];
        e->items[e->count++] = (struct entry){
            .is = {.name = share(e, n, info->name),
                   .file = share(e, n, info->file),
                   .object = share(e, n, info->object),
                   .place = place[node->of],
                   .start_line = info->start_line,
                   .line = info->line,
                   .column = info->column},
            .name = n->names[node->of],
            .node = *node,
            .new = new,
        };
    }
    free(place);
    graph_free(g);
}

#define COMPARE(field)                                                                             \
    if (a->field != b->field)                                                                      \
    return a->field < b->field ? -1 : 1

static int compare_identity(const struct identity *a, const struct identity *b)
{
    COMPARE(name);
    COMPARE(file);
    COMPARE(object);
    COMPARE(place);
    COMPARE(start_line);
    COMPARE(line);
    COMPARE(column);
    return 0;
}

#undef COMPARE

static int by_identity(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = compare_identity(&x->is, &y->is);
    return order ? order : (int)x->new - (int)y->new;
}

static void add_node(struct node *to, const struct node *from)
{
    to->flat += from->flat;
    to->flat_div += from->flat_div;
    to->cum += from->cum;
    to->cum_div += from->cum_div;
}

/* Entries of one identity stand together and become one pair. */
static struct node_pair *join(struct entries *e, size_t *count)
{
    if (e->count)
        qsort(e->items, e->count, sizeof *e->items, by_identity);
    struct node_pair *pairs = xcalloc(e->count + 1, sizeof *pairs);
    *count = 0;
    for (size_t i = 0; i < e->count; i++) {
        const struct entry *entry = &e->items[i];
        if (!i || compare_identity(&entry[-1].is, &entry->is) != 0)
            ++*count;
        struct node_pair *pair = &pairs[*count - 1];
        pair->name = entry->name;
        add_node(entry->new ? &pair->new : &pair->old, &entry->node);
    }
    return pairs;
}

struct node_pair *pairs_new(const struct pair_side *old, const struct pair_side *new, size_t *count)
{
    struct entries e = {0};
    strtab_init(&e.texts);
    add_nodes(&e, old, false);
    add_nodes(&e, new, true);
    struct node_pair *pairs = join(&e, count);
    free(e.items);
    strtab_release(&e.texts);
    return pairs;
}
