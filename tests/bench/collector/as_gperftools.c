/* gperftools' CPU profiler behind the names of cpprof.h, so that one program can be linked with
 * either. It reads the rate from the environment before main: CPUPROFILE_FREQUENCY.
 */
#include "cpprof.h"

#include <errno.h>
#include <gperftools/profiler.h>

int cpprof_cpu_start(const char *path, int hz)
{
    (void)hz;
    return ProfilerStart(path) ? 0 : EAGAIN;
}

int cpprof_cpu_stop(void)
{
    ProfilerStop();
    return 0;
}

int cpprof_label_set(const char *key, const char *value)
{
    (void)key, (void)value;
    return 0;
}
