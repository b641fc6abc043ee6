/* The functions in whose code others are found: a function that the compiler has inlined has no
 * instructions of its own, but those it is inlined into have. */
#ifndef CPPROF_REPORT_HOSTS_H
#define CPPROF_REPORT_HOSTS_H

#include "analyzer/base/regex.h"
#include "analyzer/profile/profile.h"

/* The names of the functions that were not inlined themselves and have frames in them that match
 * ONLY: the function itself, or those it was inlined into. *COUNT of them, each once; the caller
 * frees them. The profile has kept its inlined frames. */
strid *hosts_find(const struct profile *p, struct regex *only, size_t *count);

#endif
