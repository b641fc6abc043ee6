#include "analyzer/graph/sites.h"

#include "analyzer/base/alloc.h"
#include "analyzer/graph/weights.h"

#include <stdlib.h>

/* Where a location is, for sorting. */
struct key {
    uint32_t file; /* id of the binary's name */
    uint32_t location;
    uint64_t address;
};

static int by_key(const void *a, const void *b)
{
    const struct key *x = a, *y = b;
    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    if (x->address != y->address)
        return x->address < y->address ? -1 : 1;
    return (x->location > y->location) - (x->location < y->location);
}

static void find_sites(struct sites *s, const struct profile *p)
{
    struct key *keys = xmalloc((p->location_count + 1) * sizeof *keys);
    for (uint32_t i = 0; i < p->location_count; i++) {
        const struct location *l = &p->locations[i];
        keys[i].file = l->mapping == NO_INDEX ? 0 : p->mappings[l->mapping].file;
        keys[i].address = l->address;
        keys[i].location = i;
    }
    qsort(keys, p->location_count, sizeof *keys, by_key);
    s->items = xcalloc(p->location_count + 1, sizeof *s->items);
    s->of = xmalloc((p->location_count + 1) * sizeof *s->of);
    for (size_t i = 0; i < p->location_count; i++) {
        const struct key *k = &keys[i];
        if (!i || !k->address || k->address != k[-1].address || k->file != k[-1].file)
            s->items[s->count++] = (struct site){.location = k->location,
                                                 .mapping = p->locations[k->location].mapping,
                                                 .file = k->file,
                                                 .address = k->address};
        s->of[k->location] = (uint32_t)(s->count - 1);
    }
    free(keys);
}

static void count_stacks(struct sites *s, const struct profile *p, const struct weight *weights)
{
    uint32_t *seen = xcalloc(s->count + 1, sizeof *seen); /* the last stack (+1) */
    for (size_t i = 0; i < p->stack_count; i++) {
        const struct weight *w = &weights[i];
        const uint32_t *frames = p->frames + p->stacks[i].first;
        uint32_t count = w->counts ? p->stacks[i].count : 0;
        for (uint32_t k = 0; k < count; k++) {
            struct site *at = &s->items[s->of[frames[k]]];
            if (k == 0) {
                at->flat += w->value;
                at->flat_div += w->divisor;
            }
            if (seen[at - s->items] != (uint32_t)i + 1) {
                seen[at - s->items] = (uint32_t)i + 1;
                at->cum += w->value;
                at->cum_div += w->divisor;
            }
        }
    }
    free(seen);
}

void sites_init(struct sites *s, const struct profile *p, const struct sites_spec *spec)
{
    *s = (struct sites){0};
    find_sites(s, p);
    struct weight *weights = weights_by_stack(p, spec->value, spec->divisor);
    count_stacks(s, p, weights);
    free(weights);
    for (size_t i = 0; i < s->count; i++) {
        struct site *at = &s->items[i];
        if (spec->drop_negative && (at->flat < 0 || (at->flat == 0 && at->cum < 0)))
            at->flat = at->flat_div = at->cum = at->cum_div = 0;
        at->any = at->flat || at->cum;
    }
}

void sites_release(struct sites *s)
{
    free(s->items);
    free(s->of);
    *s = (struct sites){0};
}
