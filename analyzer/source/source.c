#include "analyzer/source/source.h"

#include "analyzer/base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is kept of a pipe to read it again: more than any legacy format comes to. */
static const size_t most_kept = 256u << 20;

struct source {
    char *name;
    int fd;
    uint64_t size;
    bool seekable;
    off_t start;      /* standard input may have been read from before */
    const char *data; /* of a source in memory, whose fd is -1 */
    size_t next;      /* in data, or in what is kept */
    char *kept;       /* what came from a pipe so far */
    size_t kept_len, kept_cap;
    bool too_long_to_keep;
};

struct source *source_open(const char *path, struct error *err)
{
    bool standard_input = strcmp(path, "-") == 0;
    int fd = standard_input ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        error_set(err, ERROR_DATA, "%s: %s", path, strerror(errno));
        return NULL;
    }
    struct stat st;
    if (fstat(fd, &st) || S_ISDIR(st.st_mode)) {
        error_set(err, ERROR_DATA, "%s: %s", path,
                  S_ISDIR(st.st_mode) ? "it is a directory; name a profile in it"
                                      : strerror(errno));
        close(fd);
        return NULL;
    }
    struct source *s = xcalloc(1, sizeof *s);
    s->name = xstrdup(standard_input ? "standard input" : path);
    s->fd = fd;
    s->start = lseek(fd, 0, SEEK_CUR);
    s->seekable = S_ISREG(st.st_mode) && s->start >= 0;
    s->size = s->seekable ? (uint64_t)st.st_size : 0;
    return s;
}

struct source *source_open_memory(const char *name, const void *data, size_t len)
{
    struct source *s = xcalloc(1, sizeof *s);
    s->name = xstrdup(name);
    s->fd = -1;
    s->data = len ? data : "";
    s->size = len;
    return s;
}

void source_close(struct source *s)
{
    if (!s)
        return;
    if (s->fd >= 0)
        close(s->fd);
    free(s->name);
    free(s->kept);
    free(s);
}

ssize_t source_read(void *source, void *buf, size_t cap)
{
    struct source *s = source;
    size_t here = s->data ? s->size : s->kept_len;
    if (s->data || s->next < here) {
        size_t n = here - s->next < cap ? here - s->next : cap;
        memcpy(buf, (s->data ? s->data : s->kept) + s->next, n);
        s->next += n;
        return (ssize_t)n;
    }
    ssize_t n;
    do
        n = read(s->fd, buf, cap);
    while (n < 0 && errno == EINTR);
    if (n > 0 && s->kept_len + (size_t)n > most_kept) {
        free(s->kept);
        s->kept = NULL;
        s->kept_len = s->kept_cap = s->next = 0;
        s->too_long_to_keep = true;
    }
    if (n > 0 && !s->seekable && !s->too_long_to_keep) {
        s->kept = xgrow(s->kept, &s->kept_cap, s->kept_len + (size_t)n, 1);
        memcpy(s->kept + s->kept_len, buf, (size_t)n);
        s->kept_len += (size_t)n;
        s->next = s->kept_len;
    }
    return n;
}

int source_rewind(struct source *s, struct error *err)
{
    s->next = 0;
    if (s->too_long_to_keep)
        return error_set(err, ERROR_DATA, "%s: it cannot be read again; save it to a file first",
                         s->name);
    if (s->seekable && lseek(s->fd, s->start, SEEK_SET) < 0)
        return error_set(err, ERROR_DATA, "%s: %s", s->name, strerror(errno));
    return 0;
}

const uint8_t *source_map(const struct source *s, size_t *len)
{
    if (!s->seekable || s->start != 0 || !s->size)
        return NULL;
    *len = s->size;
    void *map = mmap(NULL, *len, PROT_READ, MAP_PRIVATE, s->fd, 0);
    return map == MAP_FAILED ? NULL : map;
}

uint64_t source_size(const struct source *s)
{
    return s->size;
}

const char *source_name(const struct source *s)
{
    return s->name;
}
