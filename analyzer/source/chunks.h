/* A source's plain bytes as a window that slides over them, inflated ahead by a second thread.
 *
 *     struct window w = {0};
 *     while ((more = chunks_more(c, &w, err)) > 0)
 *         ... use bytes from w.p to w.end, advance w.p past what is finished ...
 *
 * What is left between p and end when chunks_more is called again is kept in front of what comes,
 * so a record that is cut by the window's end is seen whole the next time. Small sources are
 * inflated in the caller's thread.
 */
#ifndef CPPROF_SOURCE_CHUNKS_H
#define CPPROF_SOURCE_CHUNKS_H

#include "analyzer/base/error.h"
#include "analyzer/base/progress.h"
#include "analyzer/source/source.h"

#include <stddef.h>
#include <stdint.h>

struct window {
    const uint8_t *p, *end;
    uint64_t end_offset; /* of `end` in the plain bytes */
    uint64_t file_bytes; /* of the source, read for all up to `end` */
};

static inline uint64_t window_offset(const struct window *w, const uint8_t *at)
{
    return w->end_offset - (uint64_t)(w->end - at);
}

struct chunks;

/* S and PROGRESS (which may be NULL) are borrowed. */
struct chunks *chunks_new(struct source *s, const struct progress *progress);
void chunks_free(struct chunks *c);

/* 1 when the window has grown, 0 at the end, -1 and ERR. */
int chunks_more(struct chunks *c, struct window *w, struct error *err);

#endif
