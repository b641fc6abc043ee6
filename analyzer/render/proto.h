/* A profile as a compressed profile.proto. */
#ifndef CPPROF_RENDER_PROTO_H
#define CPPROF_RENDER_PROTO_H

#include "analyzer/profile/profile.h"
#include "analyzer/render/out.h"

void proto_profile(struct out *o, const struct profile *p);

#endif
