#include "analyzer/base/arena.h"

#include "analyzer/base/alloc.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
    struct arena_block *older;
    alignas(max_align_t) char bytes[];
};

enum { BLOCK = 64 * 1024 };

void arena_init(struct arena *a)
{
    *a = (struct arena){0};
}

void arena_release(struct arena *a)
{
    for (struct arena_block *b = a->blocks, *older; b; b = older) {
        older = b->older;
        free(b);
    }
    arena_init(a);
}

static void *take(struct arena *a, size_t size, size_t align)
{
    size_t pad = (size_t)(-(uintptr_t)a->next) & (align - 1);
    if (!a->next || (size_t)(a->end - a->next) < pad || (size_t)(a->end - a->next) - pad < size) {
        size_t room = size > BLOCK ? size : BLOCK;
        struct arena_block *b = xmalloc(sizeof *b + room);
        b->older = a->blocks;
        a->blocks = b;
        a->next = b->bytes;
        a->end = b->bytes + room;
        pad = 0;
    }
    void *p = a->next + pad;
    a->next += pad + size;
    return p;
}

void *arena_alloc(struct arena *a, size_t size)
{
    return take(a, size, alignof(max_align_t));
}

void *arena_calloc(struct arena *a, size_t count, size_t size)
{
    return memset(arena_alloc(a, count * size), 0, count * size);
}

char *arena_strndup(struct arena *a, const char *s, size_t len)
{
    char *copy = take(a, len + 1, 1);
    memcpy(copy, s, len);
    copy[len] = '\0';
    return copy;
}
