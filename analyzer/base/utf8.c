#include "analyzer/base/utf8.h"

#include <stdbool.h>

size_t utf8_decode(const char *s, size_t len, uint32_t *rune)
{
    const unsigned char *u = (const unsigned char *)s;
    *rune = UTF8_BAD_RUNE;
    if (len == 0)
        return 0;
    if (u[0] < 0x80) {
        *rune = u[0];
        return 1;
    }
    size_t size = u[0] >= 0xf0 ? 4 : u[0] >= 0xe0 ? 3 : 2;
    if (u[0] < 0xc2 || u[0] > 0xf4 || len < size)
        return 1;
    uint32_t r = u[0] & (0x7fu >> size);
    for (size_t i = 1; i < size; i++) {
        if ((u[i] & 0xc0) != 0x80)
            return 1;
        r = r << 6 | (u[i] & 0x3fu);
    }
    bool overlong = (size == 3 && r < 0x800) || (size == 4 && r < 0x10000);
    if (overlong || (r >= 0xd800 && r <= 0xdfff) || r > UTF8_MAX_RUNE)
        return 1;
    *rune = r;
    return size;
}

size_t utf8_encode(char *out, uint32_t rune)
{
    size_t size = rune < 0x80 ? 1 : rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4;
    for (size_t i = size; i-- > 1; rune >>= 6)
        out[i] = (char)(0x80 | (rune & 0x3f));
    out[0] = (char)(size == 1 ? rune : (0xf00u >> size & 0xff) | rune);
    return size;
}

size_t utf8_length(const char *s, size_t len)
{
    uint32_t rune;
    size_t n = utf8_decode(s, len, &rune);
    return n == 1 && (unsigned char)*s >= 0x80 ? 0 : n;
}

size_t utf8_count(const char *s, size_t len)
{
    size_t count = 0;
    uint32_t rune;
    for (size_t i = 0; i < len; count++)
        i += (unsigned char)s[i] < 0x80 ? 1 : utf8_decode(s + i, len - i, &rune);
    return count;
}
