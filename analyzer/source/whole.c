#include "analyzer/source/whole.h"

#include "analyzer/base/alloc.h"
#include "proto/inflate.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static bool is_compressed(const uint8_t *data, size_t len)
{
    return (len >= 2 && memcmp(data, "\x1f\x8b", 2) == 0) ||
           (len >= 4 && memcmp(data, "\x28\xb5\x2f\xfd", 4) == 0);
}

static int inflate_all(struct whole *w, struct source *s, size_t limit, struct error *err)
{
    struct inflate *in = inflate_new(source_read, s);
    if (!in)
        return error_set(err, ERROR_DATA, "there is no memory to inflate it");
    uint8_t *data = NULL;
    size_t cap = 0, len = 0;
    const char *why = NULL;
    ssize_t n;
    do {
        data = xgrow(data, &cap, len + 65536, 1);
        n = inflate_read(in, data + len, cap - len, &why);
        if (n > 0)
            len += (size_t)n;
    } while (n > 0 && len <= limit);
    int rc = len > limit;
    if (n < 0)
        rc = error_set(err, ERROR_DATA, "%s", why);
    inflate_free(in);
    if (rc)
        free(data);
    else
        *w = (struct whole){data, len, data, 0};
    return rc;
}

int whole_read(struct whole *w, struct source *s, size_t limit, struct error *err)
{
    if (source_rewind(s, err))
        return -1;
    size_t len;
    const uint8_t *map = source_map(s, &len);
    if (map && !is_compressed(map, len)) {
        *w = (struct whole){map, len, (void *)map, len};
        return 0;
    }
    if (map)
        munmap((void *)map, len);
    return inflate_all(w, s, limit, err);
}

void whole_release(struct whole *w)
{
    if (w->mapped)
        munmap(w->memory, w->mapped);
    else
        free(w->memory);
    *w = (struct whole){0};
}

size_t whole_head(struct source *s, void *buf, size_t cap)
{
    struct inflate *in = inflate_new(source_read, s);
    size_t len = 0;
    ssize_t n = in ? 1 : 0;
    const char *why;
    while (n > 0 && len < cap) {
        n = inflate_read(in, (char *)buf + len, cap - len, &why);
        if (n > 0)
            len += (size_t)n;
    }
    inflate_free(in);
    return source_rewind(s, NULL) ? 0 : len;
}
