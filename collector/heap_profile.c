#include "collector/heap_profile.h"

#include "collector/cpprof.h"
#include "collector/heap.h"
#include "collector/housekeeper.h"
#include "collector/mappings.h"
#include "collector/spool.h"
#include "collector/threads.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

enum { SECOND = 1000000000 };

static struct {
    pthread_mutex_t lock; /* of all that is here */
    struct spool spool;
    int64_t began; /* nanoseconds since 1970 */
} state = {.lock = PTHREAD_MUTEX_INITIALIZER, .spool.fd = -1};

static int64_t now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * SECOND + t.tv_nsec;
}

static struct cpprof_builder *new_builder(void)
{
    struct cpprof_builder *b = cpprof_builder_new();
    if (!b)
        return NULL;
    heap_add_types(b);
    cpprof_builder_time(b, state.began, 0);
    return b;
}

/* With the lock held. */
static void append(int64_t time)
{
    mappings_add(state.spool.builder, &state.spool.modules);
    heap_add_samples(state.spool.builder, true);
    spool_append(&state.spool, time);
}

/* Keeps threads and modules known for as long as samples are taken. */
static void keep_house(void)
{
    int64_t time = now(CLOCK_MONOTONIC);
    pthread_mutex_lock(&state.lock);
    if (spool_is_due(&state.spool, time))
        append(time);
    pthread_mutex_unlock(&state.lock);
}

void heap_flush(void)
{
    heap_pause();
    pthread_mutex_lock(&state.lock);
    if (state.spool.fd >= 0) {
        modules_refresh(threads_read_modules);
        append(now(CLOCK_MONOTONIC));
    }
    pthread_mutex_unlock(&state.lock);
    heap_resume();
}

/* --- forks: the child's heap is a copy, and goes on being profiled as one's own */

static void fork_prepare(void)
{
    pthread_mutex_lock(&state.lock);
    heap_before_fork();
}

static void fork_parent(void)
{
    heap_after_fork();
    pthread_mutex_unlock(&state.lock);
}

static void fork_child(void)
{
    heap_after_fork();
    pthread_mutex_init(&state.lock, NULL);
    heap_off();
    spool_close(&state.spool);
}

/* With the lock held. */
static int start(int64_t rate)
{
    static bool watched;
    if (housekeeper_watch_forks() != 0)
        return ENOMEM;
    if (!watched && pthread_atfork(fork_prepare, fork_parent, fork_child) != 0)
        return ENOMEM;
    watched = true;
    state.began = now(CLOCK_REALTIME);
    int error = heap_on(rate);
    if (error)
        return error;
    error = housekeeper_add(keep_house);
    if (error)
        heap_off();
    return error;
}

int heap_start_spool(const char *path, int64_t rate)
{
    pthread_mutex_lock(&state.lock);
    int error = start(rate);
    if (!error)
        error = spool_open(&state.spool, path, new_builder());
    pthread_mutex_unlock(&state.lock);
    return error;
}

struct cpprof_builder *heap_profile(void)
{
    size_t known = 0;
    heap_pause();
    modules_refresh(threads_read_modules);
    struct cpprof_builder *b = new_builder();
    if (b) {
        mappings_add(b, &known);
        heap_add_samples(b, false);
    }
    heap_resume();
    return b;
}

int cpprof_heap_start(int64_t rate)
{
    int saved = errno, error = rate < 0 ? EINVAL : 0;
    pthread_mutex_lock(&state.lock);
    if (!error)
        error = modules_refresh(threads_read_modules);
    if (!error)
        error = start(rate ? rate : HEAP_RATE);
    pthread_mutex_unlock(&state.lock);
    errno = saved;
    return error;
}

int cpprof_heap_write(const char *path)
{
    int saved = errno, error = ENOENT;
    if (heap_is_on()) {
        struct cpprof_builder *b = heap_profile();
        error = b ? cpprof_builder_write(b, path) : ENOMEM;
        cpprof_builder_free(b);
    }
    errno = saved;
    return error;
}

int cpprof_heap_stop(void)
{
    int saved = errno, error = ENOENT;
    if (heap_is_on()) {
        housekeeper_remove(keep_house);
        pthread_mutex_lock(&state.lock);
        heap_off();
        spool_close(&state.spool);
        pthread_mutex_unlock(&state.lock);
        error = 0;
    }
    errno = saved;
    return error;
}
