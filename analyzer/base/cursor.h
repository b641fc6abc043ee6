/* Numbers out of bytes that may end too early, in the machine's own byte order.
 *
 *     struct cursor c = cursor_of(data, len);
 *     uint64_t ip = cursor_u64(&c);
 *     uint32_t pid = cursor_u32(&c), tid = cursor_u32(&c);
 *     if (c.cut)
 *         ... the bytes ended; what was read beyond them is 0
 *
 * so that a reader asks once, at the end, whether all of it was there.
 */
#ifndef CPPROF_BASE_CURSOR_H
#define CPPROF_BASE_CURSOR_H

#include "analyzer/base/strtab.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct cursor {
    const uint8_t *p, *end;
    bool cut; /* more was asked for than there is */
};

static inline struct cursor cursor_of(const uint8_t *data, size_t len)
{
    return (struct cursor){data, data + len, false};
}

static inline size_t cursor_left(const struct cursor *c)
{
    return (size_t)(c->end - c->p);
}

/* The next LEN bytes, or NULL. */
static inline const uint8_t *cursor_bytes(struct cursor *c, uint64_t len)
{
    if (len > cursor_left(c)) {
        c->cut = true;
        c->p = c->end;
        return NULL;
    }
    const uint8_t *at = c->p;
    c->p += len;
    return at;
}

static inline uint64_t cursor_u64(struct cursor *c)
{
    uint64_t value = 0;
    const uint8_t *at = cursor_bytes(c, sizeof value);
    if (at)
        memcpy(&value, at, sizeof value);
    return value;
}

static inline uint32_t cursor_u32(struct cursor *c)
{
    uint32_t value = 0;
    const uint8_t *at = cursor_bytes(c, sizeof value);
    if (at)
        memcpy(&value, at, sizeof value);
    return value;
}

/* The next LEN bytes up to the first NUL in them. */
static inline struct str cursor_text(struct cursor *c, uint64_t len)
{
    const char *at = (const char *)cursor_bytes(c, len);
    return at ? (struct str){at, strnlen(at, len)} : (struct str){"", 0};
}

#endif
