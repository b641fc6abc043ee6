#include "collector/trace_file.h"

#include "collector/writer.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MOST_PRINTED = 500 };

int trace_file_open(struct trace_file *f, int fd, bool gzip)
{
    enum { GZIP = 16 + MAX_WBITS, MEMORY = 8, LEVEL = 1 };
    f->fd = fd;
    f->gzip = gzip;
    f->error = 0;
    f->used = 0;
    f->written = 0;
    memset(&f->z, 0, sizeof f->z);
    if (gzip && deflateInit2(&f->z, LEVEL, Z_DEFLATED, GZIP, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
        return ENOMEM;
    return 0;
}

static void put_out(struct trace_file *f, const void *bytes, size_t len)
{
    if (!f->error)
        f->error = writer_plain(f->fd, bytes, len);
}

static void compress_out(struct trace_file *f, int flush)
{
    unsigned char out[16384];
    f->z.next_in = (Bytef *)f->text;
    f->z.avail_in = (uInt)f->used;
    do {
        f->z.next_out = out;
        f->z.avail_out = sizeof out;
        deflate(&f->z, flush);
        put_out(f, out, sizeof out - f->z.avail_out);
    } while (!f->z.avail_out);
}

static void flush_text(struct trace_file *f, int flush)
{
    if (f->gzip)
        compress_out(f, flush);
    else
        put_out(f, f->text, f->used);
    f->written += (int64_t)f->used;
    f->used = 0;
}

static void make_room(struct trace_file *f, size_t len)
{
    if (f->used + len > sizeof f->text)
        flush_text(f, Z_NO_FLUSH);
}

void trace_file_printf(struct trace_file *f, const char *format, ...)
{
    va_list args;
    make_room(f, MOST_PRINTED + 1);
    va_start(args, format);
    int len = vsnprintf(f->text + f->used, MOST_PRINTED + 1, format, args);
    va_end(args);
    if (len > 0)
        f->used += len < MOST_PRINTED ? (size_t)len : MOST_PRINTED;
}

/* How many bytes the character at S has; 0 if it is none (RFC 3629). */
static size_t utf8_len(const unsigned char *s)
{
    size_t len = *s < 0x80                 ? 1
                 : *s >= 0xC2 && *s < 0xE0 ? 2
                 : *s >= 0xE0 && *s < 0xF0 ? 3
                 : *s >= 0xF0 && *s < 0xF5 ? 4
                                           : 0;
    for (size_t i = 1; i < len; i++)
        if ((s[i] & 0xC0) != 0x80)
            return 0;
    bool overlong = (*s == 0xE0 && s[1] < 0xA0) || (*s == 0xF0 && s[1] < 0x90);
    bool surrogate = *s == 0xED && s[1] >= 0xA0, too_large = *s == 0xF4 && s[1] >= 0x90;
    return len > 2 && (overlong || surrogate || too_large) ? 0 : len;
}

void trace_file_string(struct trace_file *f, const char *text)
{
    const unsigned char *s = (const unsigned char *)text;
    trace_file_printf(f, "\"");
    while (*s) {
        size_t len = utf8_len(s);
        if (!len)
            trace_file_printf(f, "\\ufffd");
        else if (*s == '"' || *s == '\\')
            trace_file_printf(f, "\\%c", *s);
        else if (*s < 0x20 || *s == 0x7F)
            trace_file_printf(f, "\\u%04x", *s);
        else
            trace_file_printf(f, "%.*s", (int)len, (const char *)s);
        s += len ? len : 1;
    }
    trace_file_printf(f, "\"");
}

int trace_file_close(struct trace_file *f)
{
    flush_text(f, Z_FINISH);
    if (f->gzip)
        deflateEnd(&f->z);
    return f->error;
}
