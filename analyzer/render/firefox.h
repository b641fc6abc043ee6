/* The Firefox Profiler's JSON: profile/firefox.h says what it looks like. */
#ifndef CPPROF_RENDER_FIREFOX_H
#define CPPROF_RENDER_FIREFOX_H

#include "analyzer/profile/profile.h"
#include "analyzer/render/out.h"

/* P as a processed profile of version 57, which profiler.firefox.com brings up to its own. A thread
 * of the file holds the samples of one sample type with the same thread labels; those of sample
 * type VALUE are shown first. Addresses become offsets in their binaries. Label sets are added to P
 * on the way. */
void firefox_profile(struct out *o, struct profile *p, size_t value);

#endif
