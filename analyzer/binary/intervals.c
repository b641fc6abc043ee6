#include "analyzer/binary/intervals.h"

#include "analyzer/base/alloc.h"

#include <stdbool.h>
#include <stdlib.h>

void intervals_add(struct intervals *all, struct interval one)
{
    if (one.start >= one.end)
        return;
    all->items = xgrow(all->items, &all->cap, all->count + 1, sizeof *all->items);
    all->items[all->count++] = one;
}

static int by_start(const void *a, const void *b)
{
    const struct interval *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    if (x->depth != y->depth)
        return x->depth < y->depth ? -1 : 1;
    return (x->value > y->value) - (x->value < y->value);
}

/* Does A lie inside B? */
static bool is_inner(const struct interval *a, const struct interval *b)
{
    if (a->depth != b->depth)
        return a->depth > b->depth;
    uint64_t a_size = a->end - a->start, b_size = b->end - b->start;
    return a_size != b_size ? a_size < b_size : a->value > b->value;
}

/* A heap of the intervals that are open at the sweep's place, the innermost one on top. */
struct heap {
    const struct interval **items;
    size_t count;
};

static void heap_push(struct heap *h, const struct interval *one)
{
    size_t at = h->count++;
    for (; at && is_inner(one, h->items[(at - 1) / 2]); at = (at - 1) / 2)
        h->items[at] = h->items[(at - 1) / 2];
    h->items[at] = one;
}

static void heap_pop(struct heap *h)
{
    const struct interval *moved = h->items[--h->count];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= h->count)
            break;
        if (child + 1 < h->count && is_inner(h->items[child + 1], h->items[child]))
            child++;
        if (!is_inner(h->items[child], moved))
            break;
        h->items[at] = h->items[child];
        at = child;
    }
    h->items[at] = moved;
}

static void append(struct intervals *out, uint64_t start, uint64_t end, uint32_t value)
{
    struct interval *last = out->count ? &out->items[out->count - 1] : NULL;
    if (last && last->end == start && last->value == value)
        last->end = end;
    else
        intervals_add(out, (struct interval){start, end, 0, value});
}

void intervals_settle(struct intervals *all)
{
    bool sorted = true, disjoint = true;
    for (size_t i = 1; i < all->count; i++)
        sorted &= all->items[i - 1].start <= all->items[i].start;
    if (!sorted)
        qsort(all->items, all->count, sizeof *all->items, by_start);
    for (size_t i = 1; i < all->count; i++)
        disjoint &= all->items[i - 1].end <= all->items[i].start;
    if (disjoint)
        return;
    struct intervals out = {0};
    struct heap open = {xcalloc(all->count, sizeof(void *)), 0};
    uint64_t at = 0;
    for (size_t next = 0; next < all->count || open.count;) {
        while (open.count && open.items[0]->end <= at)
            heap_pop(&open);
        if (!open.count) {
            if (next == all->count)
                break;
            if (all->items[next].start > at)
                at = all->items[next].start;
        }
        while (next < all->count && all->items[next].start <= at) {
            if (all->items[next].end > at)
                heap_push(&open, &all->items[next]);
            next++;
        }
        if (!open.count)
            continue;
        uint64_t end = open.items[0]->end;
        if (next < all->count && all->items[next].start < end)
            end = all->items[next].start;
        append(&out, at, end, open.items[0]->value);
        at = end;
    }
    free(open.items);
    free(all->items);
    *all = out;
}

uint32_t intervals_find(const struct intervals *all, uint64_t at)
{
    size_t low = 0, high = all->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (all->items[middle].start <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low && at < all->items[low - 1].end ? all->items[low - 1].value : INTERVALS_NONE;
}

uint32_t intervals_scan(const struct interval *items, size_t count, uint64_t at)
{
    const struct interval *best = NULL;
    for (size_t i = 0; i < count; i++)
        if (items[i].start <= at && at < items[i].end && (!best || is_inner(&items[i], best)))
            best = &items[i];
    return best ? best->value : INTERVALS_NONE;
}

void intervals_release(struct intervals *all)
{
    free(all->items);
    *all = (struct intervals){0};
}
