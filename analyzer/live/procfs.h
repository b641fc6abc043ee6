/* What /proc says about a running process: its memory, its threads, their names.
 *
 *     struct procfs_maps maps;
 *     if (procfs_maps_read(&maps, pid, err))
 *         return -1;
 *     for (i...) ... maps.items[i]
 *     procfs_maps_release(&maps);
 *
 * A process may end at any moment: what is gone then is an error of its own, or an empty answer.
 */
#ifndef CPPROF_LIVE_PROCFS_H
#define CPPROF_LIVE_PROCFS_H

#include "analyzer/base/arena.h"
#include "analyzer/base/buf.h"
#include "analyzer/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* One line of /proc/PID/maps. */
struct procfs_map {
    uint64_t start, limit, offset;
    unsigned major, minor; /* of the device */
    uint64_t inode;
    bool executable;
    const char *file; /* "[vdso]" and the like, too; "" if it has none */
};

struct procfs_maps {
    struct procfs_map *items; /* by address */
    size_t count, cap;
    struct arena names;
};

struct procfs_ids {
    pid_t *items;
    size_t count, cap;
};

/* -1 and ERR if there is no such process, it may not be read, or it has no memory. */
int procfs_maps_read(struct procfs_maps *m, pid_t pid, struct error *err);
void procfs_maps_release(struct procfs_maps *m);

/* The map that ADDRESS is in, or NULL. */
const struct procfs_map *procfs_maps_find(const struct procfs_maps *m, uint64_t address);

/* Adds the threads of PID that are not in IDS yet; none if it is gone. */
void procfs_add_threads(struct procfs_ids *ids, pid_t pid);
void procfs_ids_release(struct procfs_ids *ids);

/* Adds the name of a thread to OUT. */
void procfs_add_comm(struct buf *out, pid_t pid, pid_t tid);

/* Whether thread TID of PID has ended and only its number is left. */
bool procfs_has_ended(pid_t pid, pid_t tid);

/* Whether PID is a process whose program can be looked at: it is there, no zombie, no thread of the
 * kernel's and not only a thread of a process. -1 and ERR if it is not. */
int procfs_check(pid_t pid, struct error *err);

/* Who it runs as; -1 if that is not to be had. */
uid_t procfs_owner(pid_t pid);

#endif
