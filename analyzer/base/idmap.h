/* From the ids of a file (any 64-bit number) to dense indices.
 *
 * Ids are usually 1..n, which an array answers; the rest go to a hash table.
 */
#ifndef CPPROF_BASE_IDMAP_H
#define CPPROF_BASE_IDMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct idmap {
    uint32_t *dense; /* index + 1, 0 for none */
    size_t dense_count;
    struct idmap_slot {
        uint64_t id;
        uint32_t index; /* index + 1, 0 for a free slot */
    } * slots;
    size_t slot_count, used;
};

/* For about EXPECTED ids. */
void idmap_init(struct idmap *m, size_t expected);
void idmap_release(struct idmap *m);

/* False if ID is there already. */
bool idmap_put(struct idmap *m, uint64_t id, uint32_t index);

uint32_t idmap_sparse(const struct idmap *m, uint64_t id);

/* The index of ID, or UINT32_MAX. */
static inline uint32_t idmap_get(const struct idmap *m, uint64_t id)
{
    return id < m->dense_count ? m->dense[id] - 1 : idmap_sparse(m, id);
}

#endif
