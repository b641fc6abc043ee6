#include "collector/stackset.h"

#include "collector/memory.h"

#include <errno.h>
#include <string.h>

struct wanted {
    const struct stackset *set;
    const uintptr_t *pcs;
    size_t depth;
    const struct labels *labels;
    int64_t number;
};

static bool equal_labels(const struct labels *a, const struct labels *b)
{
    size_t count = a ? a->count : 0;
    if (a == b)
        return true;
    if (count != (b ? b->count : 0))
        return false;
    for (size_t i = 0; i < count; i++)
        if (strcmp(a->pair[i].key, b->pair[i].key) != 0 ||
            strcmp(a->pair[i].value, b->pair[i].value) != 0)
            return false;
    return true;
}

static bool equal_row(const void *context, uint32_t record)
{
    const struct wanted *w = context;
    const struct stackset_row *r = &w->set->rows[record];
    return r->depth == w->depth && r->number == w->number &&
           (!r->depth || !memcmp(w->set->pcs + r->first, w->pcs, r->depth * sizeof *w->pcs)) &&
           equal_labels(r->labels, w->labels);
}

static uint64_t hash_row(const struct wanted *w)
{
    uint64_t hash = index_mix(w->depth, (uint64_t)w->number);
    for (size_t i = 0; i < w->depth; i++)
        hash = index_mix(hash, w->pcs[i]);
    for (size_t i = 0; w->labels && i < w->labels->count; i++) {
        const char *key = w->labels->pair[i].key, *value = w->labels->pair[i].value;
        hash = index_mix_bytes(index_mix_bytes(hash, key, strlen(key)), value, strlen(value));
    }
    return hash;
}

uint32_t stackset_row(struct stackset *s, const uintptr_t *pcs, size_t depth, struct labels *labels,
                      int64_t number)
{
    struct wanted wanted = {s, pcs, depth, labels, number};
    uint64_t hash = hash_row(&wanted);
    uint32_t at = index_find(&s->index, hash, equal_row, &wanted);
    if (at != INDEX_NONE)
        return at;
    if (!memory_grow(&s->rows, &s->cap, s->count + 1, sizeof *s->rows) ||
        !memory_grow(&s->pcs, &s->pc_cap, s->pc_count + depth, sizeof *s->pcs) ||
        !index_add(&s->index, hash, (uint32_t)s->count))
        return INDEX_NONE;
    if (depth)
        memcpy(s->pcs + s->pc_count, pcs, depth * sizeof *pcs);
    s->rows[s->count] = (struct stackset_row){
        .first = s->pc_count, .depth = depth, .labels = labels_hold(labels), .number = number};
    s->pc_count += depth;
    return (uint32_t)s->count++;
}

int stackset_add(struct stackset *to, const struct stackset *from, int64_t factor)
{
    for (size_t i = 0; i < from->count; i++) {
        const struct stackset_row *r = &from->rows[i];
        uint32_t at = stackset_row(to, from->pcs + r->first, r->depth, r->labels, r->number);
        if (at == INDEX_NONE)
            return ENOMEM;
        for (size_t v = 0; v < STACKSET_VALUES; v++)
            to->rows[at].values[v] += factor * r->values[v];
    }
    return 0;
}

int64_t stackset_total(const struct stackset *s, size_t value)
{
    int64_t total = 0;
    for (size_t i = 0; i < s->count; i++)
        total += s->rows[i].values[value];
    return total;
}

void stackset_release(struct stackset *s)
{
    for (size_t i = 0; i < s->count; i++)
        labels_drop(s->rows[i].labels);
    memory_release(&s->rows, &s->cap, sizeof *s->rows);
    memory_release(&s->pcs, &s->pc_cap, sizeof *s->pcs);
    index_release(&s->index);
    *s = (struct stackset){0};
}
