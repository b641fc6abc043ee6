/* A growing string of bytes, the one way text is put together here.
 *
 * Start from `struct buf b = {0};`, add to it, read b.data (always NUL-terminated once anything was
 * added) and b.len, end with buf_release.
 */
#ifndef CPPROF_BASE_BUF_H
#define CPPROF_BASE_BUF_H

#include "analyzer/base/strtab.h"

#include <stddef.h>

struct buf {
    char *data;
    size_t len, cap;
};

void buf_release(struct buf *b);
void buf_clear(struct buf *b);                /* empties it, keeps its memory */
void buf_truncate(struct buf *b, size_t len); /* keeps the first LEN bytes of at least as many */
void buf_add(struct buf *b, const char *s, size_t len);
void buf_puts(struct buf *b, const char *s);
void buf_putc(struct buf *b, char c);
void buf_str(struct buf *b, struct str s);
void buf_pad(struct buf *b, char c, size_t count);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* S right-aligned in WIDTH columns, counting Unicode code points as Go's %*s does. */
void buf_right(struct buf *b, const char *s, size_t len, size_t width);

/* The contents, borrowed until B changes. */
static inline struct str buf_view(const struct buf *b)
{
    return (struct str){b->data ? b->data : "", b->len};
}

/* The contents as a string the caller frees; B is empty afterwards. */
char *buf_detach(struct buf *b);

#endif
