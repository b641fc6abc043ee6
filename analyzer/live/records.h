/* perf.data, as `perf record -o -` would write it, put together in memory from the kernel's records
 * and from what /proc says about processes that ran before.
 *
 *     struct records r;
 *     records_init(&r, &attr, "cpu");
 *     records_add_process(&r, pid);
 *     records_add(&r, record);                 as they come
 *     ... perfdata_parse(name, r.data.data, r.data.len, ...)
 *     records_clear_samples(&r);               to go on with another part
 *     records_release(&r);
 */
#ifndef CPPROF_LIVE_RECORDS_H
#define CPPROF_LIVE_RECORDS_H

#include "analyzer/base/buf.h"
#include "analyzer/profile/perfdata_file.h"

#include <linux/perf_event.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct records {
    struct perfdata_event event; /* what is known about the samples */
    struct buf data;             /* all of it */
    struct buf state;            /* the same without samples */
    uint64_t lost;               /* samples that found no room in the rings */
    uint64_t sample_count;
};

/* For samples of the event ATTR, whose name will be NAME. */
void records_init(struct records *r, const struct perf_event_attr *attr, const char *name);
void records_release(struct records *r);

/* What PID has mapped, and what its threads are called. */
void records_add_process(struct records *r, pid_t pid);

/* A record as the kernel wrote it. What was copied of stacks is cut to what was there to copy. */
void records_add(struct records *r, const uint8_t *record);

void records_clear_samples(struct records *r);

#endif
