#include "analyzer/base/buf.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_release(struct buf *b)
{
    free(b->data);
    *b = (struct buf){0};
}

void buf_clear(struct buf *b)
{
    b->len = 0;
    if (b->data)
        b->data[0] = '\0';
}

static void reserve(struct buf *b, size_t more)
{
    if (b->len + more + 1 > b->cap)
        b->data = xgrow(b->data, &b->cap, b->len + more + 1, 1);
}

void buf_truncate(struct buf *b, size_t len)
{
    b->len = len;
    if (b->data)
        b->data[len] = '\0';
}

void buf_add(struct buf *b, const char *s, size_t len)
{
    reserve(b, len);
    if (len)
        memcpy(b->data + b->len, s, len);
    b->len += len;
    b->data[b->len] = '\0';
}

void buf_puts(struct buf *b, const char *s)
{
    buf_add(b, s, strlen(s));
}

void buf_putc(struct buf *b, char c)
{
    buf_add(b, &c, 1);
}

void buf_str(struct buf *b, struct str s)
{
    buf_add(b, s.ptr, s.len);
}

void buf_pad(struct buf *b, char c, size_t count)
{
    reserve(b, count);
    memset(b->data + b->len, c, count);
    b->len += count;
    b->data[b->len] = '\0';
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list args;
    reserve(b, 64);
    va_start(args, format);
    int n = vsnprintf(b->data + b->len, b->cap - b->len, format, args);
    va_end(args);
    if ((size_t)n >= b->cap - b->len) {
        reserve(b, (size_t)n);
        va_start(args, format);
        vsnprintf(b->data + b->len, b->cap - b->len, format, args);
        va_end(args);
    }
    b->len += (size_t)n;
}

void buf_right(struct buf *b, const char *s, size_t len, size_t width)
{
    size_t runes = utf8_count(s, len);
    if (runes < width)
        buf_pad(b, ' ', width - runes);
    buf_add(b, s, len);
}

char *buf_detach(struct buf *b)
{
    buf_add(b, "", 0);
    char *s = b->data;
    *b = (struct buf){0};
    return s;
}
