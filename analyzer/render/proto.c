#include "analyzer/render/proto.h"

#include "analyzer/profile/encode.h"

#include <errno.h>

static int to_out(void *out, const void *data, size_t len)
{
    struct out *o = out;
    out_add(o, data, len);
    out_flush_some(o);
    return o->failed;
}

void proto_profile(struct out *o, const struct profile *p)
{
    if (profile_encode(p, to_out, o) && !o->failed) {
        o->failed = true;
        o->saved_errno = ENOMEM;
    }
}
