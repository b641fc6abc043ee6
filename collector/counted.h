/* Profiles that are counted as long as they are on, and can be written at any moment: heap, block,
 * mutex. (The CPU profile is made from start to stop.)
 *
 * A kind says what its samples are; everything else is the same for all of them.
 */
#ifndef CPPROF_COLLECTOR_COUNTED_H
#define CPPROF_COLLECTOR_COUNTED_H

#include "collector/spool.h"

#include <stdint.h>

struct counted {
    /* Begins with this rate, whose meaning is the kind's; 0 or an errno value. Ends, and forgets.
     */
    int (*on)(int64_t rate);
    void (*off)(void);
    bool (*is_on)(void);
    /* Declares the sample types and the period; adds the samples, with SINCE_LAST what has changed
     * since the last such call. */
    void (*add_types)(struct cpprof_builder *b);
    void (*add_samples)(struct cpprof_builder *b, bool since_last);

    /* from here on counted.c's */
    int64_t began;      /* nanoseconds since 1970 */
    struct spool spool; /* open while recording */
};

/* Begins; appends to the file SPOOL while it counts, or with NULL to none. 0 or an errno value. */
int counted_start(struct counted *c, int64_t rate, const char *spool);

/* Ends and forgets. ENOENT if it was off. */
int counted_stop(struct counted *c);

/* Has everything up to now written to the spool. */
void counted_flush(struct counted *c);

/* The profile as it is now, for the caller to write and free; NULL if there is no memory. */
struct cpprof_builder *counted_profile(struct counted *c);

/* Writes it to PATH. ENOENT if it is off, or what kept the file from being written. */
int counted_write(struct counted *c, const char *path);

/* Around fork: nobody starts or stops meanwhile; nobody is at work on any of them; in the child all
 * are off. */
void counted_lock_changes(void);
void counted_unlock_changes(void);
void counted_lock(void);
void counted_unlock(void);
void counted_in_child(void);

#endif
