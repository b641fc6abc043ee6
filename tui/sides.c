#include "tui/sides.h"

#include "analyzer/profile/clone.h"
#include "analyzer/transform/base.h"

int sides_init(struct sides *s, const struct view_request *request, struct error *err)
{
    static const enum base_side which[] = {BASE_NEW, BASE_OLD};
    *s = (struct sides){.new = request->r};
    if (!request->has_base)
        return 0;
    for (int i = 0; i < 2; i++) {
        s->profiles[i] = profile_clone(request->p);
        base_keep_side(s->profiles[i], which[i]);
        if (report_init(&s->reports[i], s->profiles[i], request->r->spec, NULL, err))
            return -1;
    }
    s->new = &s->reports[0];
    s->old = &s->reports[1];
    return 0;
}

void sides_release(struct sides *s)
{
    for (int i = 0; i < 2; i++) {
        report_release(&s->reports[i]);
        profile_free(s->profiles[i]);
    }
}
