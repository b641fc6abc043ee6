/* The code the kernel gives every process ("[vdso]", clock_gettime and its like), which is in no
 * file. Ours is the same as a profiled process's if the machine and its kernel are. */
#ifndef CPPROF_BINARY_VDSO_H
#define CPPROF_BINARY_VDSO_H

#include "analyzer/base/buf.h"

#include <stdbool.h>

/* Makes a file in memory of our own vdso and puts its name into PATH, good until *FD, which the
 * caller closes, is closed. False if there is none. */
bool vdso_file(struct buf *path, int *fd);

#endif
