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

/* Which of P's label sets are those of a marked base's samples, a flag each; the caller frees it.
 * NULL if none is. */
bool *base_marks(const struct profile *p);

/* P with the marks forgotten, as base_subtract makes it without them: what both sides have is one
 * sample again, or none. P is consumed. */
struct profile *base_unmark(struct profile *p);

/* Takes the two apart again: leaves in P what a marked base had, its values the right way up and
 * without the mark, or all else. For reports that set both side by side. */
enum base_side { BASE_NEW, BASE_OLD };
void base_keep_side(struct profile *p, enum base_side side);

#endif
