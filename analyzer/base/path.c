#include "analyzer/base/path.h"

#include "analyzer/base/alloc.h"

#include <stdlib.h>
#include <string.h>

void path_clean(struct buf *out, struct str path)
{
    size_t start = out->len;
    if (!path.len) {
        buf_putc(out, '.');
        return;
    }
    bool rooted = path.ptr[0] == '/';
    if (rooted)
        buf_putc(out, '/');
    size_t floor = out->len; /* ".." never goes below */
    for (size_t i = 0; i < path.len;) {
        size_t end = i;
        while (end < path.len && path.ptr[end] != '/')
            end++;
        const char *part = path.ptr + i;
        size_t len = end - i;
        i = end + 1;
        if (len == 0 || (len == 1 && part[0] == '.'))
            continue;
        if (len == 2 && part[0] == '.' && part[1] == '.') {
            if (out->len > floor) {
                while (out->len > floor && out->data[out->len - 1] != '/')
                    out->len--;
                if (out->len > floor)
                    out->len--;
                out->data[out->len] = '\0';
                continue;
            }
            if (rooted)
                continue;
            if (out->len > start)
                buf_putc(out, '/');
            buf_puts(out, "..");
            floor = out->len;
            continue;
        }
        if (out->len > start && out->data[out->len - 1] != '/')
            buf_putc(out, '/');
        buf_add(out, part, len);
    }
    if (out->len == start)
        buf_putc(out, '.');
}

struct str path_base(struct str path)
{
    if (!path.len)
        return (struct str){".", 1};
    while (path.len && path.ptr[path.len - 1] == '/')
        path.len--;
    if (!path.len)
        return (struct str){"/", 1};
    size_t start = path.len;
    while (start && path.ptr[start - 1] != '/')
        start--;
    return (struct str){path.ptr + start, path.len - start};
}

static struct str rest(struct str path, size_t from)
{
    return (struct str){path.ptr + from, path.len - from};
}

void path_dir(struct buf *out, struct str path)
{
    while (path.len && path.ptr[path.len - 1] != '/')
        path.len--;
    path_clean(out, path);
}

bool path_list_next(const char **list, struct str *dir)
{
    if (!*list)
        return false;
    dir->ptr = *list;
    dir->len = strcspn(*list, ":");
    *list = (*list)[dir->len] ? *list + dir->len + 1 : NULL;
    return true;
}

static bool has_prefix(struct str path, struct str prefix, size_t *len)
{
    if (path.len < prefix.len || memcmp(path.ptr, prefix.ptr, prefix.len) != 0)
        return false;
    *len = prefix.len;
    if (prefix.len && prefix.ptr[prefix.len - 1] == '/')
        return true;
    if (path.len <= prefix.len || path.ptr[prefix.len] != '/')
        return false;
    *len += 1;
    return true;
}

struct str path_trim(struct str path, const char *trim_path, const char *source_path)
{
    struct str dir;
    size_t len;
    if (trim_path && !*trim_path)
        trim_path = NULL;
    if (source_path && !*source_path)
        source_path = NULL;
    if (!trim_path) {
        while (path_list_next(&source_path, &dir)) {
            struct buf want = {0};
            buf_putc(&want, '/');
            buf_str(&want, path_base(dir));
            buf_putc(&want, '/');
            const char *found = memmem(path.ptr, path.len, want.data, want.len);
            len = want.len;
            buf_release(&want);
            if (found)
                return rest(path, (size_t)(found - path.ptr) + len);
        }
    }
    while (path_list_next(&trim_path, &dir))
        if (has_prefix(path, dir, &len))
            return rest(path, len);
    static const struct str always[] = {{"/proc/self/cwd/./", 17}, {"/proc/self/cwd/", 15}};
    for (size_t i = 0; i < 2; i++)
        if (has_prefix(path, always[i], &len))
            return rest(path, len);
    return path;
}
