#include "collector/heap.h"

#include "collector/calls.h"
#include "collector/cpprof.h"
#include "collector/grow.h"
#include "collector/index.h"
#include "collector/lock.h"
#include "collector/random.h"
#include "collector/stackset.h"

#include <errno.h>
#include <math.h>
#include <string.h>

enum {
    SHARDS = 64,       /* of the table of live samples */
    LEAST_SLOTS = 256, /* of a shard */
};

/* Blocks of one size from one stack. Counts are of samples. */
struct bucket {
    size_t first; /* in `pcs` */
    uint32_t depth;
    size_t size;
    _Atomic int64_t allocated, freed;
    int64_t written[4]; /* scaled values, at the last heap_add_samples(since_last) */
};

/* Where sampled blocks are: open addressing, at most half full. */
struct shard {
    struct lock lock;
    struct live {
        uintptr_t block; /* 0: free */
        uint32_t bucket;
    } * slots;
    size_t slot_count, used;
};

_Atomic bool heap_gate;
_Atomic unsigned char heap_seen[HEAP_SEEN];
__thread int64_t heap_countdown __attribute__((tls_model("initial-exec")));

/* The thread's own: at work on a sample, or not to be sampled at all. */
static __thread int inside __attribute__((tls_model("initial-exec")));
static __thread uint64_t random_state __attribute__((tls_model("initial-exec")));

static struct {
    int64_t rate;
    struct lock lock; /* of the buckets */
    struct bucket **buckets;
    size_t bucket_count, bucket_cap;
    uintptr_t *pcs;
    size_t pc_count, pc_cap;
    struct index index;
    struct shard shards[SHARDS];
} state = {.rate = HEAP_RATE};

/* --- when */

/* To the next sampled byte: gaps between points of a Poisson process. A rate of 1 is every byte. */
static int64_t random_gap(void)
{
    return state.rate == 1 ? 0 : (int64_t)(-log(random_unit(&random_state)) * (double)state.rate);
}

/* A thread's countdown begins at 0, so its first allocation comes here: as good as any other, since
 * the point is drawn now and the allocation held against it. */
static bool is_first(void)
{
    static __thread bool begun __attribute__((tls_model("initial-exec")));
    bool first = !begun;
    begun = true;
    return first;
}

/* --- buckets */

struct wanted {
    const uintptr_t *pcs;
    size_t depth, size;
};

static bool equal_bucket(const void *context, uint32_t record)
{
    const struct wanted *w = context;
    const struct bucket *b = state.buckets[record];
    return b->size == w->size && b->depth == w->depth &&
           !memcmp(state.pcs + b->first, w->pcs, w->depth * sizeof *w->pcs);
}

static uint32_t new_bucket(const struct wanted *w, uint64_t hash)
{
    struct bucket *b = calloc(1, sizeof *b);
    if (!b ||
        !grow(&state.buckets, &state.bucket_cap, state.bucket_count + 1, sizeof *state.buckets) ||
        !grow(&state.pcs, &state.pc_cap, state.pc_count + w->depth, sizeof *state.pcs) ||
        !index_add(&state.index, hash, (uint32_t)state.bucket_count)) {
        free(b);
        return INDEX_NONE;
    }
    b->first = state.pc_count;
    b->depth = (uint32_t)w->depth;
    b->size = w->size;
    memcpy(state.pcs + state.pc_count, w->pcs, w->depth * sizeof *w->pcs);
    state.pc_count += w->depth;
    state.buckets[state.bucket_count] = b;
    return (uint32_t)state.bucket_count++;
}

static uint32_t find_bucket(const uintptr_t *pcs, size_t depth, size_t size)
{
    struct wanted wanted = {pcs, depth, size};
    uint64_t hash = index_mix(0, size);
    for (size_t i = 0; i < depth; i++)
        hash = index_mix(hash, pcs[i]);
    lock_take(&state.lock);
    uint32_t at = index_find(&state.index, hash, equal_bucket, &wanted);
    if (at == INDEX_NONE)
        at = new_bucket(&wanted, hash);
    if (at != INDEX_NONE)
        state.buckets[at]->allocated++;
    lock_give(&state.lock);
    return at;
}

/* --- live samples */

static struct shard *shard_of(const void *block)
{
    return &state.shards[heap_hash(block) % SHARDS];
}

static size_t place_of(uintptr_t block, size_t slot_count)
{
    return (block >> 4) * 0x9E3779B97F4A7C15 >> 20 & (slot_count - 1);
}

static void put(struct live *slots, size_t slot_count, struct live live)
{
    size_t at = place_of(live.block, slot_count);
    while (slots[at].block)
        at = (at + 1) & (slot_count - 1);
    slots[at] = live;
}

/* With the shard's lock. */
static bool make_room(struct shard *s)
{
    if (2 * (s->used + 1) <= s->slot_count)
        return true;
    size_t count = s->slot_count ? 2 * s->slot_count : LEAST_SLOTS;
    struct live *slots = calloc(count, sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < s->slot_count; i++)
        if (s->slots[i].block)
            put(slots, count, s->slots[i]);
    free(s->slots);
    s->slots = slots;
    s->slot_count = count;
    return true;
}

static void add_live(void *block, uint32_t bucket)
{
    struct shard *s = shard_of(block);
    _Atomic unsigned char *seen = &heap_seen[heap_hash(block)];
    lock_take(&s->lock);
    bool added = make_room(s);
    if (added) {
        put(s->slots, s->slot_count, (struct live){(uintptr_t)block, bucket});
        s->used++;
        /* all blocks of one hash are in one shard, so its lock guards the count */
        if (*seen != HEAP_SEEN_FULL)
            ++*seen;
    }
    lock_give(&s->lock);
    if (!added)
        state.buckets[bucket]->freed++;
}

/* Takes the slot out and moves back what had to make way for it. */
static void remove_slot(struct shard *s, size_t at)
{
    size_t mask = s->slot_count - 1;
    s->slots[at].block = 0;
    s->used--;
    for (size_t next = (at + 1) & mask; s->slots[next].block; next = (next + 1) & mask) {
        struct live moved = s->slots[next];
        s->slots[next].block = 0;
        put(s->slots, s->slot_count, moved);
    }
}

bool heap_forget(void *block, struct heap_sample_ref *sample)
{
    struct shard *s = shard_of(block);
    _Atomic unsigned char *seen = &heap_seen[heap_hash(block)];
    bool found = false;
    if (inside)
        return false;
    inside++;
    lock_take(&s->lock);
    if (s->slot_count) {
        size_t at = place_of((uintptr_t)block, s->slot_count);
        while (s->slots[at].block && s->slots[at].block != (uintptr_t)block)
            at = (at + 1) & (s->slot_count - 1);
        found = s->slots[at].block != 0;
        if (found) {
            sample->bucket = s->slots[at].bucket;
            remove_slot(s, at);
            if (*seen != HEAP_SEEN_FULL)
                --*seen;
        }
    }
    lock_give(&s->lock);
    if (found) {
        lock_take(&state.lock);
        state.buckets[sample->bucket]->freed++;
        lock_give(&state.lock);
    }
    inside--;
    return found;
}

void heap_bring_back(void *block, struct heap_sample_ref sample)
{
    inside++;
    lock_take(&state.lock);
    state.buckets[sample.bucket]->freed--;
    lock_give(&state.lock);
    add_live(block, sample.bucket);
    inside--;
}

void heap_sample(void *block, size_t size, void *caller)
{
    uintptr_t pcs[CALLS_DEPTH];
    if (inside) {
        heap_countdown += (int64_t)size;
        return;
    }
    inside++;
    int saved = errno;
    bool due = !is_first();
    if (!due) {
        heap_countdown += random_gap();
        due = heap_countdown < 0;
    }
    if (due) {
        heap_countdown = random_gap();
        struct thread *t = block ? threads_self() : NULL;
        size_t depth = t ? calls_walk(t, caller, pcs) : 0;
        uint32_t bucket = depth ? find_bucket(pcs, depth, size) : INDEX_NONE;
        if (bucket != INDEX_NONE)
            add_live(block, bucket);
    }
    errno = saved;
    inside--;
}

void heap_pause(void)
{
    inside++;
}

void heap_resume(void)
{
    inside--;
}

/* --- on and off */

int heap_on(int64_t rate)
{
    if (heap_is_on())
        return EBUSY;
    state.rate = rate;
    atomic_store(&heap_gate, true);
    return 0;
}

/* Blocks sampled so far stay known: they are in use, and may be freed after the profile is on
 * again, unnoticed in between. So everything is forgotten. */
void heap_off(void)
{
    heap_pause();
    atomic_store(&heap_gate, false);
    for (size_t i = 0; i < SHARDS; i++) {
        struct shard *s = &state.shards[i];
        lock_take(&s->lock);
        free(s->slots);
        s->slots = NULL;
        s->slot_count = s->used = 0;
        lock_give(&s->lock);
    }
    for (size_t i = 0; i < HEAP_SEEN; i++)
        if (heap_seen[i] != HEAP_SEEN_FULL)
            heap_seen[i] = 0;
    lock_take(&state.lock);
    for (size_t i = 0; i < state.bucket_count; i++)
        free(state.buckets[i]);
    free(state.buckets);
    free(state.pcs);
    index_release(&state.index);
    state.buckets = NULL;
    state.pcs = NULL;
    state.bucket_count = state.bucket_cap = state.pc_count = state.pc_cap = 0;
    lock_give(&state.lock);
    heap_resume();
}

bool heap_is_on(void)
{
    return atomic_load(&heap_gate);
}

void heap_lock(void)
{
    for (size_t i = 0; i < SHARDS; i++)
        lock_take(&state.shards[i].lock);
    lock_take(&state.lock);
}

void heap_unlock(void)
{
    lock_give(&state.lock);
    for (size_t i = 0; i < SHARDS; i++)
        lock_give(&state.shards[i].lock);
}

/* --- written */

void heap_add_types(struct cpprof_builder *b)
{
    cpprof_builder_type(b, "alloc_objects", "count");
    cpprof_builder_type(b, "alloc_space", "bytes");
    cpprof_builder_type(b, "inuse_objects", "count");
    cpprof_builder_type(b, "inuse_space", "bytes");
    cpprof_builder_period(b, "space", "bytes", state.rate);
}

double heap_factor(size_t size)
{
    return state.rate == 1 ? 1 : 1 / -expm1(-(double)size / (double)state.rate);
}

int64_t heap_rate(void)
{
    return state.rate;
}

static bool take_bucket(struct stackset *to, const struct bucket *b)
{
    uint32_t row = stackset_row(to, state.pcs + b->first, b->depth, NULL, (int64_t)b->size);
    if (row == INDEX_NONE)
        return false;
    int64_t *values = to->rows[row].values, used = b->allocated - b->freed;
    values[0] += b->allocated;
    values[1] += b->allocated * (int64_t)b->size;
    values[2] += used;
    values[3] += used * (int64_t)b->size;
    return true;
}

int heap_take(struct stackset *to)
{
    bool good = true;
    heap_pause();
    lock_take(&state.lock);
    for (size_t i = 0; i < state.bucket_count && good; i++)
        good = take_bucket(to, state.buckets[i]);
    lock_give(&state.lock);
    heap_resume();
    return good ? 0 : ENOMEM;
}

static void scale(const struct bucket *b, int64_t values[4])
{
    double factor = heap_factor(b->size);
    double allocated = (double)b->allocated * factor;
    double used = (double)(b->allocated - b->freed) * factor;
    values[0] = llround(allocated);
    values[1] = llround(allocated * (double)b->size);
    values[2] = llround(used);
    values[3] = llround(used * (double)b->size);
}

void heap_add_samples(struct cpprof_builder *b, bool since_last)
{
    heap_pause();
    lock_take(&state.lock);
    for (size_t i = 0; i < state.bucket_count; i++) {
        struct bucket *bucket = state.buckets[i];
        int64_t values[4], shown[4];
        bool any = false;
        scale(bucket, values);
        for (size_t v = 0; v < 4; v++) {
            shown[v] = values[v] - (since_last ? bucket->written[v] : 0);
            any |= shown[v] != 0;
        }
        if (!any)
            continue;
        if (since_last)
            memcpy(bucket->written, values, sizeof values);
        for (uint32_t f = 0; f < bucket->depth; f++)
            cpprof_builder_address(b, state.pcs[bucket->first + f] - 1);
        cpprof_builder_number(b, "bytes", (int64_t)bucket->size, "bytes");
        cpprof_builder_sample(b, shown);
    }
    lock_give(&state.lock);
    heap_resume();
}
