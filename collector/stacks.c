#include "collector/stacks.h"

#include "collector/cpprof.h"
#include "collector/grow.h"

#include <errno.h>
#include <math.h>

void stacks_add(struct stacks *s, const uintptr_t *pcs, size_t depth, double count, double time)
{
    lock_take(&s->lock);
    size_t known = s->set.count;
    uint32_t row = grow(&s->sums, &s->sum_cap, known + 1, sizeof *s->sums)
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

void stacks_write(struct stacks *s, struct cpprof_builder *b, bool since_last)
{
    lock_take(&s->lock);
    for (size_t i = 0; i < s->set.count; i++) {
        const struct stackset_row *row = &s->set.rows[i];
        struct stack_sum *sum = &s->sums[i];
        int64_t now[2] = {llround(sum->count), llround(sum->time)};
        int64_t shown[2] = {now[0] - (since_last ? sum->written[0] : 0),
                            now[1] - (since_last ? sum->written[1] : 0)};
        if (!shown[0] && !shown[1])
            continue;
        if (since_last)
            memcpy(sum->written, now, sizeof now);
        stackset_add_frames(&s->set, row, b);
        cpprof_builder_sample(b, shown);
    }
    lock_give(&s->lock);
}

int stacks_take(struct stacks *s, struct stackset *to)
{
    int error = 0;
    lock_take(&s->lock);
    for (size_t i = 0; i < s->set.count && !error; i++) {
        const struct stackset_row *from = &s->set.rows[i];
        uint32_t row = stackset_row(to, s->set.pcs + from->first, from->depth, NULL, 0);
        if (row == INDEX_NONE) {
            error = ENOMEM;
        } else {
            to->rows[row].values[0] += llround(s->sums[i].count);
            to->rows[row].values[1] += llround(s->sums[i].time);
        }
    }
    lock_give(&s->lock);
    return error;
}

void stacks_clear(struct stacks *s)
{
    lock_take(&s->lock);
    stackset_release(&s->set);
    free(s->sums);
    s->sums = NULL;
    s->sum_cap = 0;
    lock_give(&s->lock);
}
