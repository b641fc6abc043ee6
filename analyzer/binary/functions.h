/* The functions of one compilation unit and what was inlined into them. */
#ifndef CPPROF_BINARY_FUNCTIONS_H
#define CPPROF_BINARY_FUNCTIONS_H

#include "analyzer/binary/dies.h"
#include "analyzer/binary/effort.h"
#include "analyzer/binary/intervals.h"

#include <stdbool.h>

/* A function inlined into another one. */
struct inlined {
    const unsigned char *die, *origin; /* as in struct die */
    uint32_t parent;                   /* what it was inlined into; 0: the function itself */
    uint32_t call_file, call_line, call_column;
};

struct function {
    const unsigned char *die;
    const unsigned char *children; /* NULL if it has none */
    uint64_t entry;                /* its first address */
    bool expanded;
    unsigned asked;           /* how often INTERVALS were looked through */
    size_t first, count;      /* its part of the unit's intervals */
    struct intervals settled; /* the same, once it is asked about often */
};

struct functions {
    const struct dw *dw;
    const struct die_unit *unit;
    struct effort *effort;
    struct function *items;
    size_t count, cap;
    struct intervals where; /* values index ITEMS */

    struct inlined *inlined; /* of all functions that were expanded; [0] is none */
    size_t inlined_count, inlined_cap;
    struct intervals inside; /* where they are, function by function; values index INLINED */
    bool deep;               /* functions inside functions and types have been looked for, too */
};

/* The functions directly in UNIT and its namespaces, where compilers put nearly all. F borrows the
 * rest. */
void functions_init(struct functions *f, const struct dw *dw, const struct die_unit *unit,
                    struct effort *effort);
void functions_release(struct functions *f);

/* The function around ADDRESS, or NULL; SEARCH looks through all of the unit before giving up. */
struct function *functions_find(struct functions *f, uint64_t address, bool search);

/* What of FUNCTION's inlined functions is the innermost at ADDRESS: an index of F->inlined, 0 if
 * none. */
uint32_t function_inlined_at(struct functions *f, struct function *function, uint64_t address);

#endif
