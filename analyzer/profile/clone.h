/* Cheap copies of a profile, for transforms that change it in place while the original is kept.
 *
 * What grows with the number of samples (frames, sample columns, labels) is shared with the
 * original until somebody is about to write it; tables that are small beside it (locations, lines,
 * functions, mappings, stacks) and the index of strings are copied at once. A clone of a million
 * samples takes some milliseconds, and a filter that only drops samples never copies frames.
 *
 *     struct profile *c = profile_clone(p);
 *     filter_apply(c, ...)
 *     profile_free(c);                        before p is freed
 *
 * The original must stay as it is while it has clones. Several threads may clone one original and
 * work on their own clones at the same time.
 */
#ifndef CPPROF_PROFILE_CLONE_H
#define CPPROF_PROFILE_CLONE_H

#include "analyzer/profile/profile.h"

/* Groups of columns that are shared as one. */
enum profile_columns {
    COLUMNS_FRAMES = 1 << 0,  /* frames */
    COLUMNS_SAMPLES = 1 << 1, /* sample_stack, sample_labels, values */
    COLUMNS_LABELS = 1 << 2,  /* labels, labelsets */
    COLUMNS_ALL = COLUMNS_FRAMES | COLUMNS_SAMPLES | COLUMNS_LABELS,
};

/* The caller frees it. */
struct profile *profile_clone(const struct profile *p);

/* What profile_own does to COLUMNS that are shared. */
void profile_copy_columns(struct profile *p, unsigned columns);

/* To be called before any of COLUMNS is written: those that are still shared are copied. Costs
 * nothing in a profile that is no clone. */
static inline void profile_own(struct profile *p, unsigned columns)
{
    if (p->shared & columns)
        profile_copy_columns(p, columns & p->shared);
}

/* Gives up all of P but the bytes of its strings, for rows that were made of it and now borrow
 * nothing else. P is good for nothing but profile_free afterwards. */
void profile_keep_strings(struct profile *p);

#endif
