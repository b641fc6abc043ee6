/* The profile itself as text: every sample, location and mapping. */
#ifndef CPPROF_RENDER_RAW_H
#define CPPROF_RENDER_RAW_H

#include "analyzer/profile/profile.h"
#include "analyzer/render/out.h"

void raw_profile(struct out *o, const struct profile *p);

#endif
