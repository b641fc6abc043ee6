/* Which of many intervals of addresses, nested in each other, is the innermost one at an address.
 *
 * Add intervals, settle once, then look addresses up in logarithmic time.
 */
#ifndef CPPROF_BINARY_INTERVALS_H
#define CPPROF_BINARY_INTERVALS_H

#include <stddef.h>
#include <stdint.h>

struct interval {
    uint64_t start, end; /* one past the last address */
    uint32_t depth;      /* how deeply nested; the largest wins, of equal ones the shorter */
    uint32_t value;      /* what the caller calls it */
};

struct intervals {
    struct interval *items; /* after intervals_settle: disjoint, by address */
    size_t count, cap;
};

#define INTERVALS_NONE UINT32_MAX

void intervals_add(struct intervals *all, struct interval one); /* an empty one is left out */
void intervals_settle(struct intervals *all);

/* The value of the innermost interval around AT, or INTERVALS_NONE. */
uint32_t intervals_find(const struct intervals *all, uint64_t at);

/* The same of COUNT intervals as they were added, one after the other: for a few questions, that is
 * less work than settling. */
uint32_t intervals_scan(const struct interval *items, size_t count, uint64_t at);

void intervals_release(struct intervals *all);

#endif
