#include "collector/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* A new file with a name nobody has. Not mkstemp, whose files only their owner can read: a profile
 * has the mode of any new file, and the umask cannot be asked for without changing it. */
static int open_new(char *name)
{
    char *number = name + strlen(name) - 6;
    for (unsigned i = 0; i < 1000; i++) {
        snprintf(number, 7, "%06u", i);
        int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
    return -1;
}

int writer_open(struct writer_file *f, const char *path)
{
    struct stat st;
    *f = (struct writer_file){.fd = -1};
    if (!path)
        return EINVAL;
    if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
        f->fd = open(path, O_WRONLY | O_CLOEXEC);
        return f->fd < 0 ? errno : 0;
    }
    f->path = strdup(path);
    if (!f->path || asprintf(&f->temporary, "%s.%ld-XXXXXX", path, (long)getpid()) < 0) {
        free(f->path);
        return ENOMEM;
    }
    f->fd = open_new(f->temporary);
    if (f->fd < 0) {
        int error = errno;
        free(f->path);
        free(f->temporary);
        return error;
    }
    return 0;
}

int writer_close(struct writer_file *f, int error)
{
    if (!error && f->temporary && fsync(f->fd) != 0 && errno != EINVAL)
        error = errno;
    if (close(f->fd) != 0 && !error)
        error = errno;
    if (f->temporary) {
        if (!error && rename(f->temporary, f->path) != 0)
            error = errno;
        if (error)
            unlink(f->temporary);
    }
    free(f->path);
    free(f->temporary);
    *f = (struct writer_file){.fd = -1};
    return error;
}

int writer_plain(int fd, const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len) {
        ssize_t wrote = write(fd, at, len);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return errno;
        at += wrote;
        len -= (size_t)wrote;
    }
    return 0;
}

int writer_gzip(int fd, const void *bytes, size_t len)
{
    enum { GZIP = 16 + MAX_WBITS, MEMORY = 8, LEVEL = 4, AT_ONCE = 1 << 30 };
    unsigned char out[16384];
    const unsigned char *at = bytes;
    z_stream z = {0};
    if (deflateInit2(&z, LEVEL, Z_DEFLATED, GZIP, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
        return ENOMEM;
    int error = 0, state = Z_OK;
    while (!error && state != Z_STREAM_END) {
        if (!z.avail_in && len) {
            z.avail_in = len < AT_ONCE ? (uInt)len : AT_ONCE;
            z.next_in = (Bytef *)at;
            at += z.avail_in;
            len -= z.avail_in;
        }
        z.next_out = out;
        z.avail_out = sizeof out;
        state = deflate(&z, len ? Z_NO_FLUSH : Z_FINISH);
        error = writer_plain(fd, out, sizeof out - z.avail_out);
    }
    deflateEnd(&z);
    return error;
}
