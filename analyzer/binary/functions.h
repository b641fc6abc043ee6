/* The functions of one compilation unit and what was inlined into them. */
#ifndef CPPROF_BINARY_FUNCTIONS_H
#define CPPROF_BINARY_FUNCTIONS_H

#include "analyzer/binary/dies.h"
#include "analyzer/binary/intervals.h"

#include <stdbool.h>

/* How many more DIEs and ranges may be looked at: hostile DWARF refers to its own parts again and
 * again. Shared by all of a binary. */
struct effort {
    uint64_t left;
};

/* A function inlined into another one, or a function's body itself. */
struct inlined {
    const unsigned char *die, *origin; /* as in struct die */
    uint32_t parent; /* what it was inlined into; the function's body is 0 and has none */
    uint32_t call_file, call_line, call_column;
};

struct function {
    const unsigned char *die, *origin;
    const unsigned char *children; /* NULL if it has none */
    uint64_t entry;                /* its first address */
    bool expanded;
    struct inlined *inlined; /* [0] is the function itself */
    size_t count, cap;
    struct intervals where; /* values index INLINED */
};

struct functions {
    const struct dw *dw;
    const struct die_unit *unit;
    struct effort *effort;
    struct function *items;
    size_t count, cap;
    struct intervals where; /* values index ITEMS */
    bool deep;              /* functions inside functions and types have been looked for, too */
};

/* The functions directly in UNIT and its namespaces, where compilers put nearly all. F borrows the
 * rest. */
void functions_init(struct functions *f, const struct dw *dw, const struct die_unit *unit,
                    struct effort *effort);
void functions_release(struct functions *f);

/* The function around ADDRESS, looking through all of the unit before giving up; NULL if none. */
struct function *functions_find(struct functions *f, uint64_t address);

/* What of FUNCTION's inlined functions is the innermost at ADDRESS: an index, 0 if none. */
uint32_t function_inlined_at(struct functions *f, struct function *function, uint64_t address);

#endif
