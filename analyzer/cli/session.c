#include "analyzer/cli/session.h"

#include "analyzer/cli/load.h"
#include "analyzer/profile/profile.h"

int session_init(struct session *s, const struct source_spec *spec, const struct progress *progress,
                 struct lines *notes, struct error *err)
{
    *s = (struct session){.marked = spec->diff_base.count > 0};
    if (spec->base.count)
        s->profile = load_with_base(spec, &s->sides, progress, notes, err);
    else
        s->profile = load_profile(spec, progress, notes, err);
    return s->profile ? 0 : -1;
}

void session_release(struct session *s)
{
    profile_free(s->profile);
    profile_free(s->sides);
    *s = (struct session){0};
}

struct session session_sides(const struct session *s)
{
    return s->sides ? (struct session){.profile = s->sides, .marked = true} : *s;
}
