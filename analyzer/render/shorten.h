/* Function names short enough for a picture. */
#ifndef CPPROF_RENDER_SHORTEN_H
#define CPPROF_RENDER_SHORTEN_H

#include "analyzer/base/buf.h"

/* Adds NAME without what stands before the part that tells it from others: the import path of a Go
 * function (and its major version), the package and arguments of a Java method, the namespaces of a
 * C++ method. Other names stay as they are. */
void shorten_name(struct buf *out, struct str name);

#endif
