/* Several profiles as one, equal things once.
 *
 * What is equal renumber.h says; samples are by stack and labels. What no sample with a value uses
 * is left behind, and everything is numbered anew in the order samples use it. Memory grows with
 * the result, not with the inputs.
 *
 *     struct merger *m = merger_new();
 *     for each profile: merger_add(m, profile, err)      takes the profile
 *     struct profile *all = merger_finish(m);            frees the merger
 */
#ifndef CPPROF_TRANSFORM_MERGE_H
#define CPPROF_TRANSFORM_MERGE_H

#include "analyzer/base/error.h"
#include "analyzer/profile/profile.h"

struct merger;

struct merger *merger_new(void);
void merger_free(struct merger *m); /* NULL is fine */

/* Adds P, which now belongs to the merger. Sample types that not all profiles have are dropped,
 * units are brought to the finest. -1 and ERR (ERROR_DATA) if P measures something else; the merger
 * then stays as it was. */
int merger_add(struct merger *m, struct profile *p, struct error *err);

/* The merged profile, NULL if none was added. A single one comes back as it was, less the sample
 * types that have the same name. */
struct profile *merger_finish(struct merger *m);

#endif
