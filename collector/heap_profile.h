/* The heap profile, from start to file. */
#ifndef CPPROF_COLLECTOR_HEAP_PROFILE_H
#define CPPROF_COLLECTOR_HEAP_PROFILE_H

#include "collector/counted.h"

/* Its rate is in bytes. */
extern struct counted heap_profile;

#endif
