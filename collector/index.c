#include "collector/index.h"

#include "collector/memory.h"

enum { LEAST_SLOTS = 512 }; /* a page */

static uint32_t fold(uint64_t hash)
{
    return (uint32_t)(hash ^ hash >> 32);
}

uint32_t index_find(const struct index *ix, uint64_t hash, index_equal *equal, const void *context)
{
    uint32_t folded = fold(hash);
    for (size_t at = folded; ix->slot_count; at++) {
        const struct index_slot *slot = &ix->slots[at & (ix->slot_count - 1)];
        if (!slot->record)
            break;
        if (slot->hash == folded && equal(context, slot->record - 1))
            return slot->record - 1;
    }
    return INDEX_NONE;
}

static void place(struct index_slot *slots, size_t count, struct index_slot slot)
{
    size_t at = slot.hash;
    while (slots[at & (count - 1)].record)
        at++;
    slots[at & (count - 1)] = slot;
}

bool index_add(struct index *ix, uint64_t hash, uint32_t record)
{
    if (2 * (ix->used + 1) > ix->slot_count) {
        size_t count = ix->slot_count ? 2 * ix->slot_count : LEAST_SLOTS;
        struct index_slot *slots = memory_new(count * sizeof *slots);
        if (!slots)
            return false;
        for (size_t i = 0; i < ix->slot_count; i++)
            if (ix->slots[i].record)
                place(slots, count, ix->slots[i]);
        memory_free(ix->slots, ix->slot_count * sizeof *slots);
        ix->slots = slots;
        ix->slot_count = count;
    }
    place(ix->slots, ix->slot_count, (struct index_slot){fold(hash), record + 1});
    ix->used++;
    return true;
}

void index_release(struct index *ix)
{
    memory_free(ix->slots, ix->slot_count * sizeof *ix->slots);
    *ix = (struct index){0};
}
