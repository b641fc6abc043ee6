/* Folded stacks: a line per stack, its frames from the root on, joined by semicolons, and a count.
 *
 *     main;read_all;[libc.so.6] 12
 *
 * What stackcollapse-*.pl and inferno-collapse-* write and flamegraph.pl reads. A second number
 * makes it the difference of two profiles, as difffolded.pl writes it: two sample types then, old
 * and new. Annotations ("_[k]") stay part of the names. Lines may end in CR LF; blank lines, and
 * lines that begin with # and do not end in a count, are passed over. Counts with a fraction are
 * rounded.
 */
#ifndef CPPROF_PROFILE_FOLDED_H
#define CPPROF_PROFILE_FOLDED_H

#include "analyzer/base/error.h"
#include "analyzer/base/strtab.h"

#include <stdbool.h>

struct profile;

/* Whether the first lines of IN are of this format. */
bool folded_knows(struct str in);

/* The profile, which the caller frees; NULL and ERR (the line and its defect). */
struct profile *folded_read(struct str in, struct error *err);

#endif
