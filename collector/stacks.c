#include "collector/stacks.h"

#include "collector/grow.h"

struct wanted {
    const struct stacks *s;
    const uintptr_t *pcs;
    size_t depth;
    const struct labels *labels;
};

static bool equal(const void *context, uint32_t record)
{
    const struct wanted *w = context;
    const struct stack *have = &w->s->items[record];
    return have->labels == w->labels && have->depth == w->depth &&
           !memcmp(w->s->pcs + have->first, w->pcs, w->depth * sizeof *w->pcs);
}

bool stacks_add(struct stacks *s, const uintptr_t *pcs, size_t depth, struct labels *labels,
                const int64_t values[STACK_VALUES])
{
    struct wanted wanted = {s, pcs, depth, labels};
    uint64_t hash = index_mix(0, (uintptr_t)labels);
    for (size_t i = 0; i < depth; i++)
        hash = index_mix(hash, pcs[i]);
    uint32_t at = index_find(&s->index, hash, equal, &wanted);
    if (at == INDEX_NONE) {
        if (!grow(&s->items, &s->cap, s->count + 1, sizeof *s->items) ||
            !grow(&s->pcs, &s->pc_cap, s->pc_count + depth, sizeof *s->pcs) ||
            !index_add(&s->index, hash, (uint32_t)s->count))
            return false;
        memcpy(s->pcs + s->pc_count, pcs, depth * sizeof *pcs);
        at = (uint32_t)s->count++;
        s->items[at] = (struct stack){
            .first = s->pc_count, .depth = (uint32_t)depth, .labels = labels_hold(labels)};
        s->pc_count += depth;
    }
    for (size_t i = 0; i < STACK_VALUES; i++)
        s->items[at].value[i] += values[i];
    return true;
}

void stacks_release(struct stacks *s)
{
    for (size_t i = 0; i < s->count; i++)
        labels_drop(s->items[i].labels);
    free(s->items);
    free(s->pcs);
    index_release(&s->index);
    *s = (struct stacks){0};
}
