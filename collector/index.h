/* A hash index over records kept elsewhere: finds the number of an equal record.
 *
 *     struct index ix = {0};
 *     uint32_t at = index_find(&ix, hash, equal, context);      INDEX_NONE: there is none
 *     if (at == INDEX_NONE) { ...append record number n...; index_add(&ix, hash, n); }
 *     index_release(&ix);
 *
 * Open addressing, at most half full, in memory.h's memory. For one thread at a time.
 */
#ifndef CPPROF_COLLECTOR_INDEX_H
#define CPPROF_COLLECTOR_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define INDEX_NONE UINT32_MAX

struct index_slot {
    uint32_t hash, record; /* record + 1; 0: free */
};

struct index {
    struct index_slot *slots;
    size_t slot_count, used;
};

typedef bool index_equal(const void *context, uint32_t record);

uint32_t index_find(const struct index *ix, uint64_t hash, index_equal *equal, const void *context);
bool index_add(struct index *ix, uint64_t hash, uint32_t record); /* false: no memory */
void index_release(struct index *ix);

/* Folds WORD into a hash that began with 0. */
static inline uint64_t index_mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9E3779B97F4A7C15;
    return hash ^ hash >> 29;
}

static inline uint64_t index_mix_bytes(uint64_t hash, const void *bytes, size_t len)
{
    const unsigned char *at = bytes;
    for (; len >= 8; at += 8, len -= 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        hash = index_mix(hash, word);
    }
    uint64_t rest = len;
    for (size_t i = 0; i < len; i++)
        rest = rest << 8 | at[i];
    return index_mix(hash, rest);
}

#endif
