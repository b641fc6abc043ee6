/* A profile less what is unused or doubled in it. */
#ifndef CPPROF_TRANSFORM_COMPACT_H
#define CPPROF_TRANSFORM_COMPACT_H

#include "analyzer/profile/profile.h"

/* P with equal things once, without samples of value 0, without what no sample uses, and numbered
 * in the order samples use it; P is consumed. */
struct profile *profile_compact(struct profile *p);

/* Each comment once. */
void profile_unify_comments(struct profile *p);

/* Has SAMPLE no value of any type? */
bool profile_sample_is_zero(const struct profile *p, size_t sample);

#endif
