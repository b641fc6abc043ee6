/* Decompression of a profile's bytes, piece by piece.
 *
 * The first bytes decide: gzip (any number of members), zstd, or neither. inflate_new, inflate_read
 * until it returns 0, inflate_free. What inflates beyond all measure is refused; nothing is read
 * behind damage. One reader is for one thread at a time.
 */
#ifndef CPPROF_PROTO_INFLATE_H
#define CPPROF_PROTO_INFLATE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Gives up to CAP bytes of the compressed input; 0 at its end, -1 with errno on failure. */
typedef ssize_t inflate_source(void *context, void *buf, size_t cap);

struct inflate;

struct inflate *inflate_new(inflate_source *source, void *context);
void inflate_free(struct inflate *in);

/* Up to CAP bytes of plain data; 0 at the end; -1 with *WHY, a clause such as "the gzip data is
 * damaged", which lives as long as IN. */
ssize_t inflate_read(struct inflate *in, void *buf, size_t cap, const char **why);

/* Bytes of the compressed input used so far. */
uint64_t inflate_compressed(const struct inflate *in);

#endif
