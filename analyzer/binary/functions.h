/* The functions of one compilation unit and what was inlined into them. */
#ifndef CPPROF_BINARY_FUNCTIONS_H
#define CPPROF_BINARY_FUNCTIONS_H

#include "analyzer/binary/dw.h"
#include "analyzer/binary/intervals.h"

#include <stdbool.h>

/* How many more DIEs and ranges may be looked at: hostile DWARF refers to its own parts again and
 * again. Shared by all of a binary. */
struct effort {
    uint64_t left;
};

/* A function inlined into another one, or a function's body itself. */
struct inlined {
    Dwarf_Die die;
    uint32_t parent; /* what it was inlined into; the function's body is 0 and has none */
};

struct function {
    Dwarf_Die die;
    uint64_t entry; /* its first address */
    bool expanded;
    struct inlined *inlined; /* [0] is the function itself */
    size_t count, cap;
    struct intervals where; /* values index INLINED */
};

struct functions {
    struct function *items;
    size_t count, cap;
    struct intervals where; /* values index ITEMS */
    bool deep;              /* functions inside functions and types have been looked for, too */
};

/* The functions directly in UNIT and its namespaces, where compilers put nearly all. */
void functions_read(struct functions *f, const struct dw *dw, Dwarf_Die *unit,
                    struct effort *effort);

/* The function around ADDRESS, looking through all of UNIT before giving up; NULL if none. */
struct function *functions_find(struct functions *f, const struct dw *dw, Dwarf_Die *unit,
                                uint64_t address, struct effort *effort);

/* What of FUNCTION's inlined functions is the innermost at ADDRESS: an index, 0 if none. */
uint32_t function_inlined_at(struct function *function, const struct dw *dw, uint64_t address,
                             struct effort *effort);

void functions_release(struct functions *f);

#endif
