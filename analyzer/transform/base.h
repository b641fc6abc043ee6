/* The base of a comparison, taken away from a profile.
 *
 * The result has the samples of both, those of the base with their values negated, so that what
 * both have in equal measure adds up to nothing.
 */
#ifndef CPPROF_TRANSFORM_BASE_H
#define CPPROF_TRANSFORM_BASE_H

#include "analyzer/base/error.h"

#include <stdbool.h>

struct profile;

struct base_spec {
    bool mark;      /* label the base's samples pprof::base=true (-diff_base), so that the total can
                     * be taken of them alone */
    bool normalize; /* scale the profile to the base's total first */
};

/* P minus BASE, both of which are used up. NULL and ERR when they do not go together. */
struct profile *base_subtract(struct profile *p, struct profile *base, const struct base_spec *spec,
                              struct error *err);

#endif
