/* Arithmetic on whole profiles: factors, common units, a base's total. */
#ifndef CPPROF_TRANSFORM_SCALE_H
#define CPPROF_TRANSFORM_SCALE_H

#include "analyzer/base/error.h"
#include "analyzer/profile/profile.h"

/* Multiplies the values of sample type T by RATIOS[T], rounding. As in pprof, a sample stays only
 * if one of the values that were really changed (ratio not 1) is not 0 afterwards. */
void scale_samples(struct profile *p, const double *ratios);

/* The same ratio for all types. */
void scale_all(struct profile *p, double ratio);

/* Keeps in A and B the sample types both have, in A's order, and brings both to the finer of their
 * units. -1 and ERR if they have none in common or measure different things. */
int scale_to_common(struct profile *a, struct profile *b, struct error *err);

/* Reduces A and B to one sample type, which SAMPLE_INDEX names in A, or with MEAN to A's first type
 * and that one; B's are found by name, whatever their order. Both are brought to the finer of their
 * units. Returns the type's index, the same in both, or -1 and ERR if B has none to compare. */
int scale_to_one(struct profile *a, struct profile *b, const char *sample_index, bool mean,
                 struct error *err);

/* Drops the sample types of P whose name stands twice, as pprof does.
 * -1 and ERR if none is left. */
int scale_drop_doubled_types(struct profile *p, struct error *err);

/* Scales P so that the sum of each sample type is BASE's. */
int scale_normalize(struct profile *p, const struct profile *base, struct error *err);

#endif
