/* A hash table from two 32-bit numbers to a third.
 *
 * Start from `struct pairmap m = {0};`, end with pairmap_release.
 */
#ifndef CPPROF_BASE_PAIRMAP_H
#define CPPROF_BASE_PAIRMAP_H

#include <stddef.h>
#include <stdint.h>

struct pairmap {
    struct pairmap_slot {
        uint32_t a, b;
        uint32_t value; /* plus one; 0: the slot is free */
    } * slots;
    size_t slot_count, used;
};

void pairmap_release(struct pairmap *m);

/* The slot of (A, B). If it is free the caller must fill it in with pairmap_set at once. */
struct pairmap_slot *pairmap_slot(struct pairmap *m, uint32_t a, uint32_t b);
void pairmap_set(struct pairmap *m, struct pairmap_slot *slot, uint32_t a, uint32_t b,
                 uint32_t value);

/* The value of (A, B), or UINT32_MAX. */
uint32_t pairmap_get(const struct pairmap *m, uint32_t a, uint32_t b);

#endif
