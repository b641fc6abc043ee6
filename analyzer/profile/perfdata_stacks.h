/* The call chains of a perf.data file as stacks of the model.
 *
 * A chain's callers are return addresses, which belong to the instruction after the call; they are
 * moved back by one so that they lie in the call, as pprof has them. The first address of the
 * kernel's part and of the user's is the instruction itself.
 */
#ifndef CPPROF_PROFILE_PERFDATA_STACKS_H
#define CPPROF_PROFILE_PERFDATA_STACKS_H

#include "analyzer/profile/perfdata_processes.h"
#include "analyzer/profile/perfdata_sample.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct perfdata_stacks {
    struct perfdata_processes *processes; /* borrowed, and its profile, which gets the locations */
    struct idmap *locations;              /* by address: first those of no image, then per image */
    size_t locations_cap, locations_count;
    uint32_t *mappings; /* of the profile, per image; NO_INDEX until it is needed */
    size_t mappings_cap;
    struct perfdata_seen *seen; /* a cache of addresses */

    uint32_t *frames; /* the stack being put together, leaf first */
    size_t frame_count, frame_cap;
};

void perfdata_stacks_init(struct perfdata_stacks *st, struct perfdata_processes *ps);
void perfdata_stacks_release(struct perfdata_stacks *st);

/* Begins a stack with the chain of S, taken while its process was as PROCESS says. Without the
 * user's part if the caller has unwound that itself, */
void perfdata_stacks_begin(struct perfdata_stacks *st, const struct perfdata_sample *s,
                           const struct perfdata_process *process, bool without_user);

/* and adds it, an address that needs not be moved any more at a time. */
void perfdata_stacks_add_user(struct perfdata_stacks *st, const struct perfdata_process *process,
                              uint64_t address);

/* The stack in the profile. */
uint32_t perfdata_stacks_end(struct perfdata_stacks *st);

/* IMAGE as a mapping of the profile. */
uint32_t perfdata_stacks_mapping(struct perfdata_stacks *st, uint32_t image);

#endif
