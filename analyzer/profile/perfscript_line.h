/* The lines of `perf script`: what stands where depends on perf's version and on -F.
 *
 *     burn  4242/4243 [002] 1234.567890:    250000 cpu-clock:u:
 *     comm  pid/tid   cpu   time            period event          and perhaps the only frame
 *
 *         55d0c0de1256 work+0x26 (/tmp/burn)
 *         address      symbol    binary
 *
 * One number is the thread's, of two the first is the process's. All but the event may be missing.
 */
#ifndef CPPROF_PROFILE_PERFSCRIPT_LINE_H
#define CPPROF_PROFILE_PERFSCRIPT_LINE_H

#include "analyzer/base/strtab.h"

#include <stdbool.h>
#include <stdint.h>

struct perfscript_header {
    struct str comm, event, rest; /* REST: behind the event */
    bool has_pid, has_tid, has_time, has_period;
    int64_t pid, tid, period;
    int64_t time; /* nanoseconds */
};

/* Whether LINE begins a sample, and what it says of it. */
bool perfscript_header_parse(struct str line, struct perfscript_header *h);

struct perfscript_frame {
    uint64_t address;          /* 0: not known */
    struct str symbol, binary; /* empty: not known */
    bool is_inlined;           /* into the next frame */
};

/* Whether LINE is a frame. */
bool perfscript_frame_parse(struct str line, struct perfscript_frame *f);

/* Whether LINE says where the frame before it is in the source: "  burn.c:12". */
bool perfscript_source_parse(struct str line, struct str *file, int64_t *number);

#endif
