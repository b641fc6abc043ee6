/* Interned strings: one copy of each, named by a small number.
 *
 * Two equal strings have equal ids, so tables key on ids and never compare bytes. Id 0 is the empty
 * string. Strings may hold any byte; each is followed by a NUL that is not counted. Pointers stay
 * good until strtab_release.
 */
#ifndef CPPROF_BASE_STRTAB_H
#define CPPROF_BASE_STRTAB_H

#include "analyzer/base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint32_t strid;

struct str {
    const char *ptr;
    size_t len;
};

struct strtab {
    struct arena bytes;
    struct str *strings;
    size_t count, cap;
    uint32_t *slots; /* open addressing; 0 is free, else id + 1 */
    size_t slot_count;
};

/* Bytewise order, as Go compares strings: <0, 0 or >0. */
static inline int str_cmp(struct str a, struct str b)
{
    int order = memcmp(a.ptr, b.ptr, a.len < b.len ? a.len : b.len);
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static inline bool str_equal(struct str a, struct str b)
{
    return a.len == b.len && (!a.len || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool str_is(struct str s, const char *text)
{
    return str_equal(s, (struct str){text, strlen(text)});
}

static inline bool str_starts(struct str s, const char *with)
{
    size_t len = strlen(with);
    return s.len >= len && memcmp(s.ptr, with, len) == 0;
}

void strtab_init(struct strtab *t);
void strtab_release(struct strtab *t);

/* Fills T with the strings of FROM, by the same ids, whose bytes are shared: FROM must outlive T.
 * What is added to T is not in FROM. */
void strtab_clone(struct strtab *t, const struct strtab *from);

strid strtab_add(struct strtab *t, const char *s, size_t len);
strid strtab_puts(struct strtab *t, const char *s);

/* Gives up all but the bytes, for those who borrowed strings: ids mean nothing afterwards. */
void strtab_keep_bytes(struct strtab *t);

static inline struct str strtab_get(const struct strtab *t, strid id)
{
    return t->strings[id];
}

#endif
