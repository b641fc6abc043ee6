#include "analyzer/profile/perfdata_chain.h"

#include <linux/perf_event.h>

struct perfdata_chain perfdata_chain_of(const struct perfdata_sample *s)
{
    struct perfdata_chain all = {s->chain, s->chain_count}, found = {NULL, 0};
    for (size_t i = 0; i < all.count; i++) {
        uint64_t entry = perfdata_chain_entry(&all, i);
        if (entry == (uint64_t)PERF_CONTEXT_USER)
            found = (struct perfdata_chain){all.entries + (i + 1) * sizeof entry, 0};
        else if (entry >= (uint64_t)PERF_CONTEXT_MAX && found.entries)
            break;
        else
            found.count += found.entries != NULL;
    }
    return found;
}

/* The chain lacks frames but has no other ones, so each entry is the next frame that it can be. */
size_t perfdata_chain_behind(const struct perfdata_chain *chain, const uint64_t *addresses,
                             size_t count)
{
    size_t frame = 0;
    for (size_t i = 0; i < chain->count; i++) {
        uint64_t address = perfdata_chain_entry(chain, i) - (i > 0);
        while (frame < count && addresses[frame] != address)
            frame++;
        if (frame == count)
            break;
        if (++frame == count)
            return i + 1;
    }
    return chain->count;
}
