/* V8's CPU profile (.cpuprofile): Chrome's developer tools, node --cpu-prof, VS Code.
 *
 * Format: the type Profile of the Chrome DevTools Protocol, domain Profiler. `nodes` is the tree of
 * calls, `samples` lists the node each sample was in, `timeDeltas` the microseconds that passed
 * before it since the sample before (the first: since `startTime`). Lines are those where functions
 * begin, counted from 0.
 *
 * Becomes samples/count and cpu/nanoseconds. The node (root) is no frame; (program), (idle) and
 * (garbage collector) are, as in V8's own tools. Time that goes backwards counts as none. Files
 * without samples have hit counts instead, among which the time is divided. In files that cpprof
 * wrote (`exporter`), the first of several equal samples in a row is none: render/cpuprofile.c says
 * why it is there.
 */
#ifndef CPPROF_PROFILE_CPUPROFILE_H
#define CPPROF_PROFILE_CPUPROFILE_H

#include "analyzer/base/error.h"

#include <jansson.h>
#include <stdbool.h>

struct profile;

/* From this many microseconds on (September 2001) `startTime` is taken for a time since 1970; most
 * files count from when the machine was started. */
#define CPUPROFILE_EPOCH INT64_C(1000000000000000)

bool cpuprofile_knows(const json_t *root);
struct profile *cpuprofile_read(const json_t *root, struct error *err);

#endif
