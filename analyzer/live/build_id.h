/* The build id of what a running process has mapped, from its memory: the file may be another one
 * by now, or gone.
 */
#ifndef CPPROF_LIVE_BUILD_ID_H
#define CPPROF_LIVE_BUILD_ID_H

#include "analyzer/live/procfs.h"

enum { BUILD_ID_MOST = 20 };

/* The build id of the file that map number INDEX shows; how many bytes it has, 0 if it has none or
 * it is not to be had. Where the memory may not be read (ptrace's rules), the file is. */
size_t build_id_read(const struct procfs_maps *maps, size_t index, pid_t pid,
                     unsigned char id[BUILD_ID_MOST]);

#endif
