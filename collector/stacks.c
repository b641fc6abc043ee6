#include "collector/stacks.h"

#include "collector/memory.h"

#include <errno.h>
#include <math.h>
#include <string.h>

void stacks_add(struct stacks *s, const uintptr_t *pcs, size_t depth, double count, double time)
{
    if (!lock_try(&s->lock))
        return;
    size_t known = s->set.count;
    uint32_t row = memory_grow(&s->sums, &s->sum_cap, known + 1, sizeof *s->sums)
                       ? stackset_row(&s->set, pcs, depth, NULL, 0)
                       : INDEX_NONE;
    if (row != INDEX_NONE) {
        if (row == known)
            s->sums[row] = (struct stack_sum){0};
        s->sums[row].count += count;
        s->sums[row].time += time;
    }
    lock_give(&s->lock);
}

/* What is counted for one stack, or what of it is new. */
static bool take_row(const struct stackset_row *from, struct stacks *s, struct stack_sum *sum,
                     struct stackset *to, bool news)
{
    int64_t now[2] = {llround(sum->count), llround(sum->time)};
    int64_t before[2] = {news ? sum->written[0] : 0, news ? sum->written[1] : 0};
    if (now[0] == before[0] && now[1] == before[1])
        return true;
    uint32_t row = stackset_row(to, s->set.pcs + from->first, from->depth, NULL, 0);
    if (row == INDEX_NONE)
        return false;
    for (size_t i = 0; i < 2; i++)
        to->rows[row].values[i] += now[i] - before[i];
    if (news)
        memcpy(sum->written, now, sizeof now);
    return true;
}

int stacks_take(struct stacks *s, struct stackset *to, bool news)
{
    bool good = true;
    lock_take(&s->lock);
    for (size_t i = 0; i < s->set.count && good; i++)
        good = take_row(&s->set.rows[i], s, &s->sums[i], to, news);
    lock_give(&s->lock);
    return good ? 0 : ENOMEM;
}

void stacks_clear(struct stacks *s)
{
    lock_take(&s->lock);
    stackset_release(&s->set);
    memory_release(&s->sums, &s->sum_cap, sizeof *s->sums);
    lock_give(&s->lock);
}
