/* No profiler at all behind the names of cpprof.h: what the others are measured against. */
#include "cpprof.h"

int cpprof_cpu_start(const char *path, int hz)
{
    (void)path, (void)hz;
    return 0;
}

int cpprof_cpu_stop(void)
{
    return 0;
}

int cpprof_heap_start(int64_t rate)
{
    (void)rate;
    return 0;
}

int cpprof_block_start(int64_t rate)
{
    (void)rate;
    return 0;
}

int cpprof_mutex_start(int64_t rate)
{
    (void)rate;
    return 0;
}
