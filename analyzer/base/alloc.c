#include "analyzer/base/alloc.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *checked(void *p, size_t size)
{
    if (!p && size) {
        fprintf(stderr, "cpprof: out of memory (%zu bytes more were needed)\n", size);
        exit(1);
    }
    return p;
}

void *xmalloc(size_t size)
{
    return checked(malloc(size), size);
}

void *xcalloc(size_t count, size_t size)
{
    return checked(calloc(count, size), count ? size : 0);
}

void *xrealloc(void *old, size_t size)
{
    return checked(realloc(old, size), size);
}

char *xstrdup(const char *s)
{
    return xstrndup(s, strlen(s));
}

char *xstrndup(const char *s, size_t len)
{
    char *copy = xmalloc(len + 1);
    if (len) /* S may be NULL then */
        memcpy(copy, s, len);
    copy[len] = '\0';
    return copy;
}

void *xgrow(void *items, size_t *cap, size_t need, size_t item)
{
    if (need <= *cap)
        return items;
    size_t want = *cap + *cap / 2;
    if (want < need)
        want = need;
    if (want < 16)
        want = 16;
    if (want > SIZE_MAX / item)
        checked(NULL, SIZE_MAX);
    *cap = want;
    return xrealloc(items, want * item);
}
