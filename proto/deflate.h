/* gzip compression of a stream, on a second processor where there is one.
 *
 * deflate_new, deflate_write as often as needed, deflate_finish once.
 */
#ifndef CPPROF_PROTO_DEFLATE_H
#define CPPROF_PROTO_DEFLATE_H

#include <stddef.h>

/* Takes compressed bytes; a result other than 0 stops everything and is handed on. */
typedef int deflate_sink(void *context, const void *data, size_t len);

struct deflate;

struct deflate *deflate_new(deflate_sink *sink, void *context);
int deflate_write(struct deflate *d, const void *data, size_t len);

/* Writes what is left and frees D. */
int deflate_finish(struct deflate *d);

#endif
