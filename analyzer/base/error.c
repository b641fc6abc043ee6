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
    char old[sizeof err->text];
    memcpy(old, err->text, sizeof old);
    /* A sentence that no longer fits loses its end, never its beginning. */
    int used = snprintf(err->text, sizeof err->text, "%.300s: ", prefix);
    snprintf(err->text + used, sizeof err->text - (size_t)used, "%s", old);
}
