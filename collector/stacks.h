/* Stacks, and two numbers counted for each: how often and how long.
 *
 * Not for signal handlers. A lock of its own makes it good for several threads.
 */
#ifndef CPPROF_COLLECTOR_STACKS_H
#define CPPROF_COLLECTOR_STACKS_H

#include "collector/index.h"
#include "collector/lock.h"

struct cpprof_builder;

struct stack {
    size_t first; /* in `pcs` */
    uint32_t depth;
    double count, time; /* so far; doubles, since samples stand for fractions */
    int64_t written[2]; /* at the last stacks_write(since_last) */
};

struct stacks {
    struct lock lock;
    struct stack *items;
    size_t count, cap;
    uintptr_t *pcs;
    size_t pc_count, pc_cap;
    struct index index;
};

/* Adds to the stack of these return addresses; without memory, nothing. */
void stacks_add(struct stacks *s, const uintptr_t *pcs, size_t depth, double count, double time);

/* Adds a sample for each stack to B; with SINCE_LAST for what has changed since the last such call.
 */
void stacks_write(struct stacks *s, struct cpprof_builder *b, bool since_last);

void stacks_clear(struct stacks *s);

#endif
