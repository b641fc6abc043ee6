#include "analyzer/binary/demangle_lang.h"

#include <ctype.h>
#include <libiberty/demangle.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* libiberty calls itself for each level of a D type, without a limit. */
#define MAX_NAME 4096

/* How far back the reference at S, a Q and a number to the base 26 whose last digit is a small
 * letter, points; 0 when it is none. */
static size_t reference(const char *s)
{
    size_t back = 0;
    for (const char *p = s + 1; isalpha((unsigned char)*p) && back <= MAX_NAME; p++) {
        if (islower((unsigned char)*p))
            return back * 26 + (size_t)(*p - 'a');
        back = back * 26 + (size_t)(*p - 'A');
    }
    return 0;
}

/* Could MANGLED, whose references may refer to parts with references in them, become too long? At
 * most all that is between two places stands for a reference from one to the other. */
static bool is_too_long(const char *mangled)
{
    uint32_t total[MAX_NAME + 1] = {0}; /* text of what is before each byte */
    for (size_t i = 0; mangled[i]; i++) {
        size_t back = mangled[i] == 'Q' ? reference(mangled + i) : 0;
        uint32_t text = back && back <= i ? total[i] - total[i - back] : 0;
        /* A letter stands for 12 at most: "shared(inout", "immutable". */
        total[i + 1] = total[i] + 12 + text;
        if (total[i + 1] > DEMANGLE_MAX_TEXT)
            return true;
    }
    return false;
}

/* The length of the literal in quotes at S. */
static size_t quoted(const char *s)
{
    size_t len = 1;
    while (s[len] && s[len] != *s)
        len += s[len] == '\\' && s[len + 1] ? 2 : 1;
    return len + (s[len] != '\0');
}

/* The length of what is in parentheses at S, and of them. */
static size_t parenthesized(const char *s)
{
    size_t at = 0, depth = 0;
    while (s[at]) {
        size_t len = strchr("\"'`", s[at]) ? quoted(s + at) : 1;
        depth += s[at] == '(';
        depth -= s[at] == ')' && depth;
        at += len;
        if (depth == 0)
            break;
    }
    return at;
}

/* Adds TEXT without parameters, and without template arguments unless TEMPLATES. */
static void shorten(struct buf *out, const char *text, bool templates)
{
    for (const char *p = text; *p;) {
        bool is_template = p[0] == '!' && p[1] == '(';
        size_t len = is_template ? 1 + parenthesized(p + 1) : *p == '(' ? parenthesized(p) : 1;
        if (*p == ')' || (!is_template && len > 1 && p == text))
            return; /* nothing we know */
        if (len == 1 || (is_template && templates))
            buf_add(out, p, len);
        p += len;
        /* What follows the parameters of a method: " const", " shared". */
        if (p[-1] == ')' && *p == ' ')
            return;
    }
}

bool demangle_dlang(struct buf *out, const char *mangled, enum demangle_mode mode)
{
    if (strnlen(mangled, MAX_NAME + 1) > MAX_NAME || is_too_long(mangled))
        return false;
    char *text = dlang_demangle(mangled, DMGL_NO_OPTS);
    if (!text)
        return false;
    if (mode == DEMANGLE_SIMPLE || mode == DEMANGLE_TEMPLATES)
        shorten(out, text, mode == DEMANGLE_TEMPLATES);
    else
        buf_puts(out, text);
    free(text);
    return true;
}
