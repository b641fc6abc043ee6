#include "analyzer/profile/legacy_scan.h"

#include <stdio.h>
#include <string.h>

enum { LONGEST_LINE = 65535 };

#define LETTER (SCAN_WORD | SCAN_NAME)
#define HEX_LETTER (LETTER | SCAN_XDIGIT | SCAN_LOHEX | SCAN_FRAMES)

static const uint16_t sets_of[256] = {
    ['\t' ... '\n'] = SCAN_SPACE,
    ['\f' ... '\r'] = SCAN_SPACE,
    [' '] = SCAN_SPACE | SCAN_BLANK | SCAN_FRAMES,
    ['-'] = SCAN_PERM,
    ['0' ... '9'] = HEX_LETTER | SCAN_DIGIT,
    ['A' ... 'F'] = SCAN_WORD | SCAN_XDIGIT,
    ['G' ... 'Z'] = SCAN_WORD,
    ['_'] = LETTER,
    ['a' ... 'f'] = HEX_LETTER,
    ['g' ... 'o'] = LETTER,
    ['p'] = LETTER | SCAN_PERM,
    ['q'] = LETTER,
    ['r'] = LETTER | SCAN_PERM,
    ['s' ... 'v'] = LETTER,
    ['w'] = LETTER | SCAN_PERM,
    ['x'] = LETTER | SCAN_PERM | SCAN_FRAMES,
    ['y' ... 'z'] = LETTER,
};

void scanner_init(struct scanner *in, struct str all)
{
    *in = (struct scanner){.next = all.ptr, .end = all.ptr + all.len, .text = scan_str("")};
}

bool scanner_next(struct scanner *in)
{
    in->text = scan_str("");
    size_t left = (size_t)(in->end - in->next);
    if (in->too_long || !left)
        return false;
    in->number++;
    const char *newline = memchr(in->next, '\n', left < LONGEST_LINE + 1 ? left : LONGEST_LINE + 1);
    if (!newline && left > LONGEST_LINE) {
        in->too_long = true;
        return false;
    }
    in->text = (struct str){in->next, newline ? (size_t)(newline - in->next) : left};
    in->next = newline ? newline + 1 : in->end;
    if (in->text.len && in->text.ptr[in->text.len - 1] == '\r')
        in->text.len--;
    return true;
}

static struct str after(struct str s, size_t bytes)
{
    return (struct str){s.ptr + bytes, s.len - bytes};
}

bool scan_in(unsigned char c, unsigned sets)
{
    return sets_of[c] & sets;
}

struct str scan_run(struct str *s, unsigned sets)
{
    size_t len = 0;
    while (len < s->len && scan_in((unsigned char)s->ptr[len], sets))
        len++;
    struct str run = {s->ptr, len};
    *s = after(*s, len);
    return run;
}

struct str scan_word(struct str *s)
{
    size_t len = 0;
    while (len < s->len && !scan_in((unsigned char)s->ptr[len], SCAN_SPACE))
        len++;
    struct str run = {s->ptr, len};
    *s = after(*s, len);
    return run;
}

bool scan_skip(struct str *s, const char *literal)
{
    if (!str_starts(*s, literal))
        return false;
    *s = after(*s, strlen(literal));
    return true;
}

bool scan_find(struct str *s, const char *needle)
{
    for (struct str rest = *s; rest.len;) {
        const char *first = memchr(rest.ptr, needle[0], rest.len);
        if (!first)
            return false;
        rest = after(rest, (size_t)(first - rest.ptr));
        if (scan_skip(&rest, needle)) {
            *s = rest;
            return true;
        }
        rest = after(rest, 1);
    }
    return false;
}

bool scan_contains(struct str s, const char *needle)
{
    return scan_find(&s, needle);
}

/* White space beyond ASCII, in UTF-8: U+0085, U+00A0, U+1680, U+2000-200A, U+2028, U+2029, U+202F,
 * U+205F, U+3000. */
static bool is_wide_space(const unsigned char *c, size_t len)
{
    if (len == 2)
        return c[0] == 0xC2 && (c[1] == 0x85 || c[1] == 0xA0);
    if (c[0] == 0xE1)
        return c[1] == 0x9A && c[2] == 0x80;
    if (c[0] == 0xE3)
        return c[1] == 0x80 && c[2] == 0x80;
    if (c[0] != 0xE2)
        return false;
    if (c[1] == 0x81)
        return c[2] == 0x9F;
    return c[1] == 0x80 &&
           ((c[2] >= 0x80 && c[2] <= 0x8A) || c[2] == 0xA8 || c[2] == 0xA9 || c[2] == 0xAF);
}

/* How many bytes of S are one white space character, at its beginning or its END? */
static size_t space_length(struct str s, bool end)
{
    if (!s.len)
        return 0;
    unsigned char c = (unsigned char)s.ptr[end ? s.len - 1 : 0];
    if (c < 0x80)
        return scan_in(c, SCAN_SPACE) || c == '\v';
    for (size_t len = 2; len <= 3 && len <= s.len; len++)
        if (is_wide_space((const unsigned char *)s.ptr + (end ? s.len - len : 0), len))
            return len;
    return 0;
}

struct str scan_trim(struct str s)
{
    size_t len;
    while ((len = space_length(s, false)))
        s = after(s, len);
    while ((len = space_length(s, true)))
        s.len -= len;
    return s;
}

bool scan_is_blank(struct str s)
{
    s = scan_trim(s);
    return !s.len || s.ptr[0] == '#';
}

/* A _ stands between digits or between the prefix and a digit: never first, last, or doubled. */
static bool underscores_fit(struct str digits, bool after_prefix)
{
    bool digit_before = after_prefix;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.ptr[i] == '_' && !digit_before)
            return false;
        digit_before = digits.ptr[i] != '_';
    }
    return digit_before;
}

static unsigned digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    c |= 0x20;
    return c >= 'a' && c <= 'z' ? (unsigned)(c - 'a') + 10 : 255;
}

bool scan_uint(struct str s, unsigned base, uint64_t *number)
{
    bool any_base = base == 0, prefix = false;
    if (!s.len)
        return false;
    if (any_base) {
        base = 10;
        if (s.ptr[0] == '0') {
            char mark = s.len >= 3 ? (char)(s.ptr[1] | 0x20) : 0;
            base = mark == 'b' ? 2 : mark == 'x' ? 16 : 8;
            bool letter = mark == 'b' || mark == 'o' || mark == 'x';
            s = after(s, letter ? 2 : 1);
            prefix = true;
        }
    }
    bool underscores = false;
    uint64_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (any_base && s.ptr[i] == '_') {
            underscores = true;
            continue;
        }
        unsigned digit = digit_value(s.ptr[i]);
        if (digit >= base || __builtin_mul_overflow(n, (uint64_t)base, &n) ||
            __builtin_add_overflow(n, (uint64_t)digit, &n))
            return false;
    }
    if (underscores && !underscores_fit(s, prefix))
        return false;
    *number = n;
    return true;
}

bool scan_int(struct str s, unsigned base, int64_t *number)
{
    bool negative = s.len && s.ptr[0] == '-';
    if (s.len && (s.ptr[0] == '-' || s.ptr[0] == '+'))
        s = after(s, 1);
    uint64_t n;
    if (!scan_uint(s, base, &n) || n > (uint64_t)INT64_MAX + negative)
        return false;
    *number = (int64_t)(negative ? -n : n);
    return true;
}

struct shown scan_shown(struct str s)
{
    struct shown out;
    size_t used = 0;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        /* room for one escape and the dots of a shortened text */
        if (used + 8 > sizeof out.text) {
            memcpy(out.text + used, "...", 3);
            used += 3;
            break;
        }
        if (c >= 0x20 && c < 0x7F)
            out.text[used++] = (char)c;
        else
            used += (size_t)snprintf(out.text + used, 5, "\\x%02x", c);
    }
    out.text[used] = '\0';
    return out;
}
