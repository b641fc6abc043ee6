/* Names for code that is in no file: the kernel's, from /proc/kallsyms, and what JIT compilers
 * made, from the maps they leave as perf-PID.map in PPROF_BINARY_PATH or /tmp. */
#ifndef CPPROF_TRANSFORM_SYMBOLIZE_MAPS_H
#define CPPROF_TRANSFORM_SYMBOLIZE_MAPS_H

#include "analyzer/base/lines.h"
#include "analyzer/transform/name_writer.h"

/* Names the locations I of W's profile for which WANTED[mapping of I] is set and that have no
 * lines; WANTED has one more item, for locations without a mapping. */
void symbolize_kernel(struct name_writer *w, const bool *wanted, const char *kallsyms,
                      struct lines *notes);

/* The process is the one in the mapping's name, or else in the label "pid" of a sample, or else PID
 * (0: none). */
void symbolize_jit(struct name_writer *w, const bool *wanted, const char *search_path,
                   uint64_t pid);

/* Could MAPPING be of the kernel? Could it be code that a process made for itself? */
bool mapping_is_kernel(const struct profile *p, const struct mapping *m);
bool mapping_is_jit(const struct profile *p, const struct mapping *m);

#endif
