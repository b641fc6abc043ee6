#include "analyzer/render/dot_text.h"

#include <stdbool.h>
#include <string.h>

static bool continues_character(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

void dot_text_add(struct buf *b, struct str s, size_t most)
{
    bool cut = most && s.len > most;
    size_t len = cut ? most : s.len;
    while (cut && len > 0 && most - len < 4 && continues_character(s.ptr[len]))
        len--;
    for (size_t i = 0; i < len; i++) {
        if (s.ptr[i] == '\n') {
            buf_puts(b, "\\l");
            continue;
        }
        if (s.ptr[i] == '"' || s.ptr[i] == '\\')
            buf_putc(b, '\\');
        buf_putc(b, s.ptr[i]);
    }
    if (cut)
        buf_puts(b, "…");
}

void dot_text_add_lines(struct buf *b, struct str s, size_t most)
{
    static const char separator[] = "\\n";
    for (;;) {
        const char *end = memmem(s.ptr, s.len, separator, 2);
        size_t line = end ? (size_t)(end - s.ptr) : s.len;
        dot_text_add(b, (struct str){s.ptr, line}, most);
        if (!end)
            return;
        buf_puts(b, separator);
        s = (struct str){end + 2, s.len - line - 2};
    }
}
