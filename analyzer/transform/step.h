/* One of several transforms that are applied one after another.
 *
 * filter_spec applies each filter at most once, all in pprof's order. A step is one filter by
 * itself, so steps can be had in any order and as often as needed: two focuses intersect. A step's
 * text is a regular expression or a tag expression, as one would type it after its option.
 */
#ifndef CPPROF_TRANSFORM_STEP_H
#define CPPROF_TRANSFORM_STEP_H

#include "analyzer/base/error.h"
#include "analyzer/base/lines.h"
#include "analyzer/profile/profile.h"

#include <stdbool.h>

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
    const char *text; /* "" where there is none */
};

/* As it is called ("charge"), and the option that does the same ("hide"). */
const char *step_name(enum step_kind kind);
const char *step_option(enum step_kind kind);

/* "focus=main" as a step, whose text is borrowed from TEXT. -1 and ERR (ERROR_USAGE) if there is no
 * such step. */
int step_parse(struct step *step, const char *text, struct error *err);

/* Is it applied before the total is taken, which percentages are of? */
bool step_precedes_total(enum step_kind kind);

/* Applies STEP to P. UNIT is the output unit, in which numbers of labels are written. -1 and ERR on
 * a bad pattern. */
int step_apply(struct profile *p, const struct step *step, const char *unit, struct lines *notes,
               struct error *err);

#endif
