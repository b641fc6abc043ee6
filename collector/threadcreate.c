#include "collector/threadcreate.h"

#include "collector/calls.h"
#include "collector/forks.h"
#include "collector/quiet.h"
#include "collector/threads.h"

#include <errno.h>
#include <pthread.h>

static struct {
    pthread_mutex_t lock;
    _Atomic bool on;
    struct stackset created;
} state = {.lock = PTHREAD_MUTEX_INITIALIZER};

void threadcreate_lock(void)
{
    quiet_lock(&state.lock);
}

void threadcreate_unlock(void)
{
    quiet_unlock(&state.lock);
}

int cpprof_threadcreate_start(void)
{
    int saved = errno, error = forks_watch();
    if (!error)
        error = modules_refresh(threads_read_modules);
    if (!error)
        atomic_store(&state.on, true);
    errno = saved;
    return error;
}

void threadcreate_note(const void *caller)
{
    uintptr_t pcs[CALLS_DEPTH];
    if (!atomic_load_explicit(&state.on, memory_order_relaxed))
        return;
    int saved = errno;
    size_t depth = calls_walk_fresh(caller, pcs);
    threadcreate_lock();
    uint32_t row = stackset_row(&state.created, pcs, depth, NULL, 0);
    if (row != INDEX_NONE)
        state.created.rows[row].values[0]++;
    threadcreate_unlock();
    errno = saved;
}

int threadcreate_take(const struct cpprof_profile *p, struct stackset *to)
{
    (void)p;
    if (!atomic_load(&state.on))
        return ENOENT;
    threadcreate_lock();
    int error = stackset_add(to, &state.created, 1);
    threadcreate_unlock();
    return error;
}
