/* Lines of text of any length, one after the other, for formats that came after pprof's own. */
#ifndef CPPROF_PROFILE_TEXTLINES_H
#define CPPROF_PROFILE_TEXTLINES_H

#include "analyzer/base/strtab.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct text_lines {
    const char *next, *end;
    size_t number; /* of the current line, from 1 */
};

static inline struct text_lines text_lines_of(struct str in)
{
    return (struct text_lines){in.ptr, in.ptr + in.len, 0};
}

/* The next line without its end, which is LF or CR LF. False at the end. */
static inline bool text_lines_next(struct text_lines *t, struct str *line)
{
    if (t->next == t->end)
        return false;
    const char *newline = memchr(t->next, '\n', (size_t)(t->end - t->next));
    const char *end = newline ? newline : t->end;
    *line = (struct str){t->next, (size_t)(end - t->next)};
    if (line->len && line->ptr[line->len - 1] == '\r')
        line->len--;
    t->next = newline ? newline + 1 : t->end;
    t->number++;
    return true;
}

#endif
