/* Frames as bytes, on their way from the process that found them.
 *
 * The writer collects one answer, a problem or frames per address, every string once. The reader
 * trusts nothing: whoever wrote it may have been reading hostile files.
 */
#ifndef CPPROF_BINARY_ANSWER_H
#define CPPROF_BINARY_ANSWER_H

#include "analyzer/base/buf.h"
#include "analyzer/binary/lookup.h"

struct answer_writer {
    struct strtab strings;
    struct buf frames;
    struct lookup_problem problem; /* the writer's to set */
};

void answer_begin(struct answer_writer *w);
void answer_add(struct answer_writer *w, const struct binary_frame *frames, size_t count);
void answer_end(struct answer_writer *w, struct buf *out); /* and releases W */

/* An answer about COUNT addresses; PROBLEM is set if it is one. NULL if the bytes make no sense. */
struct lookup_answer *answer_read(const char *data, size_t len, size_t count,
                                  struct lookup_problem *problem);
void answer_frames(const struct lookup_answer *a, struct lookup_frames *out); /* COUNT of them */

void answer_next(struct lookup_answer *a, struct lookup_answer *next); /* makes a list */
void answer_free(struct lookup_answer *a);                             /* the whole list */

#endif
