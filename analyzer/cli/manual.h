/* The manual page cpprof(1), from the command and option tables. */
#ifndef CPPROF_CLI_MANUAL_H
#define CPPROF_CLI_MANUAL_H

#include "analyzer/base/buf.h"

/* Adds the page to OUT, in the macros of man(7). */
void manual_write(struct buf *out);

#endif
