/* A CPU profile of processes that run, taken from outside: through perf events.
 *
 *     struct capture_spec spec = {.pids = &pid, .pid_count = 1, .frequency = 100};
 *     struct capture *c = capture_open(&spec, err);
 *     if (!c || capture_run(c, err))
 *         ...
 *     struct profile *p = capture_finish(c, notes, err);      frees C as well
 *
 * The profile has libcpprof's sample types, samples/count and cpu/nanoseconds, and the labels of
 * perf.data's reader (comm, pid, tid); it has no names yet. Stacks are unwound from copies by call
 * frame information, and by frame pointers where the copies end. What the processes start while
 * they are watched is in it as well. Long captures are turned into a profile piece by piece: they
 * take no more memory than short ones.
 */
#ifndef CPPROF_LIVE_CAPTURE_H
#define CPPROF_LIVE_CAPTURE_H

#include "analyzer/base/error.h"
#include "analyzer/base/lines.h"
#include "analyzer/profile/profile.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct capture_spec {
    const pid_t *pids;
    size_t pid_count;
    int frequency;  /* samples per second of CPU time */
    double seconds; /* how long; below 0: until they have all ended */
    bool on_exec;   /* the one process is a child of ours that will become the program by exec */
};

struct capture;

/* Begins. NULL and ERR, which says what to do, if there is no such process or it is not permitted.
 */
struct capture *capture_open(const struct capture_spec *spec, struct error *err);
void capture_free(struct capture *c); /* NULL is fine */

/* Goes on until the time is up, the processes have ended or, unless it began with an exec, somebody
 * interrupts (base/interrupts.h). -1 and ERR. */
int capture_run(struct capture *c, struct error *err);

/* The profile, which the caller frees. NOTES gets what is not in it. NULL and ERR. C is freed. */
struct profile *capture_finish(struct capture *c, struct lines *notes, struct error *err);

#endif
