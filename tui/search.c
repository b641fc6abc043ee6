#include "tui/search.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/buf.h"
#include "analyzer/base/regex.h"
#include "analyzer/base/utf8.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_BYTES = 1000 }; /* of a text in which matches are pointed out */

struct search {
    struct regex *re;
    char *pattern;
};

/* Escapes like \W are no capital letters. */
static bool has_capital(const char *pattern)
{
    for (; *pattern; pattern++) {
        if (*pattern == '\\' && pattern[1])
            pattern++;
        else if (*pattern >= 'A' && *pattern <= 'Z')
            return true;
    }
    return false;
}

struct search *search_new(const char *pattern, struct error *err)
{
    struct buf folded = {0};
    buf_puts(&folded, has_capital(pattern) ? "" : "(?i)");
    buf_puts(&folded, pattern);
    struct regex *re = regex_compile(folded.data, "search", err);
    buf_release(&folded);
    if (!re)
        return NULL;
    struct search *s = xcalloc(1, sizeof *s);
    s->re = re;
    s->pattern = xstrdup(pattern);
    return s;
}

void search_free(struct search *s)
{
    if (!s)
        return;
    regex_free(s->re);
    free(s->pattern);
    free(s);
}

bool search_match(const struct search *s, struct str text)
{
    return s && regex_match(s->re, text.ptr, text.len);
}

/* The regex says whether, not where: the match ends with the shortest beginning of the text that
 * matches, and starts with the shortest end of that. */
bool search_find(const struct search *s, struct str text, size_t from, size_t *begin, size_t *end)
{
    if (!s || from >= text.len || text.len > MOST_BYTES)
        return false;
    const char *rest = text.ptr + from;
    size_t len = text.len - from, to = 0, at;
    uint32_t rune;
    if (!regex_match(s->re, rest, len) || regex_match(s->re, "", 0))
        return false;
    do
        to += utf8_decode(rest + to, len - to, &rune);
    while (to < len && !regex_match(s->re, rest, to));
    size_t start = 0;
    for (at = 0; at < to; at += utf8_decode(rest + at, to - at, &rune))
        if (regex_match(s->re, rest + at, to - at))
            start = at;
    *begin = from + start;
    *end = from + to;
    return true;
}

const char *search_pattern(const struct search *s)
{
    return s->pattern;
}
