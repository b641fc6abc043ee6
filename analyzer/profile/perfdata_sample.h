/* One sample of a perf.data file, its fields found in the record.
 *
 * Which fields there are, and in which order, the event says: PERF_RECORD_SAMPLE of
 * linux/perf_event.h.
 */
#ifndef CPPROF_PROFILE_PERFDATA_SAMPLE_H
#define CPPROF_PROFILE_PERFDATA_SAMPLE_H

#include "analyzer/profile/perfdata_file.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct perfdata_sample {
    uint64_t ip, time, period;
    uint32_t pid, tid, cpu;
    bool has_cpu;
    bool has_chain;
    bool user_mode; /* where the processor was */

    /* Call chain: addresses from the innermost on, with markers (PERF_CONTEXT_USER and so on) in
     * front of each part. The pointers are into the record, unaligned. */
    const uint8_t *chain;
    size_t chain_count;

    /* The user's registers, those that the event asks for, and a copy of the stack from its top;
     * NULL if the process had none, being the kernel's. */
    const uint8_t *registers;
    bool registers_32; /* of a 32-bit program */
    const uint8_t *stack;
    size_t stack_len;
};

/* Finds the fields of the sample AT, of event E, up to the copy of the stack. -1 if the record is
 * shorter than its fields. */
int perfdata_sample_read(struct perfdata_sample *s, const struct perfdata_event *e,
                         const uint8_t *at);

#endif
