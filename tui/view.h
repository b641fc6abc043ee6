/* A view: a set of operations and a private state, behind which each of tui/view_*.c stands.
 *
 * Two threads share the work. The *worker* builds models: `build` gets a profile of its own, to
 * which the transforms have been applied, and turns a report's rows into whatever the view draws
 * from. The *screen's* thread owns everything else: states, keys, drawing. It never touches
 * a profile, only models, which do not change once they are built, and computes nothing but
 * searches, a slice at a time. So a key repaints at once, however large the profile, and the old
 * rows stay until the new ones are there.
 *
 *     the screen asks   v->ops->ask(v)            what the build has to know of the state
 *     the worker        v->ops->build(request)    a model
 *     the screen        v->ops->shown(v)          the new model is v->model: keep the choice
 *                       v->ops->draw(v, canvas, area)
 *                       v->ops->act(v, action), v->ops->mouse(v, mouse)
 *
 * A model is built when its view is shown and the transforms, the sample type, the unit or the
 * granularity have changed since, and when the view calls app_rebuild. Of several requests only the
 * last counts: the others are given up (work_cancelled) or thrown away.
 *
 * The chosen function is one for all views, by its printable name: `chosen` says which one a view
 * has under its cursor, `choose` puts the cursor there. A view of one function (sandwich, peek,
 * source) sets rebuilds_on_choice, reads request->chosen, and gets a new model when another view
 * has chosen a function since; while it is shown itself, it calls app_choose to walk on.
 */
#ifndef CPPROF_TUI_VIEW_H
#define CPPROF_TUI_VIEW_H

#include "analyzer/base/error.h"
#include "analyzer/cli/config.h"
#include "analyzer/profile/profile.h"
#include "analyzer/report/report.h"
#include "tui/canvas.h"
#include "tui/keys.h"
#include "tui/mouse.h"
#include "tui/work.h"

#include <stdbool.h>
#include <stddef.h>

struct app;
struct view;

/* What a build is given. CFG, R and the strings of P live as long as the model, the rest only while
 * it is built: of every view that was shown there is a model, and all of them have to fit into
 * memory. P and R are this model's alone: P may be changed, R's output_unit chosen
 * (report_select_unit). */
struct view_request {
    struct profile *p;        /* transformed and aggregated; with a base, its samples among them */
    struct report *r;         /* of P, prepared; its total was taken before the transforms */
    const struct config *cfg; /* as the command line and the keys have it */
    bool has_base;     /* P has samples of a base, below zero and marked: rows have two sides */
    struct str chosen; /* printable name of the chosen function; empty: none yet */
    const void *asked; /* what `ask` returned, or NULL */
    struct work *work; /* to be asked for cancellation, and told how far it is */
};

struct view_ops {
    enum view_id id;
    const char *title;       /* "Top", for the title line */
    const char *explanation; /* a sentence on what is seen, for the help */
    size_t state_size;       /* of v->state */
    unsigned aggregation;    /* COMMAND_FORCES_... of cli/commands.h that its report needs */
    bool rebuilds_on_choice;

    /* --- in the worker */

    /* The model of what REQUEST says; NULL and ERR, or NULL when the work was cancelled. */
    void *(*build)(const struct view_request *request, struct error *err);
    /* Before the profile and the report go, also in the worker. */
    void (*free_model)(void *model);

    /* --- in the screen's thread; those marked ? may be NULL */

    void *(*ask)(const struct view *v); /* ? what build needs to know; freed with free() */
    void (*release)(struct view *v);    /* ? what the state holds; not the state itself */
    void (*shown)(struct view *v);      /* ? v->model is new: settle cursor and scrolling on it */
    /* Draws into AREA and nowhere else. Called only with a model. */
    void (*draw)(struct view *v, struct canvas *c, struct rect area);
    /* False: not handled, the app does with it what it does everywhere. Only with a model. */
    bool (*act)(struct view *v, enum action action);
    bool (*mouse)(struct view *v, const struct mouse *m);  /* ? the same */
    bool (*choose)(struct view *v, struct str name);       /* ? false: it is not here */
    struct str (*chosen)(const struct view *v);            /* ? empty: none; borrowed from model */
    void (*status)(const struct view *v, struct buf *out); /* ? "12 of 345", right below */

    /* Searching: the texts that `/` looks at, in the order of n and N. ? all or none */
    size_t (*item_count)(const struct view *v);
    struct str (*item_text)(const struct view *v, size_t item);
    size_t (*item_current)(const struct view *v);
    void (*item_go)(struct view *v, size_t item);
};

struct view {
    const struct view_ops *ops;
    struct app *app;          /* what it may ask for: tui/app.h */
    void *state;              /* zeroed at the start, the screen's thread's */
    const void *model;        /* NULL before the first one */
    const struct report *r;   /* of the model; for report_value */
    const struct config *cfg; /* of the model */
    bool has_base;            /* of the model */
};

/* All of them, by id. NULL for one that is not there yet. */
extern const struct view_ops *const views[VIEW_COUNT];

#endif
