/* Where a profile's bytes come from: a file, a pipe, standard input ("-"), or memory.
 *
 * source_open, source_read as an inflate_source, source_rewind to read it all again, source_close.
 * What cannot be sought in (a pipe) is kept in memory as it is read, up to a size beyond which it
 * cannot be rewound any more.
 */
#ifndef CPPROF_SOURCE_SOURCE_H
#define CPPROF_SOURCE_SOURCE_H

#include "analyzer/base/error.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct source;

struct source *source_open(const char *path, struct error *err);

/* The LEN bytes at DATA, which are borrowed, as if they were a file called NAME. */
struct source *source_open_memory(const char *name, const void *data, size_t len);

void source_close(struct source *s);

ssize_t source_read(void *source, void *buf, size_t cap);
int source_rewind(struct source *s, struct error *err);

/* The whole file in memory, read-only, from its beginning; the caller unmaps the *LEN bytes. NULL
 * for what cannot be mapped: a pipe, memory, an empty file, one that has been read from before. */
const uint8_t *source_map(const struct source *s, size_t *len);

uint64_t source_size(const struct source *s); /* bytes in all, 0 if not known */
const char *source_name(const struct source *s);

#endif
