#include "analyzer/render/markup.h"

#include "analyzer/base/utf8.h"

#include <stdbool.h>

static const char *reference(char c)
{
    switch (c) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    }
    return NULL;
}

static void add_rune(struct buf *b, const char *s, size_t n, uint32_t rune)
{
    bool broken = n == 1 && rune == UTF8_BAD_RUNE;
    if (broken || rune == 0xFFFE || rune == 0xFFFF)
        buf_puts(b, "\xEF\xBF\xBD"); /* U+FFFD itself */
    else if (rune < ' ' && rune != '\n' && rune != '\t')
        buf_printf(b, "\xE2\x90%c", (int)(0x80 + rune)); /* U+2400 and up */
    else if (rune >= 0x7F && rune < 0xA0)
        buf_puts(b, "\xE2\x90\xA1"); /* U+2421 */
    else
        buf_add(b, s, n);
}

static void add(struct buf *b, struct str s, bool refer)
{
    size_t n;
    for (size_t i = 0; i < s.len; i += n) {
        uint32_t rune;
        n = utf8_decode(s.ptr + i, s.len - i, &rune);
        const char *as = refer ? reference(s.ptr[i]) : NULL;
        if (as)
            buf_puts(b, as);
        else
            add_rune(b, s.ptr + i, n, rune);
    }
}

void markup_add(struct buf *b, struct str s)
{
    add(b, s, true);
}

void markup_puts(struct buf *b, const char *s)
{
    markup_add(b, (struct str){s, strlen(s)});
}

void markup_clean(struct buf *b, struct str s)
{
    add(b, s, false);
}
