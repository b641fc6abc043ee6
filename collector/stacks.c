#include "collector/stacks.h"

#include "collector/cpprof.h"
#include "collector/grow.h"

#include <math.h>

struct wanted {
    const struct stacks *s;
    const uintptr_t *pcs;
    size_t depth;
};

static bool equal(const void *context, uint32_t record)
{
    const struct wanted *w = context;
    const struct stack *have = &w->s->items[record];
    return have->depth == w->depth &&
           !memcmp(w->s->pcs + have->first, w->pcs, w->depth * sizeof *w->pcs);
}

/* With the lock held. */
static struct stack *find(struct stacks *s, const uintptr_t *pcs, size_t depth)
{
    struct wanted wanted = {s, pcs, depth};
    uint64_t hash = 0;
    for (size_t i = 0; i < depth; i++)
        hash = index_mix(hash, pcs[i]);
    uint32_t at = index_find(&s->index, hash, equal, &wanted);
    if (at != INDEX_NONE)
        return &s->items[at];
    if (!grow(&s->items, &s->cap, s->count + 1, sizeof *s->items) ||
        !grow(&s->pcs, &s->pc_cap, s->pc_count + depth, sizeof *s->pcs) ||
        !index_add(&s->index, hash, (uint32_t)s->count))
        return NULL;
    memcpy(s->pcs + s->pc_count, pcs, depth * sizeof *pcs);
    s->items[s->count] = (struct stack){.first = s->pc_count, .depth = (uint32_t)depth};
    s->pc_count += depth;
    return &s->items[s->count++];
}

void stacks_add(struct stacks *s, const uintptr_t *pcs, size_t depth, double count, double time)
{
    lock_take(&s->lock);
    struct stack *stack = find(s, pcs, depth);
    if (stack) {
        stack->count += count;
        stack->time += time;
    }
    lock_give(&s->lock);
}

void stacks_write(struct stacks *s, struct cpprof_builder *b, bool since_last)
{
    lock_take(&s->lock);
    for (size_t i = 0; i < s->count; i++) {
        struct stack *stack = &s->items[i];
        int64_t now[2] = {llround(stack->count), llround(stack->time)};
        int64_t shown[2] = {now[0] - (since_last ? stack->written[0] : 0),
                            now[1] - (since_last ? stack->written[1] : 0)};
        if (!shown[0] && !shown[1])
            continue;
        if (since_last)
            memcpy(stack->written, now, sizeof now);
        for (uint32_t f = 0; f < stack->depth; f++)
            cpprof_builder_address(b, s->pcs[stack->first + f] - 1);
        cpprof_builder_sample(b, shown);
    }
    lock_give(&s->lock);
}

void stacks_clear(struct stacks *s)
{
    lock_take(&s->lock);
    free(s->items);
    free(s->pcs);
    index_release(&s->index);
    s->items = NULL;
    s->pcs = NULL;
    s->count = s->cap = s->pc_count = s->pc_cap = 0;
    lock_give(&s->lock);
}
