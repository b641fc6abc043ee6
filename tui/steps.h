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
#include "analyzer/transform/step.h"

#include <stdbool.h>
#include <stddef.h>

struct steps {
    struct step *items; /* their texts belong to the stack */
    size_t count;       /* in force: items[0..count) */
    size_t stored;      /* with those that were undone */
    size_t cap;
};

void steps_release(struct steps *s);
void steps_push(struct steps *s, enum step_kind kind, const char *text);
bool steps_undo(struct steps *s); /* false: nothing to undo */
bool steps_redo(struct steps *s);

/* A copy for another thread, to be released. */
struct steps steps_copy(const struct steps *s);

/* "focus=main > hide=^f$": the steps in force, for the breadcrumbs. */
void steps_show(struct buf *out, const struct steps *s, const char *between);

/* The regular expression that matches NAME and nothing else. */
void step_quote(struct buf *out, struct str name);

#endif
