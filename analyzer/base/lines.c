#include "analyzer/base/lines.h"

#include "analyzer/base/alloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void lines_add(struct lines *l, const char *format, ...)
{
    if (!l)
        return;
    va_list args;
    va_start(args, format);
    char *line;
    if (vasprintf(&line, format, args) < 0)
        line = xstrdup("(a line that did not fit into memory)");
    va_end(args);
    l->items = xgrow(l->items, &l->cap, l->count + 1, sizeof *l->items);
    l->items[l->count++] = line;
}

void lines_release(struct lines *l)
{
    for (size_t i = 0; i < l->count; i++)
        free(l->items[i]);
    free(l->items);
    *l = (struct lines){0};
}
