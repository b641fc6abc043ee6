#include "collector/spool.h"

#include "collector/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { SECOND = 1000000000 };

int spool_hold(struct spool *s, struct cpprof_builder *b)
{
    *s = (struct spool){.fd = -1, .builder = b, .began = clock_ns(CLOCK_MONOTONIC)};
    return b ? 0 : ENOMEM;
}

int spool_open(struct spool *s, const char *path, struct cpprof_builder *b)
{
    int error = spool_hold(s, b);
    if (error)
        return error;
    s->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (s->fd >= 0)
        return 0;
    error = errno;
    cpprof_builder_free(b);
    s->builder = NULL;
    return error;
}

bool spool_is_due(const struct spool *s, int64_t now)
{
    return s->fd >= 0 && !s->error && (now - s->appended >= SECOND || now - s->began < SECOND);
}

void spool_append(struct spool *s, int64_t now)
{
    if (s->fd < 0 || s->error || (!s->appended && builder_is_untouched(s->builder)))
        return;
    cpprof_builder_time(s->builder, 0, now - s->began);
    s->error = builder_append(s->builder, s->fd);
    s->appended = now;
}

void spool_close(struct spool *s)
{
    if (s->fd >= 0)
        close(s->fd);
    cpprof_builder_free(s->builder);
    *s = (struct spool){.fd = -1};
}
