/* A profile for formats that know less: every frame a location of its own.
 *
 * Inlined frames become frames like any other, frames without a function are named as reports name
 * them, and what the format has no place for is left out before equal samples are added up.
 */
#ifndef CPPROF_TRANSFORM_FLATTEN_H
#define CPPROF_TRANSFORM_FLATTEN_H

#include "analyzer/profile/formats.h"
#include "analyzer/profile/profile.h"

/* P with frames that have a function's name and, as far as HOLDS (of formats.h) says, its file, its
 * first line, and the line of the frame. Each location has exactly one line; there are no labels
 * and no mappings. All sample types stay. The caller frees it. */
struct profile *flatten(const struct profile *p, unsigned holds);

#endif
