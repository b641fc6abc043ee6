#include "tui/search.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/buf.h"
#include "analyzer/base/regex.h"

#include <stdlib.h>
#include <string.h>

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

bool search_find(const struct search *s, struct str text, size_t from, size_t *begin, size_t *end)
{
    return s && regex_find(s->re, text.ptr, text.len, from, begin, end);
}

const char *search_pattern(const struct search *s)
{
    return s->pattern;
}
