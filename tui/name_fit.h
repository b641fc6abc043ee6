/* A function's name in the room there is: where it has to be cut, what tells it from others is
 * left. */
#ifndef CPPROF_TUI_NAME_FIT_H
#define CPPROF_TUI_NAME_FIT_H

#include "analyzer/base/buf.h"

/* Adds NAME, without the package or the namespaces before its own part if it takes more than COLS
 * columns. */
void name_fit(struct buf *out, struct str name, int cols);

#endif
