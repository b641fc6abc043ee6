/* Walking the DIEs (debugging information entries) of a compilation unit, byte by byte.
 *
 * libdw's own calls look up the abbreviation of a DIE and search its attributes anew each time; a
 * program's million DIEs are passed ten times as fast with each abbreviation compiled into steps
 * once. Only what finding functions takes is read here: where a DIE's code lies, where a call was
 * inlined, how far its attributes and children reach. Names, range lists and everything that refers
 * elsewhere stay libdw's business: die_for_libdw.
 *
 *     struct die die;
 *     const unsigned char *at = unit->start;
 *     while ((at = die_read(unit, at, &die)) && die.kind) ...   a DIE and, if it has any, its
 *                                                               children follow; without a kind it
 *                                                               is the end of a list of children
 *
 * Bytes are untrusted: what would leave the unit reads as its end.
 * Format: DWARF 5, section 7.5, and GNU's forms; versions 2 to 5.
 */
#ifndef CPPROF_BINARY_DIES_H
#define CPPROF_BINARY_DIES_H

#include "analyzer/binary/bytes.h"
#include "analyzer/binary/dw.h"

#include <stdbool.h>
#include <stdint.h>

/* What DIEs with one abbreviation have in common. */
struct die_kind {
    unsigned tag; /* 0: no such abbreviation */
    bool has_children;
    bool is_code;  /* a unit, a function or an inlined one: only of these all is read */
    bool is_plain; /* all it has is FIXED bytes that nobody needs */
    uint32_t fixed;
    uint32_t first_step, step_count;
};

struct die_step;

struct die_unit {
    Dwarf_CU *cu;
    const unsigned char *header, *start, *end; /* start: the unit's own DIE */
    unsigned version, address_size, offset_size;
    bool other_order;       /* its bytes are not in this machine's order */
    struct bytes str;       /* .debug_str; without it, names are libdw's to find */
    struct die_kind *kinds; /* by the abbreviation's code */
    size_t kind_count;
    struct die_step *steps;
    size_t step_count, step_cap;
};

/* What follows SIBLING is only set if the kind IS_CODE. */
struct die {
    const struct die_kind *kind;
    const unsigned char *at;
    const unsigned char *sibling; /* NULL: not said, or not believed */
    const unsigned char *origin;  /* the DIE of this unit that it is a copy of, or NULL */
    bool has_code, is_simple;     /* is_simple: it lies from LOW to HIGH */
    bool has_low;
    bool has_ranges; /* RANGES is where the list of its ranges is */
    uint64_t low, high, ranges;
    uint64_t call_file, call_line, call_column; /* 0: not said */

    /* of a function */
    const char *linkage, *name;         /* NULL: not said */
    const unsigned char *specification; /* the DIE of this unit that declares it, or NULL */
    uint64_t decl_line;
    bool is_far; /* names, origin or specification are elsewhere: ask libdw */
};

/* The unit of DIE, a unit's own. False if it cannot be read this way. */
bool die_unit_init(struct die_unit *unit, const struct dw *dw, Dwarf *dwarf, Dwarf_Die *die,
                   struct bytes str);
void die_unit_release(struct die_unit *unit);

/* Reads the DIE at AT; returns what follows its attributes, NULL at the end of the unit. */
const unsigned char *die_read(const struct die_unit *unit, const unsigned char *at,
                              struct die *die);

/* What follows DIE with all its children, if NEXT is what die_read returned. */
const unsigned char *die_skip(const struct die_unit *unit, const struct die *die,
                              const unsigned char *next);

/* DIE at AT as libdw knows it. */
Dwarf_Die die_for_libdw(const struct die_unit *unit, const unsigned char *at);

#endif
