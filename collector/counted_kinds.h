/* Heap, allocs, block and mutex as rows of the table of kinds: what their values are, and their
 * text. Source of the text: what Go's runtime/pprof writes.
 */
#ifndef CPPROF_COLLECTOR_COUNTED_KINDS_H
#define CPPROF_COLLECTOR_COUNTED_KINDS_H

#include "collector/kinds.h"

extern const struct kind_shape kind_heap, kind_allocs, kind_block, kind_mutex;

/* ENOENT: it is off. */
int kind_take_heap(const struct cpprof_profile *p, struct stackset *to);
int kind_take_block(const struct cpprof_profile *p, struct stackset *to);
int kind_take_mutex(const struct cpprof_profile *p, struct stackset *to);

#endif
