/* What the running kernel says about itself. */
#ifndef CPPROF_BINARY_KERNEL_H
#define CPPROF_BINARY_KERNEL_H

#include "analyzer/base/buf.h"

#include <stdbool.h>

/* Its build id in hexadecimal, from the ELF notes in /sys/kernel/notes. False if it does not say.
 */
bool kernel_build_id(struct buf *id);

#endif
