/* The processes of a perf.data file as they are at a point of time: what is mapped in them, and
 * what their threads are called.
 *
 * perfdata_processes_apply takes the records in order of time. What a process has mapped is an
 * `image` (a part of a file, the same one in all processes that map it, wherever they do) at a
 * `place` (where this process does). Addresses are moved to where the first process had the image,
 * so that an instruction has one address, however many processes run it.
 */
#ifndef CPPROF_PROFILE_PERFDATA_PROCESSES_H
#define CPPROF_PROFILE_PERFDATA_PROCESSES_H

#include "analyzer/base/idmap.h"
#include "analyzer/profile/perfdata_file.h"
#include "analyzer/profile/perfdata_spaces.h"
#include "analyzer/profile/profile.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct perfdata_image {
    uint64_t start, limit, offset; /* where it was mapped first, and from where in the file */
    strid file, build_id;
};

struct perfdata_place {
    uint64_t start;
    uint32_t image;
};

struct perfdata_process {
    uint32_t space;
    uint32_t space_before; /* the last program's: until the new one runs, addresses are its */
    uint32_t version;      /* another one whenever what is mapped changes */
    uint32_t main_image;   /* the program's: what was mapped first; or NO_INDEX */
};

struct perfdata_thread {
    strid comm;      /* its name; 0 if not known */
    uint32_t labels; /* the caller's, for pid and cpu as below; NO_INDEX when comm has changed */
    uint32_t labels_pid, labels_cpu;
};

struct perfdata_processes {
    struct profile *p; /* whose strings these are; borrowed */
    struct perfdata_spaces spaces;
    struct perfdata_image *images;
    size_t image_count, image_cap;
    struct perfdata_place *places; /* what the spaces' numbers mean */
    size_t place_count, place_cap;
    struct strtab image_keys; /* what makes images equal; its ids are their indices plus one */

    struct perfdata_process *processes;
    size_t process_count, process_cap;
    struct idmap by_pid;
    struct perfdata_thread *threads;
    size_t thread_count, thread_cap;
    struct idmap by_tid;
    uint32_t versions;

    struct perfdata_process kernel;
    struct idmap build_ids; /* of files, by strid: the strid of the id in hexadecimal */
};

void perfdata_processes_init(struct perfdata_processes *ps, struct profile *p,
                             const struct perfdata_file *f);
void perfdata_processes_release(struct perfdata_processes *ps);

/* Takes one record that is no sample. -1 and ERR if it is shorter than its fields, or there are too
 * many to hold. */
int perfdata_processes_apply(struct perfdata_processes *ps, const uint8_t *at, struct error *err);

/* The index of the place that ADDRESS of PROCESS is in, or NO_INDEX. */
uint32_t perfdata_process_find(const struct perfdata_processes *ps,
                               const struct perfdata_process *process, uint64_t address);

/* Both are made if they are not known yet. Good until the next call of any of these. */
struct perfdata_process *perfdata_process_get(struct perfdata_processes *ps, uint32_t pid);
struct perfdata_thread *perfdata_thread_get(struct perfdata_processes *ps, uint32_t tid);

#endif
