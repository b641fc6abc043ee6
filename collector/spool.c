#include "collector/spool.h"

#include "collector/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECOND = 1000000000 };

int spool_init(struct spool *s, const char *path, struct cpprof_builder *b)
{
    *s = (struct spool){.fd = -1, .builder = b, .began = clock_ns(CLOCK_MONOTONIC)};
    s->path = path ? strdup(path) : NULL;
    if (b && (s->path || !path))
        return 0;
    spool_release(s);
    return ENOMEM;
}

/* Where descriptors are shared with the program, it may have closed ours, or taken its number for a
 * file of its own ("exec 3>file" in a shell). */
static bool is_open(const struct spool *s)
{
    struct stat st;
    return s->fd >= 0 && fstat(s->fd, &st) == 0 && st.st_dev == s->device && st.st_ino == s->inode;
}

void spool_open(struct spool *s)
{
    struct stat st;
    if (!s->path || s->error || is_open(s))
        return;
    s->fd = open(s->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (s->fd < 0 || fstat(s->fd, &st) != 0) {
        s->error = errno;
        return;
    }
    s->device = st.st_dev;
    s->inode = st.st_ino;
}

bool spool_is_due(const struct spool *s, int64_t now)
{
    return s->path && !s->error && (now - s->appended >= SECOND || now - s->began < SECOND);
}

void spool_append(struct spool *s, int64_t now)
{
    if (!s->path || s->error || (!s->appended && builder_is_untouched(s->builder)))
        return;
    cpprof_builder_time(s->builder, 0, now - s->began);
    spool_open(s);
    if (!s->error)
        s->error = builder_append(s->builder, s->fd);
    s->appended = now;
}

void spool_release(struct spool *s)
{
    if (is_open(s))
        close(s->fd);
    free(s->path);
    cpprof_builder_free(s->builder);
    *s = (struct spool){.fd = -1};
}
