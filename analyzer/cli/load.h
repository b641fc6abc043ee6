/* The profile a command line is about: sources read and merged, the base subtracted, symbolized. */
#ifndef CPPROF_CLI_LOAD_H
#define CPPROF_CLI_LOAD_H

#include "analyzer/base/error.h"
#include "analyzer/base/lines.h"
#include "analyzer/base/progress.h"
#include "analyzer/cli/config.h"
#include "analyzer/profile/profile.h"

/* Reads and merges PATHS. Those that cannot be read are remarked on as long as one can. NULL and
 * ERR. */
struct profile *load_merged(const struct string_list *paths, const struct source_spec *spec,
                            const struct progress *progress, struct lines *notes,
                            struct error *err);

/* SPEC's sources merged, with names for their addresses. The caller frees it. NULL and ERR. */
struct profile *load_symbolized(const struct source_spec *spec, const struct progress *progress,
                                struct lines *notes, struct error *err);

/* The same for a profile that was made here: names for its addresses. -1 and ERR. */
int load_names(struct profile *p, const struct source_spec *spec, struct lines *notes,
               struct error *err);

/* All of SPEC: merged, base subtracted, symbolized, uninteresting frames dropped. The caller frees
 * it. */
struct profile *load_profile(const struct source_spec *spec, const struct progress *progress,
                             struct lines *notes, struct error *err);

/* The same for a SPEC with -base, and in *MARKED as with -diff_base: read once. The caller frees
 * both, *MARKED last. NULL and ERR; then *MARKED is NULL, too. */
struct profile *load_with_base(const struct source_spec *spec, struct profile **marked,
                               const struct progress *progress, struct lines *notes,
                               struct error *err);

#endif
