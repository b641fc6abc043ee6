/* speedscope's JSON: profile/speedscope.h says what it looks like. */
#ifndef CPPROF_RENDER_SPEEDSCOPE_H
#define CPPROF_RENDER_SPEEDSCOPE_H

#include "analyzer/profile/profile.h"
#include "analyzer/render/out.h"

/* FLAT (transform/flatten.h) as one sampled profile for each sample type, VALUE being the one that
 * is shown first. Samples whose value is not above zero are left out of their profile. */
void speedscope_profile(struct out *o, const struct profile *flat, size_t value);

#endif
