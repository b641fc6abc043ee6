/* perf.data files by hand, for tests: events, records, features.
 *
 *     struct perffile f = {0};
 *     perffile_event(&f, PERF_SAMPLE_IP | ..., id, "cycles");
 *     perffile_comm(&f, 7, 7, "prog", 0, 10); ...
 *     perffile_finish(&f);         f.out is the file
 *     perffile_release(&f);
 *
 * Records other than samples end with pid and tid, time, and the first event's id, as its
 * sample_type says, which is PERFFILE_TYPE but for what a test adds.
 */
#ifndef CPPROF_TESTS_PERFFILE_H
#define CPPROF_TESTS_PERFFILE_H

#include "analyzer/base/buf.h"

#include <linux/perf_event.h>
#include <stdint.h>

#define PERFFILE_TYPE                                                                              \
    (PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME |                \
     PERF_SAMPLE_PERIOD | PERF_SAMPLE_CALLCHAIN)

enum { PERFFILE_USER = 2, PERFFILE_KERNEL = 1, PERFFILE_EXEC = 1 << 13 };

struct perffile {
    struct buf attrs, ids, records, features[32], out;
    uint64_t type; /* of the events, or 0 for PERFFILE_TYPE */
    uint64_t first_id;
    uint64_t registers; /* which are in samples */
};

void perffile_u32(struct buf *b, uint32_t value);
void perffile_u64(struct buf *b, uint64_t value);
void perffile_text(struct buf *b, const char *s); /* as in features: length, text, NULs */

/* An event of perf's type TYPE and its config, with one id. */
void perffile_event(struct perffile *f, uint32_t type, uint64_t config, uint64_t id);

/* A record with this body. */
void perffile_record(struct perffile *f, uint32_t type, uint16_t misc, const struct buf *body);

void perffile_mmap(struct perffile *f, uint16_t misc, uint32_t pid, uint64_t start, uint64_t size,
                   uint64_t offset, const char *file, uint64_t time);
void perffile_comm(struct perffile *f, uint32_t pid, uint32_t tid, const char *comm, uint16_t misc,
                   uint64_t time);
void perffile_fork(struct perffile *f, uint32_t pid, uint32_t parent, uint64_t time);

/* A sample of event ID whose chain is the COUNT addresses at CHAIN. */
void perffile_sample(struct perffile *f, uint64_t id, uint16_t misc, uint32_t pid, uint32_t tid,
                     uint64_t time, uint64_t period, const uint64_t *chain, size_t count);

/* One of a file whose events ask for PERF_SAMPLE_REGS_USER and PERF_SAMPLE_STACK_USER as well:
 * COUNT registers, and LEN bytes of stack. */
void perffile_stack_sample(struct perffile *f, uint64_t id, uint32_t pid, uint64_t time,
                           const uint64_t *registers, size_t count, const void *stack, size_t len);

void perffile_finish(struct perffile *f); /* as a file */
void perffile_finish_pipe(struct perffile *f);
void perffile_release(struct perffile *f);

#endif
