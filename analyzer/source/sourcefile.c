#include "analyzer/source/sourcefile.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/buf.h"
#include "analyzer/base/path.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    MOST_BYTES = 32 << 20,     /* of one file: generated sources have a few megabytes */
    MOST_TOGETHER = 256 << 20, /* of all that are read */
};

struct sourcefiles {
    char *source_path;
    const char *trim_path; /* borrowed */
    size_t bytes;          /* read so far */
    struct strtab names;
    struct sourcefile **files; /* by id of the name; NULL until it is asked for */
    size_t cap;
};

struct sourcefiles *sourcefiles_new(const char *source_path, const char *trim_path)
{
    struct sourcefiles *s = xcalloc(1, sizeof *s);
    strtab_init(&s->names);
    s->trim_path = trim_path;
    if (source_path && *source_path)
        s->source_path = xstrdup(source_path);
    else if (!(s->source_path = getcwd(NULL, 0)))
        s->source_path = xstrdup(".");
    return s;
}

void sourcefiles_free(struct sourcefiles *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->cap; i++) {
        if (!s->files[i])
            continue;
        free(s->files[i]->path);
        free(s->files[i]->problem);
        free(s->files[i]->text);
        free(s->files[i]->starts);
        free(s->files[i]);
    }
    free(s->files);
    free(s->source_path);
    strtab_release(&s->names);
    free(s);
}

/* "open NAME: no such file or directory", as Go spells what the system says; EISDIR stands for all
 * that is no regular file. */
static char *system_problem(struct str name, int number)
{
    struct buf b = {0};
    buf_puts(&b, "open ");
    buf_str(&b, name);
    buf_puts(&b, ": ");
    size_t at = b.len;
    buf_puts(&b, number == EISDIR ? "it is no regular file" : strerror(number));
    b.data[at] = (char)tolower((unsigned char)b.data[at]);
    return buf_detach(&b);
}

/* Opens PATH if that is harmless: a FIFO would block, and a device can be set off. -1 and errno. */
static int open_regular(const char *path, struct stat *st)
{
    if (stat(path, st))
        return -1;
    int fd = S_ISREG(st->st_mode) ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK) : -1;
    if (fd >= 0 && (fstat(fd, st) || !S_ISREG(st->st_mode))) {
        close(fd);
        fd = -1;
    }
    if (fd < 0 && !S_ISREG(st->st_mode))
        errno = EISDIR;
    return fd;
}

/* Tries NAME in DIR and in the directories above it. FOUND is cleared if it is nowhere. */
static int open_upwards(struct str dir, struct str name, struct buf *found, struct stat *st)
{
    struct buf here = {0}, above = {0}, joined = {0};
    int fd = -1;
    buf_str(&here, dir);
    for (;;) {
        buf_clear(&joined);
        buf_clear(found);
        buf_add(&joined, here.data, here.len);
        if (here.len)
            buf_putc(&joined, '/');
        buf_str(&joined, name);
        path_clean(found, (struct str){joined.data, joined.len});
        fd = open_regular(found->data, st);
        if (fd >= 0)
            break;
        buf_clear(&above);
        path_dir(&above, (struct str){here.data, here.len});
        if (above.len == here.len && memcmp(above.data, here.data, here.len) == 0)
            break;
        struct buf swap = here;
        here = above;
        above = swap;
    }
    if (fd < 0)
        buf_clear(found);
    buf_release(&here);
    buf_release(&above);
    buf_release(&joined);
    return fd;
}

/* A descriptor and the path, or -1 and F's problem. */
static int find(struct sourcefiles *s, struct sourcefile *f, struct str name, struct stat *st)
{
    struct buf found = {0};
    int fd = -1;
    name = path_trim(name, s->trim_path, s->source_path);
    bool has_nul = memchr(name.ptr, '\0', name.len) != NULL;
    if (name.len && name.ptr[0] == '/') {
        buf_str(&found, name);
        errno = EINVAL;
        fd = has_nul ? -1 : open_regular(found.data, st);
        if (fd < 0)
            f->problem = system_problem(name, errno);
    } else {
        const char *list = s->source_path;
        struct str dir;
        while (fd < 0 && !has_nul && path_list_next(&list, &dir))
            fd = open_upwards(dir, name, &found, st);
        if (fd < 0) {
            struct buf b = {0};
            buf_puts(&b, "could not find file ");
            buf_str(&b, name);
            buf_printf(&b, " on path %s", s->source_path);
            f->problem = buf_detach(&b);
        }
    }
    if (fd >= 0)
        f->path = buf_detach(&found);
    buf_release(&found);
    return fd;
}

/* A line ends at a line feed, and a carriage return before that belongs to its end. */
static void index_lines(struct sourcefile *f, size_t len)
{
    size_t cap = 0;
    for (size_t at = 0; at < len;) {
        const char *end = memchr(f->text + at, '\n', len - at);
        f->starts = xgrow(f->starts, &cap, f->line_count + 2, sizeof *f->starts);
        f->starts[f->line_count++] = (uint32_t)at;
        at = end ? (size_t)(end - f->text) + 1 : len + 1; /* as if the last line had an end, too */
        f->starts[f->line_count] = (uint32_t)at;
    }
}

static void read_text(struct sourcefiles *s, struct sourcefile *f, int fd, uint64_t size)
{
    struct buf b = {0};
    if (size > MOST_BYTES || s->bytes + size > MOST_TOGETHER) {
        buf_printf(&b, "%s: it is too large to be shown as source (%.0f MB%s)", f->path,
                   (double)size / 1e6, size > MOST_BYTES ? "" : ", after many others");
        f->problem = buf_detach(&b);
        return;
    }
    size_t len = 0;
    ssize_t n = 1;
    f->text = xmalloc((size_t)size + 1);
    while (len < size && n > 0) {
        do
            n = read(fd, f->text + len, (size_t)size - len);
        while (n < 0 && errno == EINTR);
        len += n > 0 ? (size_t)n : 0;
    }
    if (n < 0) {
        buf_printf(&b, "%s: it cannot be read: %s", f->path, strerror(errno));
        f->problem = buf_detach(&b);
    }
    s->bytes += size;
    index_lines(f, len);
}

const struct sourcefile *sourcefiles_get(struct sourcefiles *s, struct str name)
{
    strid id = strtab_add(&s->names, name.ptr, name.len);
    size_t had = s->cap;
    s->files = xgrow(s->files, &s->cap, (size_t)id + 1, sizeof(struct sourcefile *));
    for (size_t i = had; i < s->cap; i++)
        s->files[i] = NULL;
    if (s->files[id])
        return s->files[id];
    struct sourcefile *f = s->files[id] = xcalloc(1, sizeof *f);
    struct stat st = {0};
    int fd = find(s, f, name, &st);
    if (fd >= 0) {
        read_text(s, f, fd, (uint64_t)st.st_size);
        close(fd);
    }
    return f;
}

bool sourcefile_line(const struct sourcefile *f, int64_t number, struct str *line)
{
    if (number < 1 || (uint64_t)number > f->line_count)
        return false;
    size_t from = f->starts[number - 1], to = f->starts[number] - 1;
    if (to > from && f->text[to - 1] == '\r')
        to--;
    *line = (struct str){f->text + from, to - from};
    return true;
}
