/* gzip compression of a stream, on all processors.
 *
 * deflate_new, deflate_write as often as needed, deflate_finish once. The stream is cut into blocks
 * that are compressed side by side, each with the end of the one before as its dictionary, and
 * joined to one gzip member. A stream of one block is compressed in the caller's thread.
 */
#ifndef CPPROF_PROTO_DEFLATE_H
#define CPPROF_PROTO_DEFLATE_H

#include <stddef.h>

/* Takes compressed bytes, in the caller's thread; a result other than 0 stops everything and is
 * handed on. */
typedef int deflate_sink(void *context, const void *data, size_t len);

struct deflate;

/* NULL if there is no memory. */
struct deflate *deflate_new(deflate_sink *sink, void *context);

/* 0, what the sink returned, or -1 if there is no memory. */
int deflate_write(struct deflate *d, const void *data, size_t len);

/* Writes what is left and frees D. */
int deflate_finish(struct deflate *d);

#endif
