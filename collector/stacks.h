/* Stacks, and two numbers counted for each: how often and how long.
 *
 * Not for signal handlers. A lock of its own makes it good for several threads; nothing waits for
 * another lock while it holds that one, so that hooks of locks may count here.
 */
#ifndef CPPROF_COLLECTOR_STACKS_H
#define CPPROF_COLLECTOR_STACKS_H

#include "collector/lock.h"
#include "collector/stackset.h"

struct stacks {
    struct lock lock;
    struct stackset set; /* the stacks; what is counted for them is in: */
    struct stack_sum {
        double count, time; /* doubles, since samples stand for fractions */
        int64_t written[2]; /* at the last stacks_take(news) */
    } * sums;               /* by row */
    size_t sum_cap;
};

/* Adds to the stack of these return addresses; without memory, nothing. Where it would wait
 * for long, too: the program may hold a lock that a thread which forks, with ours, waits for. */
void stacks_add(struct stacks *s, const uintptr_t *pcs, size_t depth, double count, double time);

/* Adds a row for each stack to TO: count and time; with NEWS what has changed since the last such
 * call. 0 or ENOMEM. */
int stacks_take(struct stacks *s, struct stackset *to, bool news);

void stacks_clear(struct stacks *s);

#endif
