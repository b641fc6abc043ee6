#include "tui/scene.h"

#include "analyzer/base/alloc.h"
#include "analyzer/cli/pipeline.h"
#include "analyzer/profile/clone.h"
#include "analyzer/transform/filter.h"
#include "analyzer/transform/fold.h"
#include "analyzer/transform/tagroot.h"

#include <stdlib.h>

/* Profiles that would be equal are one: the session's own, if nothing is filtered. */
struct scene {
    unsigned count; /* of those that use it */
    unsigned long version;
    struct profile *rooted, *filtered; /* NULL: the same as the one before */
};

static void scene_drop(struct scene *s)
{
    if (!s || --s->count)
        return;
    profile_free(s->filtered);
    profile_free(s->rooted);
    free(s);
}

/* Models may still show its strings, but nothing is made from it any more. */
static void scene_retire(struct scene *s)
{
    struct profile *made[] = {s ? s->filtered : NULL, s ? s->rooted : NULL};
    for (size_t i = 0; i < sizeof made / sizeof *made; i++)
        if (made[i])
            profile_keep_strings(made[i]);
    scene_drop(s);
}

static bool has_tagroot(const struct scene_spec *spec)
{
    for (size_t i = 0; i < spec->steps.count; i++)
        if (step_precedes_total(spec->steps.items[i].kind))
            return true;
    const struct tagroot_spec *t = &spec->cfg.tagroot;
    return (t->root && *t->root) || (t->leaf && *t->leaf);
}

static void make_rooted(struct scene *s, const struct profile *p, const struct scene_spec *spec,
                        struct lines *notes)
{
    if (!has_tagroot(spec))
        return;
    const char *unit = spec->cfg.report.unit;
    struct error none;
    s->rooted = profile_clone(p);
    tagroot_apply(s->rooted, &spec->cfg.tagroot, unit, notes);
    for (size_t i = 0; i < spec->steps.count; i++)
        if (step_precedes_total(spec->steps.items[i].kind))
            (void)step_apply(s->rooted, &spec->steps.items[i], unit, notes, &none);
}

static bool is_filtered(const struct scene_spec *spec)
{
    size_t later = 0;
    for (size_t i = 0; i < spec->steps.count; i++)
        later += !step_precedes_total(spec->steps.items[i].kind);
    struct report named = {0};
    pipeline_note_filters(&named, &spec->cfg);
    later += named.filters.count;
    report_release(&named);
    return later || (spec->cfg.filter.prune_from && *spec->cfg.filter.prune_from);
}

static int make_filtered(struct scene *s, const struct profile *p, const struct scene_spec *spec,
                         struct work *work, struct lines *notes, struct error *err)
{
    if (!is_filtered(spec))
        return 0;
    s->filtered = profile_clone(p);
    if (filter_apply(s->filtered, &spec->cfg.filter, notes, err) ||
        fold_apply(s->filtered, &spec->cfg.fold, notes, err))
        return -1;
    for (size_t i = 0; i < spec->steps.count; i++) {
        const struct step *step = &spec->steps.items[i];
        if (work_cancelled(work))
            return -1;
        if (!step_precedes_total(step->kind) &&
            step_apply(s->filtered, step, spec->cfg.report.unit, notes, err))
            return -1;
    }
    return 0;
}

static struct scene *scene_new(struct studio *studio, const struct scene_spec *spec,
                               struct work *work, struct lines *notes, struct error *err)
{
    struct scene *s = xcalloc(1, sizeof *s);
    s->count = 1;
    s->version = spec->version;
    make_rooted(s, studio->session.profile, spec, notes);
    const struct profile *rooted = s->rooted ? s->rooted : studio->session.profile;
    if (make_filtered(s, rooted, spec, work, notes, err)) {
        scene_drop(s);
        return NULL;
    }
    return s;
}

/* All that is filtered, for those who say how a view came about. */
static void note_steps(struct report *r, const struct scene_spec *spec)
{
    pipeline_note_filters(r, &spec->cfg);
    for (size_t i = 0; i < spec->steps.count; i++) {
        const struct step *step = &spec->steps.items[i];
        lines_add(&r->filters, "%s%s%s", step_name(step->kind), *step->text ? "=" : "", step->text);
    }
}

static int prepare(struct prepared *made, struct profile *rooted, const struct profile *filtered,
                   const struct scene_spec *spec, unsigned aggregation, struct lines *notes,
                   struct error *err)
{
    if (report_init(&made->r, rooted, &made->spec, notes, err))
        return -1;
    made->p = profile_clone(filtered);
    made->r.p = made->p;
    if (spec->cfg.relative_percentages)
        report_take_total(&made->r);
    note_steps(&made->r, spec);
    struct aggregate_spec aggregate = pipeline_aggregate_spec(&spec->cfg, aggregation);
    aggregate_apply(made->p, &aggregate);
    return 0;
}

struct prepared *scene_prepare(struct studio *s, const struct scene_spec *spec,
                               unsigned aggregation, struct work *work, struct lines *notes,
                               struct error *err)
{
    if (!s->scene || s->scene->version != spec->version) {
        scene_retire(s->scene);
        s->scene = scene_new(s, spec, work, notes, err);
        if (!s->scene)
            return NULL;
    }
    struct prepared *made = xcalloc(1, sizeof *made);
    made->scene = s->scene;
    made->scene->count++;
    made->cfg = spec->cfg;
    made->spec = spec->cfg.report;
    made->spec.trim = false; /* a view scrolls: it can show everything */
    made->spec.nodecount = 0;
    struct profile *rooted = s->scene->rooted ? s->scene->rooted : s->session.profile;
    struct profile *filtered = s->scene->filtered ? s->scene->filtered : rooted;
    if (work_cancelled(work) || prepare(made, rooted, filtered, spec, aggregation, notes, err)) {
        prepared_free(made);
        return NULL;
    }
    return made;
}

void prepared_free(struct prepared *p)
{
    if (!p)
        return;
    report_release(&p->r);
    profile_free(p->p);
    scene_drop(p->scene);
    free(p);
}

void studio_release(struct studio *s)
{
    scene_drop(s->scene);
    if (!s->is_lent)
        session_release(&s->session);
}
