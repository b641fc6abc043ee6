#include "tui/clipboard.h"

#include <stdint.h>

enum { MOST_BYTES = 50000 };

void clipboard_sequence(struct buf *out, struct str text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    if (text.len > MOST_BYTES)
        return;
    buf_puts(out, "\033]52;c;");
    for (size_t i = 0; i < text.len; i += 3) {
        uint32_t group = 0;
        size_t left = text.len - i < 3 ? text.len - i : 3;
        for (size_t k = 0; k < 3; k++)
            group = group << 8 | (k < left ? (unsigned char)text.ptr[i + k] : 0);
        for (size_t k = 0; k < 4; k++)
            buf_putc(out, k <= left ? digits[group >> (18 - 6 * k) & 63] : '=');
    }
    buf_putc(out, '\a');
}
