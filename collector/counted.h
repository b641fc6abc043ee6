/* Profiles that are counted as long as they are on: heap, block, mutex. (The CPU profile is made
 * from start to stop.) What they have counted is a kind's business (kinds.h); here they are
 * switched on and off, and under `cpprof record` written to a file bit by bit.
 */
#ifndef CPPROF_COLLECTOR_COUNTED_H
#define CPPROF_COLLECTOR_COUNTED_H

#include "collector/kinds.h"
#include "collector/spool.h"

#include <stdint.h>

struct counted {
    /* Begins with this rate, whose meaning is the kind's; 0 or an errno value. Ends, and forgets.
     */
    int (*on)(int64_t rate);
    void (*off)(void);
    bool (*is_on)(void);
    /* Adds what there is to an empty set; with NEWS what has changed since the last such call, and
     * scaled. 0 or ENOMEM. Takes no lock that hooks take but for a moment, and no memory from
     * malloc meanwhile: its lock may be what a hook is in. */
    int (*take)(struct stackset *to, bool news);
    const struct kind_shape *shape; /* what the values are */

    /* from here on counted.c's */
    int64_t began;      /* nanoseconds since 1970 */
    struct spool spool; /* with a file while recording */
};

/* Begins; appends to the file SPOOL while it counts, or with NULL to none. 0 or an errno value. */
int counted_start(struct counted *c, int64_t rate, const char *spool);

/* Ends and forgets. ENOENT if it was off. */
int counted_stop(struct counted *c);

/* Opens the spool's file, has everything up to now written to it; both called by the housekeeper.
 */
void counted_open_spool(struct counted *c);
void counted_flush(struct counted *c);

/* Around fork: nobody starts or stops meanwhile; nobody is at work on any of them; in the child all
 * are off. */
void counted_lock_changes(void);
void counted_unlock_changes(void);
void counted_lock(void);
void counted_unlock(void);
void counted_in_child(void);

#endif
