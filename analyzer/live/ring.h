/* One buffer that the kernel fills with records of perf events, and we empty.
 *
 *     struct ring r;
 *     if (ring_init(&r, fd, size) == 0)
 *         ring_read(&r, take, context);
 *     ring_release(&r);
 */
#ifndef CPPROF_LIVE_RING_H
#define CPPROF_LIVE_RING_H

#include "analyzer/base/buf.h"

#include <stddef.h>
#include <stdint.h>

struct ring {
    void *map; /* a page of the kernel's account, then the data */
    size_t page, size;
    struct buf whole; /* a record that goes on at the buffer's beginning */
};

/* Maps SIZE bytes, a power of two of pages, of the event FD. -1 and errno. */
int ring_init(struct ring *r, int fd, size_t size);
void ring_release(struct ring *r);

/* A record, whose header is a struct perf_event_header and as long as that says. */
typedef void ring_take(void *context, const uint8_t *record);

/* Gives every record there is to TAKE and its room back to the kernel. */
void ring_read(struct ring *r, ring_take *take, void *context);

#endif
