/* What was spent at each address of each binary: flat and cum per instruction.
 *
 * Locations of one binary with one address are one site, wherever the binary was mapped and
 * whatever lines they have; a location without an address is a site of its own. As everywhere, a
 * site counts once per stack however often it recurs.
 */
#ifndef CPPROF_GRAPH_SITES_H
#define CPPROF_GRAPH_SITES_H

#include "analyzer/profile/profile.h"

struct site {
    uint32_t location; /* the first one there */
    uint32_t mapping;  /* that location's, or NO_INDEX */
    strid file;        /* the binary's name */
    uint64_t address;
    int64_t flat, flat_div, cum, cum_div; /* div: sums of the divisors, for means */
    bool any;                             /* some sample came by */
};

struct sites {
    struct site *items; /* by binary (the id of its name), then address */
    size_t count;
    uint32_t *of; /* per location */
};

struct sites_spec {
    int value, divisor; /* sample types; divisor -1: no mean */
    bool drop_negative; /* what is below zero counts as nothing */
};

void sites_init(struct sites *s, const struct profile *p, const struct sites_spec *spec);
void sites_release(struct sites *s);

#endif
