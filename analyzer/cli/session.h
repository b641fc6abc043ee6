/* A profile that is looked at many times: read, merged, symbolized and its base subtracted once.
 *
 *     struct session s;
 *     if (session_init(&s, &cfg->source, progress, &notes, err)) return -1;
 *     ... every look is at a copy of s.profile: a child process's, or profile_clone's ...
 *     session_release(&s);
 *
 * Nobody changes its profiles, so that each look begins with all there is. Threads may share them.
 */
#ifndef CPPROF_CLI_SESSION_H
#define CPPROF_CLI_SESSION_H

#include "analyzer/base/error.h"
#include "analyzer/base/lines.h"
#include "analyzer/base/progress.h"
#include "analyzer/cli/config.h"

#include <stdbool.h>

struct profile;

struct session {
    struct profile *profile; /* as load_profile makes it */
    bool marked; /* the samples of a base carry a label in it: old and new can be told apart */
    struct profile *sides; /* with -base, which does not mark them: the same with such labels; else
                            * NULL */
};

/* Loads what SPEC says. 0, or -1 and ERR; then there is nothing to release. */
int session_init(struct session *s, const struct source_spec *spec, const struct progress *progress,
                 struct lines *notes, struct error *err);
void session_release(struct session *s);

/* S for those who show both sides of a comparison: marked if there is a base. Borrowed from S. */
struct session session_sides(const struct session *s);

#endif
