/* Address spaces: which file was mapped where in a process, at any time.
 *
 * A space is an immutable tree of ranges, named by its root: mapping something makes a new space
 * and leaves the old one as it was. So fork costs nothing, and a sample can remember the space it
 * was taken in while the process goes on. (As long as nobody has asked for that, by
 * perfdata_spaces_keep, trees are changed in place.)
 *
 *     uint32_t space = 0;                                      the empty one
 *     space = perfdata_spaces_map(&s, space, start, limit, map);
 *     uint32_t map = perfdata_spaces_find(&s, space, address);  of the last one that covers it
 *
 * Finding is safe from several threads at once while nobody maps.
 */
#ifndef CPPROF_PROFILE_PERFDATA_SPACES_H
#define CPPROF_PROFILE_PERFDATA_SPACES_H

#include <stddef.h>
#include <stdint.h>

struct perfdata_spaces {
    struct perfdata_range *ranges; /* nodes of all trees; [0] is none */
    size_t count, cap;
    size_t shared; /* those below may be part of more than one space */
    uint64_t random;
};

void perfdata_spaces_init(struct perfdata_spaces *s);
void perfdata_spaces_release(struct perfdata_spaces *s);

/* SPACE with addresses START to LIMIT, which is above it, showing MAP, a number of the caller's. */
uint32_t perfdata_spaces_map(struct perfdata_spaces *s, uint32_t space, uint64_t start,
                             uint64_t limit, uint32_t map);

/* What ADDRESS shows in SPACE, or UINT32_MAX. */
uint32_t perfdata_spaces_find(const struct perfdata_spaces *s, uint32_t space, uint64_t address);

/* All spaces there are stay as they are from now on. */
void perfdata_spaces_keep(struct perfdata_spaces *s);

#endif
