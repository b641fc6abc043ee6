/* Groups of stacks as Go's goroutine profile prints them with debug=1. */
#ifndef CPPROF_RENDER_TEXT_STACKGROUPS_H
#define CPPROF_RENDER_TEXT_STACKGROUPS_H

#include "analyzer/render/out.h"
#include "analyzer/report/stackgroups.h"

/* NAME is what is counted: "threads". After an `@` stand addresses as a stack has them: the leaf's
 * own, and return addresses. Profiles' readers take the text for a profile again. */
void text_stackgroups(struct out *o, const struct stackgroups *g, const char *name);

#endif
