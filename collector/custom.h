/* Custom profiles: named sets of live keys, each counted at the stack that added it. */
#ifndef CPPROF_COLLECTOR_CUSTOM_H
#define CPPROF_COLLECTOR_CUSTOM_H

#include "collector/kinds.h"

/* NULL: there is none of that name. They live as long as the process. */
const struct cpprof_profile *custom_find(const char *name);

/* In the order in which they were made. */
void custom_each(void (*each)(void *context, const struct cpprof_profile *p), void *context);

/* Around fork: nobody is at work on any of them meanwhile. */
void custom_lock(void);
void custom_unlock(void);

#endif
