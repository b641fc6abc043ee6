/* tagroot and tagleaf: pseudo frames made of label values, at the root
 * or the leaf of each stack. */
#ifndef CPPROF_TRANSFORM_TAGROOT_H
#define CPPROF_TRANSFORM_TAGROOT_H

#include "analyzer/base/lines.h"
#include "analyzer/profile/profile.h"

/* Label keys separated by commas, or NULL. The first root key is the new root, the last leaf key
 * the new leaf. */
struct tagroot_spec {
    const char *root, *leaf;
};

/* UNIT is the output unit in which numeric labels are written. */
void tagroot_apply(struct profile *p, const struct tagroot_spec *spec, const char *unit,
                   struct lines *notes);

#endif
