/* The stack of transforms: what was done to the profile since it was opened, with undo and redo.
 *
 * Steps are applied one after another, each by itself, so two focuses intersect. Pushing a step
 * drops those that were undone. A step's text is a regular expression or a tag expression, as one
 * would type it after its option.
 */
#ifndef CPPROF_TUI_STEPS_H
#define CPPROF_TUI_STEPS_H

#include "analyzer/base/buf.h"
#include "analyzer/base/error.h"
#include "analyzer/base/lines.h"
#include "analyzer/cli/config.h"
#include "analyzer/profile/profile.h"

#include <stdbool.h>
#include <stddef.h>

enum step_kind {
    STEP_FOCUS,
    STEP_IGNORE,
    STEP_HIDE,
    STEP_SHOW,
    STEP_SHOW_FROM,
    STEP_PRUNE_FROM,
    STEP_TAGFOCUS,
    STEP_TAGIGNORE,
    STEP_TAGROOT, /* regroup under a label: applied before the total is taken, as pprof does */
    STEP_FOLD_MAPPING,
    STEP_FOLD_FILE,
    STEP_COLLAPSE_RECURSION, /* has no text */
    STEP_CHARGE,             /* to caller: its frames go, its time is its caller's */
    STEP_KIND_COUNT,
};

struct step {
    enum step_kind kind;
    char *text; /* "" where there is none */
};

struct steps {
    struct step *items;
    size_t count;  /* in force: items[0..count) */
    size_t stored; /* with those that were undone */
    size_t cap;
};

void steps_release(struct steps *s);
void steps_push(struct steps *s, enum step_kind kind, const char *text);
bool steps_undo(struct steps *s); /* false: nothing to undo */
bool steps_redo(struct steps *s);

/* A copy for another thread, to be released. */
struct steps steps_copy(const struct steps *s);

/* As it is called here ("charge"), and the option that does the same ("hide"). */
const char *step_name(enum step_kind kind);
const char *step_option(enum step_kind kind);

/* Is it applied before the total is taken, which percentages are of? */
bool step_precedes_total(enum step_kind kind);

/* Applies STEP to P. UNIT is the output unit, in which numbers of labels are written. -1 and ERR on
 * a bad pattern. */
int step_apply(struct profile *p, const struct step *step, const char *unit, struct lines *notes,
               struct error *err);

/* "focus=main > hide=^f$": the steps in force, for the breadcrumbs. */
void steps_show(struct buf *out, const struct steps *s, const char *between);

/* The regular expression that matches NAME and nothing else. */
void step_quote(struct buf *out, struct str name);

#endif
