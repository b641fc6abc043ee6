#include "analyzer/base/hashindex.h"

#include "analyzer/base/alloc.h"

#include <stdlib.h>

void hashindex_init(struct hashindex *h, size_t expected)
{
    size_t slots = 64;
    while (slots < expected * 2)
        slots *= 2;
    *h = (struct hashindex){xcalloc(slots, sizeof *h->slots), slots, 0};
}

void hashindex_release(struct hashindex *h)
{
    free(h->slots);
    *h = (struct hashindex){0};
}

static void store(struct hashindex *h, uint64_t slot)
{
    size_t at = (slot >> 32) & (h->slot_count - 1);
    while (h->slots[at])
        at = (at + 1) & (h->slot_count - 1);
    h->slots[at] = slot;
}

void hashindex_put(struct hashindex *h, uint64_t hash, uint32_t index)
{
    if (++h->used * 2 > h->slot_count) {
        struct hashindex old = *h;
        h->slot_count = old.slot_count ? old.slot_count * 2 : 64;
        h->slots = xcalloc(h->slot_count, sizeof *h->slots);
        for (size_t i = 0; i < old.slot_count; i++)
            if (old.slots[i])
                store(h, old.slots[i]);
        free(old.slots);
    }
    store(h, (hash & 0xFFFFFFFF00000000) | ((uint64_t)index + 1));
}
