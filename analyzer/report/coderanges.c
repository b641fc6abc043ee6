#include "analyzer/report/coderanges.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/num.h"

#include <stdlib.h>

enum { AROUND = 500 };

static void add(struct coderanges *all, struct coderange range, uint64_t first, uint64_t last)
{
    struct binary *binary = range.code->binary;
    const struct binary_symbol *at_first = binary_symbol_at(binary, first);
    range.begin = first > AROUND ? first - AROUND : 0;
    if (at_first && first < at_first->end && range.begin < at_first->start)
        range.begin = at_first->start;
    const struct binary_symbol *at_last = binary_symbol_at(binary, last);
    range.end = last < UINT64_MAX - AROUND ? last + AROUND : UINT64_MAX;
    if (at_last && last < at_last->end && range.end > at_last->end)
        range.end = at_last->end;
    all->items = xgrow(all->items, &all->cap, all->count + 1, sizeof *all->items);
    all->items[all->count++] = range;
}

void coderanges_add(struct coderanges *all, struct codefile *code,
                    const struct codefile_weight *weights, size_t count, const bool *wanted)
{
    struct coderange range = {.code = code, .weights = weights, .weight_count = count};
    uint64_t first = 0, last = 0;
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        const struct codefile_weight *w = &weights[i];
        if (!wanted[w->location])
            continue;
        if (any && w->address - last > 2 * AROUND) {
            add(all, range, first, last);
            any = false;
        }
        if (!any) {
            first = w->address;
            range.score = 0;
        }
        any = true;
        last = w->address;
        range.score += abs64(w->flat);
    }
    if (any)
        add(all, range, first, last);
}

static int by_score(const void *a, const void *b)
{
    const struct coderange *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return (x->begin > y->begin) - (x->begin < y->begin);
}

void coderanges_choose(struct coderanges *all, size_t most)
{
    if (all->count)
        qsort(all->items, all->count, sizeof *all->items, by_score);
    if (all->count > most) {
        all->left_out = all->count - most;
        all->count = most;
    }
}

void coderanges_release(struct coderanges *all)
{
    free(all->items);
}
