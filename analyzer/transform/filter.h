/* focus, ignore, hide, show, show_from, prune_from and the tag filters, in pprof's order. */
#ifndef CPPROF_TRANSFORM_FILTER_H
#define CPPROF_TRANSFORM_FILTER_H

#include "analyzer/base/error.h"
#include "analyzer/base/lines.h"
#include "analyzer/profile/profile.h"

/* Patterns as typed; NULL or "" leaves a filter out. */
struct filter_spec {
    const char *focus, *ignore;         /* keep, drop samples with a frame that matches */
    const char *hide, *show;            /* drop, keep single frames */
    const char *show_from, *prune_from; /* cut the root's side, the leaf's side off stacks */
    const char *tagfocus, *tagignore;   /* keep, drop samples by label */
    const char *tagshow, *taghide;      /* keep, drop single labels by key */
};

/* Applies SPEC to P. Filters that match nothing are remarked on in NOTES. -1 and ERR on a bad
 * pattern or one that runs away. */
int filter_apply(struct profile *p, const struct filter_spec *spec, struct lines *notes,
                 struct error *err);

#endif
