/* A profile that is appended to its file while it is made; see builder_append.
 *
 * spool_open, then add to `builder` and spool_append from time to time, spool_close. For one thread
 * at a time.
 */
#ifndef CPPROF_COLLECTOR_SPOOL_H
#define CPPROF_COLLECTOR_SPOOL_H

#include "collector/builder.h"

#include <stddef.h>

struct spool {
    int fd; /* -1: not open */
    struct cpprof_builder *builder;
    size_t modules;          /* the builder knows */
    int64_t began, appended; /* monotonic nanoseconds; the latter 0: never */
    int error;               /* of a write; nothing is written after it */
};

/* Opens PATH, which need not be there, for B, which the spool then owns. 0 or an errno value, and B
 * is freed. */
int spool_open(struct spool *s, const char *path, struct cpprof_builder *b);

/* The same without a file: the builder and the clock alone. */
int spool_hold(struct spool *s, struct cpprof_builder *b);

/* Is it time for the next piece? Often at first, since the process may be a short one. */
bool spool_is_due(const struct spool *s, int64_t now);

/* Writes what was added; nothing as long as there is no sample. */
void spool_append(struct spool *s, int64_t now);

/* Closes the file and frees the builder. */
void spool_close(struct spool *s);

#endif
