/* All of a source's plain bytes at once, for formats that point from one place of the file to
 * another.
 *
 * A file that is not compressed is mapped, so that it takes no memory of its own; it must not be
 * cut shorter by somebody else meanwhile. Everything else is read and inflated into memory.
 * whole_read, use data and len, whole_release.
 */
#ifndef CPPROF_SOURCE_WHOLE_H
#define CPPROF_SOURCE_WHOLE_H

#include "analyzer/base/error.h"
#include "analyzer/source/source.h"

#include <stddef.h>
#include <stdint.h>

struct whole {
    const uint8_t *data;
    size_t len;
    void *memory;  /* what is to be freed, */
    size_t mapped; /* or if this is not 0, unmapped */
};

/* From the beginning of S. -1 and ERR if it cannot be read; 1 if what has to be held in memory is
 * longer than LIMIT. */
int whole_read(struct whole *w, struct source *s, size_t limit, struct error *err);
void whole_release(struct whole *w);

/* The first plain bytes of S, as many as CAP, for telling formats apart; then S is at its beginning
 * again. Fewer, perhaps none, if there are no more or they cannot be read. */
size_t whole_head(struct source *s, void *buf, size_t cap);

#endif
