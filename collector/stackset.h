/* Stacks with values: a profile as it stands at one moment.
 *
 *     struct stackset set = {0};
 *     uint32_t row = stackset_row(&set, pcs, depth, NULL, 0);      finds or adds it
 *     if (row != INDEX_NONE)
 *         set.rows[row].values[0]++;
 *     stackset_release(&set);
 *
 * Rows with the same stack, labels and number are one row. What is added up over a long time
 * (threadcreate, custom profiles) and what is taken at once (threads) both are such sets; a page is
 * written from a copy of one, and the difference of two is another one. In memory.h's memory, since
 * hooks fill some. For one thread at a time.
 */
#ifndef CPPROF_COLLECTOR_STACKSET_H
#define CPPROF_COLLECTOR_STACKSET_H

#include "collector/index.h"
#include "collector/labels.h"

enum { STACKSET_VALUES = 4 };

struct stackset_row {
    size_t first; /* its addresses in `pcs`, innermost first, as unwind_walk gives them */
    size_t depth;
    struct labels *labels; /* held; NULL: none */
    int64_t number;        /* whatever else tells rows apart: the size of a block */
    int64_t values[STACKSET_VALUES];
};

struct stackset {
    struct stackset_row *rows;
    size_t count, cap;
    uintptr_t *pcs;
    size_t pc_count, pc_cap;
    struct index index;
};

/* The number of the row with this stack, added with all values 0 if it is new; INDEX_NONE: no
 * memory. LABELS stays the caller's. */
uint32_t stackset_row(struct stackset *s, const uintptr_t *pcs, size_t depth, struct labels *labels,
                      int64_t number);

/* Adds FACTOR times the values of all rows of FROM. 0 or ENOMEM. */
int stackset_add(struct stackset *to, const struct stackset *from, int64_t factor);

/* The sum of one value of all rows. */
int64_t stackset_total(const struct stackset *s, size_t value);

/* Frees what it holds and makes it empty. */
void stackset_release(struct stackset *s);

#endif
