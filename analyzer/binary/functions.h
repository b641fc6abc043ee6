/* The functions of one compilation unit and what was inlined into them. */
#ifndef CPPROF_BINARY_FUNCTIONS_H
#define CPPROF_BINARY_FUNCTIONS_H

#include "analyzer/binary/dies.h"
#include "analyzer/binary/effort.h"
#include "analyzer/binary/intervals.h"
#include "analyzer/binary/ranges.h"

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
};

struct functions {
    const struct dw *dw;
    const struct die_unit *unit;
    const struct range_sections *sections; /* NULL: libdw reads range lists */
    struct range_unit ranges;
    struct effort *effort;
    struct function *items;
    size_t count, cap;
    struct intervals where; /* values index ITEMS */
    bool deep;              /* functions inside functions and types have been looked for, too */

    /* of the function that was asked about last: addresses mostly come in order */
    const struct function *expanded;
    struct inlined *inlined; /* [0] is none */
    size_t inlined_count, inlined_cap;
    struct intervals inside; /* values index INLINED */
    unsigned asked;          /* how often INSIDE was looked through */
};

/* The functions directly in UNIT and its namespaces, where compilers put nearly all. SECTIONS is
 * NULL if the unit's range lists are elsewhere. F borrows it all. */
void functions_init(struct functions *f, const struct dw *dw, const struct die_unit *unit,
                    const struct range_sections *sections, struct effort *effort);
void functions_release(struct functions *f);

/* The function around ADDRESS, or NULL; SEARCH looks through all of the unit before giving up. */
struct function *functions_find(struct functions *f, uint64_t address, bool search);

/* What of FUNCTION's inlined functions is the innermost at ADDRESS: an index of F->inlined, 0 if
 * none. */
uint32_t function_inlined_at(struct functions *f, const struct function *function,
                             uint64_t address);

#endif
