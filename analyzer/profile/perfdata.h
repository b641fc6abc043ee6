/* perf.data: what Linux' `perf record` writes, to a file or a pipe.
 *
 * Stacks are those that the kernel walked by frame pointers (-g), and those that are unwound here
 * from the copies of stacks that `perf record --call-graph dwarf` keeps. Names are not in the file:
 * locations get mappings with files and build ids, for transform/symbolize.c.
 *
 * Each event becomes a sample type of its name, in nanoseconds for the clocks and else a count, and
 * the number of its samples one before it; comm, pid, tid, and cpu become labels.
 */
#ifndef CPPROF_PROFILE_PERFDATA_H
#define CPPROF_PROFILE_PERFDATA_H

#include "analyzer/base/error.h"
#include "analyzer/base/lines.h"
#include "analyzer/base/progress.h"
#include "analyzer/profile/profile.h"
#include "analyzer/source/source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether a file that begins with these bytes is one, of whatever byte order. */
bool perfdata_knows(const void *head, size_t len);

/* The profile in S, which the caller frees. NOTES gets remarks, such as how many stacks are
 * incomplete and why. NULL and ERR (ERROR_DATA) if it is damaged. */
struct profile *perfdata_read(struct source *s, const struct progress *progress,
                              struct lines *notes, struct error *err);

/* The same for LEN bytes that are in memory already; NAME is for showing progress. */
struct profile *perfdata_parse(const char *name, const uint8_t *data, size_t len,
                               const struct progress *progress, struct lines *notes,
                               struct error *err);

#endif
