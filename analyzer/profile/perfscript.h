/* The text that `perf script` prints: a header for each sample, its frames, a blank line.
 *
 * Lines are read as perfscript_line.h says, so -F may leave fields out, and +srcline may be among
 * them. Each event becomes a sample type of its name, its values being the periods, in nanoseconds
 * for the clocks and else a count, and the number of its samples one before it (samples where there
 * is one event, else EVENT_samples). comm, pid and tid become labels. Lines of other records than
 * samples (--show-mmap-events) are passed over.
 */
#ifndef CPPROF_PROFILE_PERFSCRIPT_H
#define CPPROF_PROFILE_PERFSCRIPT_H

#include "analyzer/base/error.h"
#include "analyzer/base/strtab.h"

#include <stdbool.h>

struct profile;

/* Whether the first sample of IN is of this format. */
bool perfscript_knows(struct str in);

/* The profile, which the caller frees; NULL and ERR (the line and its defect). */
struct profile *perfscript_read(struct str in, struct error *err);

#endif
