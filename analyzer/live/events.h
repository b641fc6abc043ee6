/* Perf events on the threads of processes: samples of CPU time, and notes of what they map.
 *
 *     struct events e;
 *     events_init(&e, &spec);
 *     if (events_open(&e, tid, err) < 0) ...       for each thread there is; later ones inherit
 *     events_read(&e, take, context);              often enough: see events_interval
 *     events_release(&e);
 *
 * Each thread has one event per processor, since only such may be inherited; all that are for one
 * processor share a ring. Source: perf_event_open(2).
 */
#ifndef CPPROF_LIVE_EVENTS_H
#define CPPROF_LIVE_EVENTS_H

#include "analyzer/base/error.h"
#include "analyzer/live/ring.h"

#include <linux/perf_event.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct events_spec {
    int frequency; /* samples per second of CPU time */
    bool on_exec;  /* count from the next exec on */
};

struct events {
    struct perf_event_attr attr;
    bool without_kernel; /* we may not see time that is spent in the kernel */
    int *cpus;           /* that are online */
    size_t cpu_count;
    struct ring *rings; /* by index of `cpus` */
    int *outputs;       /* the events whose rings these are; -1 where there is none */
    size_t ring_size;   /* bytes of each; 0 before the first thread */
    int *fds;
    size_t fd_count, fd_cap;
};

void events_init(struct events *e, const struct events_spec *spec);
void events_release(struct events *e);

/* Opens the events of thread TID. 1 if there is no such thread; -1 and ERR, with errno as the
 * kernel set it, if it is not permitted or there are too many. */
int events_open(struct events *e, pid_t tid, struct error *err);

void events_read(struct events *e, ring_take *take, void *context);

/* After how many milliseconds at most the rings want to be read. */
int events_interval(const struct events *e);

#endif
