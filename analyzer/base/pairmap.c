#include "analyzer/base/pairmap.h"

#include "analyzer/base/alloc.h"

#include <stdlib.h>

void pairmap_release(struct pairmap *m)
{
    free(m->slots);
    *m = (struct pairmap){0};
}

static struct pairmap_slot *find(const struct pairmap *m, uint32_t a, uint32_t b)
{
    uint64_t h = ((uint64_t)a << 32 | b) * 0x9E3779B97F4A7C15;
    size_t at = (h ^ h >> 32) & (m->slot_count - 1);
    while (m->slots[at].value && (m->slots[at].a != a || m->slots[at].b != b))
        at = (at + 1) & (m->slot_count - 1);
    return &m->slots[at];
}

struct pairmap_slot *pairmap_slot(struct pairmap *m, uint32_t a, uint32_t b)
{
    if ((m->used + 1) * 2 > m->slot_count) {
        struct pairmap old = *m;
        m->slot_count = old.slot_count ? old.slot_count * 2 : 1024;
        m->slots = xcalloc(m->slot_count, sizeof *m->slots);
        for (size_t i = 0; i < old.slot_count; i++)
            if (old.slots[i].value)
                *find(m, old.slots[i].a, old.slots[i].b) = old.slots[i];
        free(old.slots);
    }
    return find(m, a, b);
}

void pairmap_set(struct pairmap *m, struct pairmap_slot *slot, uint32_t a, uint32_t b,
                 uint32_t value)
{
    *slot = (struct pairmap_slot){a, b, value + 1};
    m->used++;
}

uint32_t pairmap_get(const struct pairmap *m, uint32_t a, uint32_t b)
{
    return m->slot_count ? find(m, a, b)->value - 1 : UINT32_MAX;
}
