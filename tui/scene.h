/* The profile on its way to the views: the session's, transformed once for all views, and then
 * aggregated for each of them.
 *
 *     session ─ tag roots → rooted ─ filters, steps → filtered ─ aggregation → a view's own
 *                             └─ the total is taken here
 *
 * What two builds have in common is kept: as long as the version of the spec stays the same, the
 * filtered profile does, so that another view, sample type or granularity costs a clone and no
 * filter. Everything here belongs to the worker's thread.
 */
#ifndef CPPROF_TUI_SCENE_H
#define CPPROF_TUI_SCENE_H

#include "analyzer/base/error.h"
#include "analyzer/base/lines.h"
#include "analyzer/cli/config.h"
#include "analyzer/cli/session.h"
#include "analyzer/report/report.h"
#include "tui/steps.h"
#include "tui/work.h"

#include <stdbool.h>

struct scene; /* the rooted and the filtered profile; shared by counting */

struct studio {
    struct session session;
    bool is_lent;        /* the session is somebody else's */
    struct scene *scene; /* of the last build; NULL at first */
};

/* What is to be seen. Strings of CFG live as long as the studio. */
struct scene_spec {
    struct config cfg;
    struct steps steps;    /* a copy of its own */
    unsigned long version; /* differs whenever filters, steps or tag roots do */
};

/* What a build is made from. */
struct prepared {
    struct scene *scene;
    struct profile *p;
    struct report_spec spec;
    struct config cfg;
    struct report r;
};

/* AGGREGATION: COMMAND_FORCES_... of cli/commands.h. Remarks about filters go to NOTES. NULL and
 * ERR, or NULL and no error when WORK was cancelled. */
struct prepared *scene_prepare(struct studio *s, const struct scene_spec *spec,
                               unsigned aggregation, struct work *work, struct lines *notes,
                               struct error *err);
void prepared_free(struct prepared *p); /* NULL is fine */

void studio_release(struct studio *s);

#endif
