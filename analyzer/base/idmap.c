#include "analyzer/base/idmap.h"

#include "analyzer/base/alloc.h"

#include <stdlib.h>

void idmap_init(struct idmap *m, size_t expected)
{
    *m = (struct idmap){.dense_count = expected + expected / 4 + 16};
    m->dense = xcalloc(m->dense_count, sizeof *m->dense);
}

void idmap_release(struct idmap *m)
{
    free(m->dense);
    free(m->slots);
    *m = (struct idmap){0};
}

/* Every bit counts: ids may be multiples of any power of two. */
static size_t spread(uint64_t id, size_t slot_count)
{
    uint64_t h = (id ^ id >> 32) * 0x9E3779B97F4A7C15;
    return (size_t)(h ^ h >> 32) & (slot_count - 1);
}

static struct idmap_slot *find(const struct idmap *m, uint64_t id)
{
    size_t at = spread(id, m->slot_count);
    while (m->slots[at].index && m->slots[at].id != id)
        at = (at + 1) & (m->slot_count - 1);
    return &m->slots[at];
}

uint32_t idmap_sparse(const struct idmap *m, uint64_t id)
{
    return m->slot_count ? find(m, id)->index - 1 : UINT32_MAX;
}

static void grow(struct idmap *m)
{
    struct idmap old = *m;
    m->slot_count = old.slot_count ? old.slot_count * 2 : 64;
    m->slots = xcalloc(m->slot_count, sizeof *m->slots);
    for (size_t i = 0; i < old.slot_count; i++)
        if (old.slots[i].index)
            *find(m, old.slots[i].id) = old.slots[i];
    free(old.slots);
}

bool idmap_put(struct idmap *m, uint64_t id, uint32_t index)
{
    if (id < m->dense_count) {
        if (m->dense[id])
            return false;
        m->dense[id] = index + 1;
        return true;
    }
    if ((m->used + 1) * 2 > m->slot_count)
        grow(m);
    struct idmap_slot *slot = find(m, id);
    if (slot->index)
        return false;
    *slot = (struct idmap_slot){id, index + 1};
    m->used++;
    return true;
}
