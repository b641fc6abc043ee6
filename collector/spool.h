/* A profile that is appended to its file while it is made; see builder_append.
 *
 * spool_init, then add to `builder` and spool_append from time to time, spool_release. For one
 * thread at a time. It is the housekeeper that appends, which has descriptors of its own: the
 * program can neither close the file nor find a number of its own taken.
 */
#ifndef CPPROF_COLLECTOR_SPOOL_H
#define CPPROF_COLLECTOR_SPOOL_H

#include "collector/builder.h"

#include <stddef.h>
#include <sys/types.h>

struct spool {
    char *path;   /* NULL: no file, the builder and the clock alone */
    int fd;       /* -1: not open */
    dev_t device; /* this and the next say which file it is */
    ino_t inode;
    struct cpprof_builder *builder;
    size_t modules;          /* the builder knows */
    int64_t began, appended; /* monotonic nanoseconds; the latter 0: never */
    int error;               /* of the file; nothing is written after it */
};

/* For the file PATH or for none, and for B, which the spool then owns. 0 or ENOMEM, and B is freed.
 */
int spool_init(struct spool *s, const char *path, struct cpprof_builder *b);

/* Opens the file, which need not be there, for the calling thread; nothing if it is open. Done by
 * spool_append, too, but the program may not reach the file any more then (chroot, setuid). */
void spool_open(struct spool *s);

/* Is it time for the next piece? Often at first, since the process may be a short one. */
bool spool_is_due(const struct spool *s, int64_t now);

/* Writes what was added; nothing as long as there is no sample. */
void spool_append(struct spool *s, int64_t now);

/* Closes the file and frees the builder. */
void spool_release(struct spool *s);

#endif
