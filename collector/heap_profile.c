#include "collector/heap_profile.h"

#include "collector/counted_kinds.h"
#include "collector/cpprof.h"
#include "collector/heap.h"

#include <errno.h>

struct counted heap_profile = {
    .on = heap_on,
    .off = heap_off,
    .is_on = heap_is_on,
    .take = heap_take,
    .shape = &kind_heap,
    .spool.fd = -1,
};

int cpprof_heap_start(int64_t rate)
{
    return rate < 0 ? EINVAL : counted_start(&heap_profile, rate ? rate : HEAP_RATE, NULL);
}

int cpprof_heap_write(const char *path)
{
    return cpprof_write("heap", path, 0);
}

int cpprof_heap_stop(void)
{
    return counted_stop(&heap_profile);
}
