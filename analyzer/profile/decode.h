/* From profile.proto bytes to the model, in one pass over the inflated stream.
 *
 * Everything is read straight from the wire: samples, locations and lines because there are
 * millions, the rest because what is accepted and refused is what google/pprof accepts and refuses,
 * and protobuf-c is stricter. References are checked once the whole file is known.
 */
#ifndef CPPROF_PROFILE_DECODE_H
#define CPPROF_PROFILE_DECODE_H

#include "analyzer/base/error.h"
#include "analyzer/base/lines.h"
#include "analyzer/base/progress.h"
#include "analyzer/profile/profile.h"
#include "analyzer/source/source.h"

/* The profile in S, whatever its format: perf.data, profile.proto, or else one of the legacy
 * ones, or else one of formats.h. The caller frees it. NOTES (which may be NULL) gets remarks that
 * are not failures. NULL and ERR (ERROR_DATA: the source's name, the byte offset, the defect). */
struct profile *profile_read(struct source *s, const struct progress *progress, struct lines *notes,
                             struct error *err);

#endif
