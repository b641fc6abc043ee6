#include "analyzer/base/lines.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add(struct lines *l, char *line, size_t len)
{
    l->items = xgrow(l->items, &l->cap, l->count + 1, sizeof *l->items);
    l->lens = xgrow(l->lens, &l->len_cap, l->count + 1, sizeof *l->lens);
    l->lens[l->count] = len;
    l->items[l->count++] = line;
}

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
    add(l, line, strlen(line));
}

void lines_add_str(struct lines *l, const char *label, struct str s)
{
    struct buf b = {0};
    buf_puts(&b, label);
    buf_str(&b, s);
    size_t len = b.len;
    add(l, buf_detach(&b), len);
}

void lines_release(struct lines *l)
{
    for (size_t i = 0; i < l->count; i++)
        free(l->items[i]);
    free(l->items);
    free(l->lens);
    *l = (struct lines){0};
}
