#include "analyzer/render/out.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/path.h"
#include "analyzer/base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 256 * 1024 };

void out_init_fd(struct out *o, int fd)
{
    *o = (struct out){.fd = fd};
}

void out_init_memory(struct out *o)
{
    *o = (struct out){.fd = -1, .memory = true};
}

/* Where the kernel shows a file that is open, for linkat. */
enum { LINK_SIZE = 40 };
static const char *fd_link(char link[LINK_SIZE], int fd)
{
    snprintf(link, LINK_SIZE, "/proc/self/fd/%d", fd);
    return link;
}

/* What is no regular file (a device, a pipe) is written to, not replaced. */
static bool is_special(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

/* A file without a name in the folder of O->path: whatever ends us leaves nothing of it behind. -1
 * where there is no such thing (NFS), or no way to give it a name later. */
static int open_nameless(const struct out *o)
{
    struct buf folder = {0};
    char link[LINK_SIZE];
    path_dir(&folder, (struct str){o->path, strlen(o->path)});
    int fd = open(folder.data, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    buf_release(&folder);
    if (fd >= 0 && access(fd_link(link, fd), F_OK) != 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

static void open_new(struct out *o)
{
    struct buf b = {0};
    o->fd = open_nameless(o);
    o->nameless = o->fd >= 0;
    buf_printf(&b, "%s.XXXXXX", o->path);
    o->temporary = buf_detach(&b);
    if (!o->nameless)
        o->fd = mkostemp(o->temporary, O_CLOEXEC);
}

int out_init_file(struct out *o, const char *path, struct error *err)
{
    *o = (struct out){.fd = -1, .path = xstrdup(path)};
    if (is_special(path)) {
        o->fd = open(path, O_WRONLY | O_CLOEXEC);
    } else {
        char *target = realpath(path, NULL); /* a link stays a link */
        if (target) {
            free(o->path);
            o->path = target;
        }
        open_new(o);
        if (o->fd >= 0) {
            struct stat st;
            mode_t mask = umask(0);
            umask(mask);
            fchmod(o->fd, stat(o->path, &st) == 0 ? st.st_mode & 0777 : 0666 & ~mask);
        }
    }
    if (o->fd >= 0)
        return 0;
    error_set(err, ERROR_DATA, "%s: cannot be written: %s", path, strerror(errno));
    free(o->path);
    free(o->temporary);
    *o = (struct out){.fd = -1};
    return -1;
}

int out_init_claimed(struct out *o, const char *path, struct error *err)
{
    if (out_init_file(o, path, err)) {
        unlink(path);
        return -1;
    }
    o->claimed = true;
    return 0;
}

/* The length of the character at S, 0 if a terminal must not
 * see it: broken UTF-8, and C1 controls. */
static size_t harmless_length(const char *s, size_t len)
{
    uint32_t rune;
    size_t n = utf8_decode(s, len, &rune);
    return (n == 1 && (unsigned char)*s >= 0x80) || (rune >= 0x80 && rune < 0xA0) ? 0 : n;
}

/* Adds S in at most ROOM columns (one per character; negative: no limit), controls made visible. */
static void add_visible(struct buf *b, struct str s, long room)
{
    const unsigned char *p = (const unsigned char *)s.ptr;
    for (size_t i = 0; i < s.len && room != 0;) {
        size_t n = harmless_length(s.ptr + i, s.len - i);
        if (n == 1 && (p[i] < 0x20 || p[i] == 0x7F)) {
            buf_putc(b, '^');
            buf_putc(b, (char)(p[i] ^ 0x40));
            room = room < 0 ? room : room > 2 ? room - 2 : 0;
            i++;
        } else if (n == 0) {
            buf_printf(b, "\\x%02x", p[i]);
            room = room < 0 ? room : room > 4 ? room - 4 : 0;
            i++;
        } else {
            buf_add(b, s.ptr + i, n);
            room -= room > 0;
            i += n;
        }
    }
}

/* Whatever renderers wrote without out_str (units, whole graphs) is looked at once more before a
 * terminal gets it. Line ends and tabs are the renderers' own. */
static void clean(struct out *o)
{
    size_t len = o->buf.len - o->cleaned;
    if (!o->terminal || !len)
        return;
    char *text = xmalloc(len);
    memcpy(text, o->buf.data + o->cleaned, len);
    o->buf.len = o->cleaned;
    for (size_t at = 0, end = 0; at < len; at = ++end) {
        while (end < len && text[end] != '\n' && text[end] != '\t')
            end++;
        add_visible(&o->buf, (struct str){text + at, end - at}, -1);
        if (end < len)
            buf_putc(&o->buf, text[end]);
    }
    free(text);
    o->cleaned = o->buf.len;
}

/* The first failure is the one to tell of. */
static void fail_if(struct out *o, bool failed)
{
    if (failed && !o->failed) {
        o->failed = true;
        o->saved_errno = errno;
    }
}

static void flush(struct out *o)
{
    size_t done = 0;
    clean(o);
    o->cleaned = 0;
    while (done < o->buf.len && !o->failed) {
        ssize_t n = write(o->fd, o->buf.data + done, o->buf.len - done);
        if (n > 0)
            done += (size_t)n;
        fail_if(o, n < 0 && errno != EINTR);
    }
    buf_clear(&o->buf);
}

void out_flush_some(struct out *o)
{
    if (o->buf.len >= PIECE && !o->memory)
        flush(o);
}

/* Gives the file its temporary name, since only rename replaces a file that is there. -1 and errno.
 */
static int name_file(struct out *o)
{
    char link[LINK_SIZE];
    struct buf name = {0};
    int rc = 0;
    for (unsigned i = 0; o->nameless; i++) {
        buf_clear(&name);
        buf_printf(&name, "%s.%ld-%u", o->path, (long)getpid(), i);
        rc = linkat(AT_FDCWD, fd_link(link, o->fd), AT_FDCWD, name.data, AT_SYMLINK_FOLLOW);
        if (rc && errno == EEXIST)
            continue;
        if (rc)
            break;
        o->nameless = false;
        free(o->temporary);
        o->temporary = buf_detach(&name);
    }
    buf_release(&name);
    return rc;
}

static void remove_files(const struct out *o)
{
    if (o->temporary && !o->nameless)
        unlink(o->temporary);
    if (o->claimed && o->path)
        unlink(o->path);
}

int out_close(struct out *o, struct error *err)
{
    flush(o);
    bool closed_pipe = o->failed && o->saved_errno == EPIPE && !o->temporary;
    if (o->temporary && !o->failed)
        fail_if(o, fsync(o->fd) && errno != EINVAL && errno != ENOTSUP);
    if (o->temporary && !o->failed)
        fail_if(o, name_file(o));
    if (o->path)
        fail_if(o, close(o->fd));
    if (o->temporary && !o->failed)
        fail_if(o, rename(o->temporary, o->path));
    int rc = 0;
    if (o->failed && !closed_pipe)
        rc = error_set(err, ERROR_DATA, "%s: cannot be written: %s",
                       o->path ? o->path : "standard output", strerror(o->saved_errno));
    if (o->failed)
        remove_files(o);
    buf_release(&o->buf);
    free(o->path);
    free(o->temporary);
    *o = (struct out){.fd = -1};
    return rc;
}

void out_abandon(struct out *o)
{
    if (o->path && o->fd >= 0)
        close(o->fd);
    remove_files(o);
    buf_release(&o->buf);
    free(o->path);
    free(o->temporary);
    *o = (struct out){.fd = -1};
}

void out_add(struct out *o, const char *s, size_t len)
{
    buf_add(&o->buf, s, len);
}

void out_puts(struct out *o, const char *s)
{
    buf_puts(&o->buf, s);
}

void out_color(struct out *o, const char *sequence)
{
    if (!o->color)
        return;
    clean(o);
    buf_puts(&o->buf, sequence);
    o->cleaned = o->buf.len;
}

void out_printf(struct out *o, const char *format, ...)
{
    char small[512];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    if ((size_t)n < sizeof small) {
        buf_add(&o->buf, small, (size_t)n);
        return;
    }
    char *large = xmalloc((size_t)n + 1);
    va_start(args, format);
    vsnprintf(large, (size_t)n + 1, format, args);
    va_end(args);
    buf_add(&o->buf, large, (size_t)n);
    free(large);
}

void out_str(struct out *o, struct str s)
{
    if (o->terminal)
        add_visible(&o->buf, s, -1);
    else
        buf_str(&o->buf, s);
}

void out_name(struct out *o, struct str s, int column)
{
    int room = o->width - column;
    size_t runes = 0;
    for (size_t i = 0; i < s.len; i++)
        runes += ((unsigned char)s.ptr[i] & 0xC0) != 0x80;
    if (!o->width || room < 20 || runes <= (size_t)room) {
        out_str(o, s);
        return;
    }
    add_visible(&o->buf, s, room - 1);
    buf_puts(&o->buf, "…");
}

void out_right(struct out *o, const char *s, size_t len, size_t width)
{
    buf_right(&o->buf, s, len, width);
}
