/* Changing the labels of every sample, one label set at a time.
 *
 * A million samples share few label sets, so each set that samples use is edited once; sets that
 * none uses are neither edited nor shown to the editor. */
#ifndef CPPROF_TRANSFORM_RELABEL_H
#define CPPROF_TRANSFORM_RELABEL_H

#include "analyzer/profile/profile.h"

/* Edits LABELS, which are COUNT and have room for one more, in place; returns how many are left. */
typedef size_t relabel_edit(void *ctx, struct label *labels, size_t count);

/* Sets are edited in the order samples use them first. EDIT must not add label sets to P. */
void relabel_samples(struct profile *p, relabel_edit *edit, void *ctx);

#endif
