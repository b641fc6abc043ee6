/* Every sample with its labels and its stack, in the profile's order. */
#ifndef CPPROF_REPORT_TRACES_H
#define CPPROF_REPORT_TRACES_H

#include "analyzer/report/report.h"

struct trace_label {
    struct str key;
    struct buf values; /* joined by blanks */
    bool is_number;
};

struct trace_frame {
    struct str name; /* borrowed */
    bool inlined;
};

/* One sample at a time: memory does not grow with their number. */
struct traces {
    struct lines header;
    const struct report *r;
    struct nodes nodes;
    size_t next;

    int64_t value;
    int64_t sum, divisor;       /* of which a mean is the quotient; divisor 0: none */
    struct trace_label *labels; /* by key; texts first */
    size_t label_count, label_cap;
    const struct label *parts; /* the same labels one by one, as the profile has them; borrowed */
    size_t part_count;
    struct trace_frame *frames; /* leaf first */
    size_t frame_count, frame_cap;
};

void traces_init(struct traces *t, struct report *r);
void traces_release(struct traces *t);

/* Fills in the next sample that has a stack; false at the end. */
bool traces_next(struct traces *t);

#endif
