/* The pieces of code around samples that are worth disassembling.
 *
 *     coderanges_add(&all, code, weights, count, wanted)     for each binary
 *     coderanges_choose(&all, 25)                            the hottest ones first
 *     coderanges_release(&all)
 */
#ifndef CPPROF_REPORT_CODERANGES_H
#define CPPROF_REPORT_CODERANGES_H

#include "analyzer/report/codefiles.h"

struct coderange {
    struct codefile *code;
    uint64_t begin, end;                   /* in the binary */
    const struct codefile_weight *weights; /* of the whole binary */
    size_t weight_count;
    int64_t score; /* what was spent in it */
};

struct coderanges {
    struct coderange *items;
    size_t count, cap;
    size_t left_out;
};

/* Adds the ranges around those of CODE's COUNT weights whose location is WANTED: 500 bytes before
 * and after, ranges that would touch being one, but not beyond the function that the first and the
 * last sample are in. WEIGHTS are borrowed. */
void coderanges_add(struct coderanges *all, struct codefile *code,
                    const struct codefile_weight *weights, size_t count, const bool *wanted);

/* Keeps the MOST hottest ranges, in that order. */
void coderanges_choose(struct coderanges *all, size_t most);
void coderanges_release(struct coderanges *all);

#endif
