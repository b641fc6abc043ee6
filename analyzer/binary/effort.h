/* How much more may be looked at: hostile DWARF refers to its own parts again and again, and all
 * that reads a binary's shares one of these. */
#ifndef CPPROF_BINARY_EFFORT_H
#define CPPROF_BINARY_EFFORT_H

#include <stdbool.h>
#include <stdint.h>

struct effort {
    uint64_t left; /* in DIEs, ranges, operations of line programs */
};

static inline bool effort_spend(struct effort *e)
{
    return e->left && e->left--;
}

#endif
