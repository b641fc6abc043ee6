#include "analyzer/base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int error_set(struct error *err, enum error_kind kind, const char *format, ...)
{
    if (!err)
        return -1;
    err->kind = kind;
    va_list args;
    va_start(args, format);
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    return -1;
}

void error_prefix(struct error *err, const char *prefix)
{
    if (!err)
        return;
    /* A sentence that no longer fits loses its end, never its beginning. */
    size_t len = strnlen(prefix, 300), size = sizeof err->text;
    memmove(err->text + len + 2, err->text, size - len - 2);
    memcpy(err->text, prefix, len);
    memcpy(err->text + len, ": ", 2);
    err->text[size - 1] = '\0';
}
