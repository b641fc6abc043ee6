/* Many frames as one: a binary, a source file, a function that calls itself.
 *
 * A folded frame is named after what was folded, in brackets: "[libc.so.6]", "[parse.c]". Frames of
 * a run, which are next to each other in a stack and have the same name after that, become one; it
 * stands where the innermost was, so what a run spends itself stays with it. Recursion through
 * other functions stays as it is.
 */
#ifndef CPPROF_TRANSFORM_FOLD_H
#define CPPROF_TRANSFORM_FOLD_H

#include "analyzer/base/error.h"
#include "analyzer/base/lines.h"
#include "analyzer/profile/profile.h"

struct fold_spec {
    const char *mapping, *file; /* regular expressions; NULL or "": nothing is folded */
    bool recursion;             /* runs of any function become one frame, too */
};

/* Applies SPEC to P. Patterns that match nothing are remarked on in NOTES. -1 and ERR on a bad
 * pattern or one that runs away. */
int fold_apply(struct profile *p, const struct fold_spec *spec, struct lines *notes,
               struct error *err);

#endif
