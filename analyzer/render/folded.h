/* Folded stacks, for flamegraph.pl and inferno: profile/folded.h says what they look like. */
#ifndef CPPROF_RENDER_FOLDED_H
#define CPPROF_RENDER_FOLDED_H

#include "analyzer/profile/profile.h"
#include "analyzer/render/out.h"

/* Sample type VALUE of FLAT (transform/flatten.h, names alone), a line per stack, in the order of
 * the samples. A semicolon in a name becomes a colon, a line break a space. Stacks without frames,
 * and those whose value is not above zero, have no line. */
void folded_profile(struct out *o, const struct profile *flat, size_t value);

#endif
