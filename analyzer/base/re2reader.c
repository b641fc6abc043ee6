#include "analyzer/base/re2reader.h"

#include "analyzer/base/utf8.h"

#include <string.h>

void re2_quote(struct buf *b, const char *s, size_t len, size_t max)
{
    size_t start = b->len;
    for (size_t i = 0, n; i < len; i += n) {
        if (b->len - start >= max) {
            buf_puts(b, "...");
            return;
        }
        uint32_t r;
        n = utf8_decode(s + i, len - i, &r);
        if (r < 0x20 || r == 0x7f || (r == UTF8_BAD_RUNE && n == 1))
            buf_printf(b, "\\x%02x", (unsigned char)s[i]);
        else
            buf_add(b, s + i, n);
    }
}

void re2_refuse(struct error *err, const char *code, const char *fragment, size_t len)
{
    struct buf shown = {0};
    buf_puts(&shown, "");
    re2_quote(&shown, fragment, len, 600);
    error_set(err, ERROR_USAGE, "error parsing regexp: %s: `%s`", code, shown.data);
    buf_release(&shown);
}

bool re2_refuse_at(const struct re2_reader *r, const char *code, const char *from, const char *to)
{
    re2_refuse(r->err, code, from, (size_t)(to - from));
    return false;
}

bool re2_next_rune(const struct re2_reader *r, const char **at, uint32_t *rune)
{
    size_t n = utf8_decode(*at, (size_t)(r->end - *at), rune);
    if (n == 1 && *rune == UTF8_BAD_RUNE)
        return re2_refuse_at(r, "invalid UTF-8", *at, r->end);
    *at += n;
    return true;
}

bool re2_check_utf8(const struct re2_reader *r, const char *from, const char *to)
{
    for (size_t n; from < to; from += n) {
        uint32_t rune;
        n = utf8_decode(from, (size_t)(to - from), &rune);
        if (n == 1 && rune == UTF8_BAD_RUNE)
            return re2_refuse_at(r, "invalid UTF-8", from, to);
    }
    return true;
}

bool re2_starts(const struct re2_reader *r, const char *at, const char *with)
{
    size_t n = strlen(with);
    return (size_t)(r->end - at) >= n && memcmp(at, with, n) == 0;
}

bool re2_is_letter(uint32_t c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

bool re2_is_alnum(uint32_t c)
{
    return re2_is_letter(c) || (c >= '0' && c <= '9');
}
