/* Range lists: where code lies that is in several pieces.
 * Format: DWARF 5, section 2.17.3 and 7.25 (.debug_rnglists); DWARF 4, section 2.17.3
 * (.debug_ranges). */
#ifndef CPPROF_BINARY_RANGES_H
#define CPPROF_BINARY_RANGES_H

#include "analyzer/binary/bytes.h"
#include "analyzer/binary/effort.h"
#include "analyzer/binary/intervals.h"

struct range_sections {
    struct bytes rnglists, ranges;
};

/* How the lists of a unit are to be read. */
struct range_unit {
    unsigned version, address_size;
    uint64_t base; /* the unit's first address, which most ranges are relative to */
};

/* Adds the ranges of the list at OFFSET to ALL, each with DEPTH and VALUE. False, with nothing
 * added, if they refer to tables that are libdw's business. */
bool ranges_add(struct intervals *all, const struct range_sections *sections,
                const struct range_unit *unit, uint64_t offset, uint32_t depth, uint32_t value,
                struct effort *effort);

#endif
