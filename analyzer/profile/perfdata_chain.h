/* What the kernel found of a user's stack by frame pointers, for samples that have a copy of it as
 * well: where unwinding the copy ends early, this may go on.
 */
#ifndef CPPROF_PROFILE_PERFDATA_CHAIN_H
#define CPPROF_PROFILE_PERFDATA_CHAIN_H

#include "analyzer/profile/perfdata_sample.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The interrupted instruction, and return addresses; code without frame pointers is not in it. */
struct perfdata_chain {
    const uint8_t *entries; /* of the record, unaligned */
    size_t count;
};

struct perfdata_chain perfdata_chain_of(const struct perfdata_sample *s);

static inline uint64_t perfdata_chain_entry(const struct perfdata_chain *chain, size_t i)
{
    uint64_t address;
    memcpy(&address, chain->entries + i * sizeof address, sizeof address);
    return address;
}

/* Which entry comes after ADDRESSES, the COUNT innermost frames as unwind() gives them: callers'
 * moved back by one. chain->count if the chain does not come by the last of them. */
size_t perfdata_chain_behind(const struct perfdata_chain *chain, const uint64_t *addresses,
                             size_t count);

#endif
