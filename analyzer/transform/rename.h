/* Function names as pprof shows them: demangled, or, if they come demangled already, simplified. */
#ifndef CPPROF_TRANSFORM_RENAME_H
#define CPPROF_TRANSFORM_RENAME_H

#include "analyzer/base/buf.h"
#include "analyzer/binary/demangle.h"
#include "analyzer/profile/profile.h"

#include <stdbool.h>

/* Adds the name that SYSTEM_NAME is shown as to OUT. */
void rename_add(struct buf *out, struct str system_name, enum demangle_mode mode);

/* Names every function of P that has not got a name other than its system name. FORCE: the others,
 * too. */
void rename_functions(struct profile *p, enum demangle_mode mode, bool force);

#endif
