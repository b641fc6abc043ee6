#include "tests/unit/message.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void message_varint(struct buf *b, uint64_t v)
{
    for (; v >= 0x80; v >>= 7)
        buf_putc(b, (char)(v | 0x80));
    buf_putc(b, (char)v);
}

static void overlong_varint(struct buf *b, uint64_t v)
{
    for (int i = 0; i < 9; i++, v >>= 7)
        buf_putc(b, (char)(v | 0x80));
    buf_putc(b, (char)v);
}

/* A decimal number at *TEXT, with a sign or without. */
static uint64_t number(const char **text)
{
    char *end;
    uint64_t v = **text == '-' ? (uint64_t)strtoll(*text, &end, 10) : strtoull(*text, &end, 10);
    assert(end != *text);
    *text = end;
    return v;
}

static void hex(struct buf *b, const char **text)
{
    while (strchr("0123456789abcdef", **text) && **text) {
        char pair[3] = {(*text)[0], (*text)[1], '\0'};
        buf_putc(b, (char)strtoul(pair, NULL, 16));
        *text += 2;
    }
}

static size_t fields(struct buf *b, const char **text, bool nested);

/* What stands in brackets or braces, with its length before it. */
static size_t block(struct buf *b, const char **text)
{
    struct buf inner = {0};
    size_t mark = NO_MARK;
    if (*(*text)++ == '{') {
        mark = fields(&inner, text, true);
    } else {
        for (*text += strspn(*text, " "); **text != ']'; *text += strspn(*text, " "))
            message_varint(&inner, number(text));
    }
    ++*text;
    message_varint(b, inner.len);
    if (mark != NO_MARK)
        mark += b->len;
    buf_add(b, inner.data ? inner.data : "", inner.len);
    buf_release(&inner);
    return mark;
}

static size_t field(struct buf *b, const char **text)
{
    bool overlong = **text == '~';
    *text += overlong;
    uint64_t id = number(text) << 3;
    assert(**text == ':');
    switch (*++*text) {
    case '{':
    case '[':
        message_varint(b, id | 2);
        return block(b, text);
    case '\'': {
        size_t len = strcspn(++*text, "'");
        message_varint(b, id | 2);
        message_varint(b, len);
        buf_add(b, *text, len);
        *text += len + 1;
        return NO_MARK;
    }
    case '#': {
        size_t len = *++*text == '8' ? 8 : 4;
        message_varint(b, id | (len == 8 ? 1 : 5));
        buf_pad(b, '\0', len);
        ++*text;
        return NO_MARK;
    }
    default:
        message_varint(b, id);
        (overlong ? overlong_varint : message_varint)(b, number(text));
        return NO_MARK;
    }
}

static size_t fields(struct buf *b, const char **text, bool nested)
{
    size_t mark = NO_MARK;
    for (;;) {
        *text += strspn(*text, " ");
        if (**text == '\0' || (nested && **text == '}'))
            return mark;
        size_t here = b->len, inner = NO_MARK;
        if (**text == '@') {
            ++*text;
            mark = here;
        } else if (**text == '=') {
            ++*text;
            hex(b, text);
        } else {
            inner = field(b, text);
        }
        if (inner != NO_MARK)
            mark = inner;
    }
}

size_t message_write(struct buf *b, const char *text)
{
    size_t mark = fields(b, &text, false);
    assert(*text == '\0');
    return mark;
}
