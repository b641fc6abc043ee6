/* Distinct stacks with their labels, and what was counted for each.
 *
 * stacks_add as samples come in, stacks_each to write them, stacks_release. For one thread at a
 * time; not for signal handlers.
 */
#ifndef CPPROF_COLLECTOR_STACKS_H
#define CPPROF_COLLECTOR_STACKS_H

#include "collector/index.h"
#include "collector/labels.h"

enum { STACK_VALUES = 2 }; /* numbers counted per stack */

struct stack {
    size_t first; /* in `pcs` */
    uint32_t depth;
    struct labels *labels; /* held */
    int64_t value[STACK_VALUES];
};

struct stacks {
    struct stack *items;
    size_t count, cap;
    uintptr_t *pcs;
    size_t pc_count, pc_cap;
    struct index index;
};

/* Adds VALUES to the stack of these addresses with these labels. False if there is no memory. */
bool stacks_add(struct stacks *s, const uintptr_t *pcs, size_t depth, struct labels *labels,
                const int64_t values[STACK_VALUES]);
void stacks_release(struct stacks *s);

#endif
