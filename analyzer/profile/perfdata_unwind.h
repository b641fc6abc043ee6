/* The samples of a perf.data file whose stacks have yet to be unwound: `perf record --call-graph
 * dwarf` keeps the user's registers and a copy of the top of the stack.
 *
 *     struct perfdata_unwind u;
 *     perfdata_unwind_init(&u, &file, &processes);
 *     perfdata_unwind_add(&u, at, event, labels, &process);     as they come
 *     perfdata_unwind_run(&u, notes, err);                      once no process changes any more
 *     for (i...) ... u.samples[i], whose addresses are u.addresses + first, count of them
 *     perfdata_unwind_release(&u);
 *
 * The work is done on all processors, in a child process: the binaries it reads may be hostile.
 */
#ifndef CPPROF_PROFILE_PERFDATA_UNWIND_H
#define CPPROF_PROFILE_PERFDATA_UNWIND_H

#include "analyzer/base/lines.h"
#include "analyzer/binary/unwind.h"
#include "analyzer/profile/perfdata_processes.h"
#include "analyzer/profile/perfdata_sample.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct perfdata_unwound {
    const uint8_t *at; /* the record */
    uint32_t event, labels;
    struct perfdata_process process; /* as it was then */
    size_t first;                    /* where its addresses begin; innermost first */
    uint32_t count;
    struct unwind_end end;
};

struct perfdata_unwind {
    const struct perfdata_file *file;
    struct perfdata_processes *processes;
    enum binary_machine machine; /* BINARY_OTHER: not one that can be unwound */
    struct perfdata_unwound *samples;
    size_t sample_count, sample_cap;
    uint64_t *addresses;
    size_t address_count;
};

void perfdata_unwind_init(struct perfdata_unwind *u, const struct perfdata_file *f,
                          struct perfdata_processes *ps);
void perfdata_unwind_release(struct perfdata_unwind *u);

/* Whether S has what it takes. */
bool perfdata_unwind_can(const struct perfdata_unwind *u, const struct perfdata_sample *s);

void perfdata_unwind_add(struct perfdata_unwind *u, const uint8_t *at, uint32_t event,
                         uint32_t labels, const struct perfdata_process *process);

/* Samples that cannot be unwound keep the one address that is in their registers, and NOTES says
 * how many ended too early, and why. -1 and ERR if the user interrupts. */
int perfdata_unwind_run(struct perfdata_unwind *u, struct lines *notes, struct error *err);

#endif
