#include "collector/heap_live.h"

#include "collector/lock.h"
#include "collector/memory.h"

enum {
    SHARDS = 64,
    LEAST_SLOTS = 256, /* of a shard */
};

/* Open addressing, at most half full. */
struct shard {
    struct lock lock;
    struct slot {
        uintptr_t block; /* 0: free */
        struct heap_sample_ref sample;
    } * slots;
    size_t slot_count, used;
};

_Atomic unsigned char heap_seen[HEAP_SEEN];

static struct shard shards[SHARDS];

/* All blocks of one hash are in one shard, so its lock guards their count in the filter. */
static struct shard *shard_of(const void *block)
{
    return &shards[heap_hash(block) % SHARDS];
}

static size_t place_of(uintptr_t block, size_t slot_count)
{
    return (block >> 4) * 0x9E3779B97F4A7C15 >> 20 & (slot_count - 1);
}

static void put(struct slot *slots, size_t slot_count, struct slot slot)
{
    size_t at = place_of(slot.block, slot_count);
    while (slots[at].block)
        at = (at + 1) & (slot_count - 1);
    slots[at] = slot;
}

static bool make_room(struct shard *s)
{
    if (2 * (s->used + 1) <= s->slot_count)
        return true;
    size_t count = s->slot_count ? 2 * s->slot_count : LEAST_SLOTS;
    struct slot *slots = memory_new(count * sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < s->slot_count; i++)
        if (s->slots[i].block)
            put(slots, count, s->slots[i]);
    memory_free(s->slots, s->slot_count * sizeof *slots);
    s->slots = slots;
    s->slot_count = count;
    return true;
}

bool heap_live_add(const void *block, struct heap_sample_ref sample)
{
    struct shard *s = shard_of(block);
    _Atomic unsigned char *seen = &heap_seen[heap_hash(block)];
    lock_take(&s->lock);
    bool added = make_room(s);
    if (added) {
        put(s->slots, s->slot_count, (struct slot){(uintptr_t)block, sample});
        s->used++;
        if (*seen != HEAP_SEEN_FULL)
            ++*seen;
    }
    lock_give(&s->lock);
    return added;
}

/* Takes the slot out and moves back what had to make way for it. */
static void remove_slot(struct shard *s, size_t at)
{
    size_t mask = s->slot_count - 1;
    s->slots[at].block = 0;
    s->used--;
    for (size_t next = (at + 1) & mask; s->slots[next].block; next = (next + 1) & mask) {
        struct slot moved = s->slots[next];
        s->slots[next].block = 0;
        put(s->slots, s->slot_count, moved);
    }
}

bool heap_live_take(const void *block, struct heap_sample_ref *sample)
{
    struct shard *s = shard_of(block);
    _Atomic unsigned char *seen = &heap_seen[heap_hash(block)];
    bool found = false;
    lock_take(&s->lock);
    if (s->slot_count) {
        size_t at = place_of((uintptr_t)block, s->slot_count);
        while (s->slots[at].block && s->slots[at].block != (uintptr_t)block)
            at = (at + 1) & (s->slot_count - 1);
        found = s->slots[at].block != 0;
        if (found) {
            *sample = s->slots[at].sample;
            remove_slot(s, at);
            if (*seen != HEAP_SEEN_FULL)
                --*seen;
        }
    }
    lock_give(&s->lock);
    return found;
}

static void clear_shard(size_t number)
{
    struct shard *s = &shards[number];
    lock_take(&s->lock);
    memory_free(s->slots, s->slot_count * sizeof *s->slots);
    s->slots = NULL;
    s->slot_count = s->used = 0;
    for (size_t i = number; i < HEAP_SEEN; i += SHARDS)
        if (heap_seen[i] != HEAP_SEEN_FULL)
            heap_seen[i] = 0;
    lock_give(&s->lock);
}

void heap_live_clear(void)
{
    for (size_t i = 0; i < SHARDS; i++)
        clear_shard(i);
}

void heap_live_lock(void)
{
    for (size_t i = 0; i < SHARDS; i++)
        lock_take(&shards[i].lock);
}

void heap_live_unlock(void)
{
    for (size_t i = 0; i < SHARDS; i++)
        lock_give(&shards[i].lock);
}
