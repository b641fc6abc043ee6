/* The programs and libraries loaded into this process, with their unwind rules.
 *
 * The list is a snapshot: built outside handlers, then never changed, and replaced as a whole when
 * libraries come and go. A signal handler pins the present one for as long as it walks a stack
 * (a hazard pointer), so an old one is freed only when nobody can be reading it.
 *
 *     modules_refresh();                              after start, dlopen, dlclose; takes a lock
 *     const struct modules *m = modules_pin(&slot);   async-signal-safe
 *     const struct module *at = modules_find(m, pc);
 *     modules_unpin(&slot);
 *
 * A module stays listed for writing profiles after it is gone, since samples may still name it.
 */
#ifndef CPPROF_COLLECTOR_MODULES_H
#define CPPROF_COLLECTOR_MODULES_H

#include "collector/cfi.h"

#include <stdatomic.h>

enum { BUILD_ID_LIMIT = 64 };

/* One executable segment, as a profile's mapping. */
struct module_segment {
    uintptr_t start, end;
    uint64_t offset; /* in the file */
};

struct module {
    uintptr_t start, end; /* of all its segments */
    uintptr_t base;       /* what its own addresses are relative to; rules count from `start` */
    struct cfi_table cfi;
    char *path;
    unsigned char build_id[BUILD_ID_LIMIT];
    size_t build_id_len;
    struct module_segment *segments; /* the executable ones */
    size_t segment_count;
    const void *headers; /* which, with the path and the build id, tell it from another one */
    unsigned users;      /* snapshots that hold it */
};

struct modules {
    uint64_t generation; /* another one for another list; caches go by it */
    size_t count;
    struct module **by_address;
    struct modules *next_retired;
};

/* A place where one thread says which snapshot it is reading. Zero at first; kept where
 * modules_set_readers' function looks. */
struct modules_pin {
    _Atomic(const struct modules *) reading;
};

/* Brings the list up to date if libraries were loaded or unloaded since, and frees old lists that
 * IN_USE denies. 0 or an errno value. Not for signal handlers: it takes the loader's lock. */
int modules_refresh(bool (*in_use)(const struct modules *m));

/* The present list, good until modules_unpin; NULL before the first refresh. Async-signal-safe. */
const struct modules *modules_pin(struct modules_pin *pin);
void modules_unpin(struct modules_pin *pin);

/* The module an address lies in, or NULL. Async-signal-safe. */
const struct module *modules_find(const struct modules *m, uintptr_t address);

/* Calls EACH, under a lock, for every module that is or was loaded since the first refresh, but for
 * the FIRST ones. Returns how many there are. */
size_t modules_each(size_t first, void (*each)(void *context, const struct module *module),
                    void *context);

/* Around fork: nobody is at work on the list meanwhile. */
void modules_lock(void);
void modules_unlock(void);

#endif
