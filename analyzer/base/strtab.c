#include "analyzer/base/strtab.h"

#include "analyzer/base/alloc.h"

#include <stdlib.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

static void rehash(struct strtab *t, size_t slots)
{
    free(t->slots);
    t->slots = xcalloc(slots, sizeof *t->slots);
    t->slot_count = slots;
    for (size_t id = 0; id < t->count; id++) {
        struct str s = t->strings[id];
        size_t at = XXH3_64bits(s.ptr, s.len) & (slots - 1);
        while (t->slots[at])
            at = (at + 1) & (slots - 1);
        t->slots[at] = (uint32_t)id + 1;
    }
}

void strtab_init(struct strtab *t)
{
    *t = (struct strtab){0};
    arena_init(&t->bytes);
    rehash(t, 256);
    strtab_add(t, "", 0);
}

void strtab_release(struct strtab *t)
{
    arena_release(&t->bytes);
    free(t->strings);
    free(t->slots);
    *t = (struct strtab){0};
}

void strtab_clone(struct strtab *t, const struct strtab *from)
{
    *t = *from;
    arena_init(&t->bytes);
    t->cap = t->count;
    t->strings = xmalloc(t->cap * sizeof *t->strings);
    memcpy(t->strings, from->strings, t->count * sizeof *t->strings);
    t->slots = xmalloc(t->slot_count * sizeof *t->slots);
    memcpy(t->slots, from->slots, t->slot_count * sizeof *t->slots);
}

void strtab_keep_bytes(struct strtab *t)
{
    free(t->strings);
    free(t->slots);
    *t = (struct strtab){.bytes = t->bytes};
}

strid strtab_add(struct strtab *t, const char *s, size_t len)
{
    size_t at = XXH3_64bits(s, len) & (t->slot_count - 1);
    for (; t->slots[at]; at = (at + 1) & (t->slot_count - 1)) {
        struct str have = t->strings[t->slots[at] - 1];
        if (have.len == len && memcmp(have.ptr, s, len) == 0)
            return t->slots[at] - 1;
    }
    t->strings = xgrow(t->strings, &t->cap, t->count + 1, sizeof *t->strings);
    t->strings[t->count] = (struct str){arena_strndup(&t->bytes, s, len), len};
    t->slots[at] = (uint32_t)++t->count;
    if (t->count * 2 > t->slot_count)
        rehash(t, t->slot_count * 2);
    return (strid)t->count - 1;
}

strid strtab_puts(struct strtab *t, const char *s)
{
    return strtab_add(t, s, strlen(s));
}
