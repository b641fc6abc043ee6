/* V8's CPU profile: profile/cpuprofile.h says what it looks like. */
#ifndef CPPROF_RENDER_CPUPROFILE_H
#define CPPROF_RENDER_CPUPROFILE_H

#include "analyzer/profile/profile.h"
#include "analyzer/render/out.h"

/* Sample type VALUE of FLAT (transform/flatten.h, with files and first lines). What is measured in
 * time becomes microseconds, of anything else one is one. Where FLAT also counts its samples
 * (samples/count), each is listed as often as it was taken; values that are not above zero are left
 * out. */
void cpuprofile_profile(struct out *o, const struct profile *flat, size_t value);

#endif
