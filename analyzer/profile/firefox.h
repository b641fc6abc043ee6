/* The Firefox Profiler's JSON: what profiler.firefox.com loads and saves ("processed", with
 * meta.preprocessedProfileVersion), and what the browser itself writes ("gecko").
 *
 * Format: docs-developer/ of github.com/firefox-devtools/profiler. Threads have samples that point
 * into a tree of stacks, stacks point to frames, frames to functions, all of them tables of
 * columns: {"frame": [...], "prefix": [...]}, or in gecko files rows with a schema. Newer versions
 * share tables between threads (`shared`); a table is looked for in the thread first.
 *
 * A thread's name and number, and its process's, become labels (threadlabels.h). Samples without a
 * weight, or with weights of that type, are samples/count; "tracing-ms" is time/nanoseconds,
 * "bytes" space/bytes, threadCPUDelta cpu/nanoseconds as well. Markers, counters and the tables of
 * allocations are not read. Files that cpprof wrote say themselves what was measured: each thread
 * has its `sampleType`, `sampleUnit` and `sampleLabels`.
 */
#ifndef CPPROF_PROFILE_FIREFOX_H
#define CPPROF_PROFILE_FIREFOX_H

#include "analyzer/base/error.h"

#include <jansson.h>
#include <stdbool.h>

struct profile;

bool firefox_knows(const json_t *root);
struct profile *firefox_read(const json_t *root, struct error *err);

#endif
