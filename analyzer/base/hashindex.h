/* Indices of things, found by a 64-bit hash of what the things are.
 *
 *     struct hashindex h = {0};                        or hashindex_init(&h, expected)
 *     for (size_t at = hashindex_start(&h, hash); hashindex_next(&h, hash, &at, &i);)
 *         if (things[i] is what is looked for) ...
 *     hashindex_put(&h, hash, i);                      if it was not there
 *     hashindex_release(&h);
 *
 * It holds no things: the caller compares them. Of the hash only the upper half is looked at.
 */
#ifndef CPPROF_BASE_HASHINDEX_H
#define CPPROF_BASE_HASHINDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hashindex {
    /* Open addressing; a slot is 0 or (upper half of the hash, index + 1), so that growing never
     * looks at the things again. */
    uint64_t *slots;
    size_t slot_count, used;
};

/* For about EXPECTED things. What is all zeros is empty as well, but not to be asked for memory. */
void hashindex_init(struct hashindex *h, size_t expected);
void hashindex_release(struct hashindex *h);

void hashindex_put(struct hashindex *h, uint64_t hash, uint32_t index);

static inline size_t hashindex_start(const struct hashindex *h, uint64_t hash)
{
    return h->slot_count ? (hash >> 32) & (h->slot_count - 1) : 0;
}

/* The next index that may be of HASH; false if there is none any more. */
static inline bool hashindex_next(const struct hashindex *h, uint64_t hash, size_t *at,
                                  uint32_t *index)
{
    if (!h->slot_count)
        return false;
    while (h->slots[*at]) {
        uint64_t slot = h->slots[*at];
        *at = (*at + 1) & (h->slot_count - 1);
        if (!((slot ^ hash) >> 32)) {
            *index = (uint32_t)slot - 1;
            return true;
        }
    }
    return false;
}

/* Asks for the memory in which the search for HASH begins. */
static inline void hashindex_prefetch(const struct hashindex *h, uint64_t hash)
{
    __builtin_prefetch(&h->slots[(hash >> 32) & (h->slot_count - 1)]);
}

/* The index that a search for HASH would meet at once, plus one; 0 if there is none. */
static inline uint32_t hashindex_likely(const struct hashindex *h, uint64_t hash)
{
    uint64_t slot = h->slots[(hash >> 32) & (h->slot_count - 1)];
    return (slot ^ hash) >> 32 ? 0 : (uint32_t)slot;
}

#endif
