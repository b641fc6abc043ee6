#include "collector/counted.h"

#include "collector/clock.h"
#include "collector/contention.h"
#include "collector/heap.h"
#include "collector/housekeeper.h"
#include "collector/mappings.h"
#include "collector/quiet.h"
#include "collector/threads.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

enum { SECOND = 1000000000, MOST = 8 };

static struct {
    pthread_mutex_t lock; /* of all kinds */
    struct counted *on[MOST];
    size_t count;
} state = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* --- with the lock held */

static struct cpprof_builder *new_builder(const struct counted *c)
{
    struct cpprof_builder *b = cpprof_builder_new();
    if (!b)
        return NULL;
    c->add_types(b);
    cpprof_builder_time(b, c->began, 0);
    return b;
}

static void append(struct counted *c, int64_t time)
{
    mappings_add(c->spool.builder, &c->spool.modules);
    c->add_samples(c->spool.builder, true);
    spool_append(&c->spool, time);
}

static void keep_house(void)
{
    int64_t time = clock_ns(CLOCK_MONOTONIC);
    quiet_lock(&state.lock);
    for (size_t i = 0; i < state.count; i++)
        if (spool_is_due(&state.on[i]->spool, time))
            append(state.on[i], time);
    quiet_unlock(&state.lock);
}

/* --- forks: the child begins anew */

static void fork_prepare(void)
{
    quiet_lock(&state.lock);
    heap_before_fork();
    contention_before_fork();
}

static void fork_parent(void)
{
    contention_after_fork();
    heap_after_fork();
    quiet_unlock(&state.lock);
}

static void fork_child(void)
{
    contention_after_fork();
    contention_in_child();
    heap_after_fork();
    pthread_mutex_init(&state.lock, NULL);
    for (size_t i = 0; i < state.count; i++) {
        state.on[i]->off();
        spool_close(&state.on[i]->spool);
    }
    state.count = 0;
    contention_resume();
    heap_resume();
}

static int watch_forks(void)
{
    static bool watched;
    int error = housekeeper_watch_forks();
    if (!error && !watched)
        error = pthread_atfork(fork_prepare, fork_parent, fork_child);
    watched = !error;
    return error;
}

/* --- on and off */

static int start(struct counted *c, int64_t rate, const char *spool)
{
    if (c->is_on())
        return EBUSY;
    if (state.count == MOST)
        return EAGAIN;
    int error = watch_forks();
    if (!error)
        error = c->on(rate);
    if (error)
        return error;
    c->began = clock_ns(CLOCK_REALTIME);
    c->spool = (struct spool){.fd = -1};
    if (spool)
        error = spool_open(&c->spool, spool, new_builder(c));
    /* needed without a spool as well: it keeps threads and modules known */
    if (!error && !state.count)
        error = housekeeper_add(keep_house);
    if (error) {
        c->off();
        spool_close(&c->spool);
        return error;
    }
    state.on[state.count++] = c;
    return 0;
}

int counted_start(struct counted *c, int64_t rate, const char *spool)
{
    int saved = errno;
    /* at once, since the first events come at once */
    int error = modules_refresh(threads_read_modules);
    quiet_lock(&state.lock);
    if (!error)
        error = start(c, rate, spool);
    quiet_unlock(&state.lock);
    errno = saved;
    return error;
}

int counted_stop(struct counted *c)
{
    int saved = errno, error = ENOENT;
    bool last = false;
    quiet_lock(&state.lock);
    for (size_t i = 0; i < state.count; i++) {
        if (state.on[i] != c)
            continue;
        state.on[i] = state.on[--state.count];
        c->off();
        spool_close(&c->spool);
        last = !state.count;
        error = 0;
    }
    quiet_unlock(&state.lock);
    if (last)
        housekeeper_remove(keep_house);
    errno = saved;
    return error;
}

void counted_flush(struct counted *c)
{
    if (!c->is_on() || c->spool.fd < 0)
        return;
    modules_refresh(threads_read_modules);
    quiet_lock(&state.lock);
    append(c, clock_ns(CLOCK_MONOTONIC));
    quiet_unlock(&state.lock);
}

struct cpprof_builder *counted_profile(struct counted *c)
{
    size_t known = 0;
    modules_refresh(threads_read_modules);
    quiet_lock(&state.lock);
    struct cpprof_builder *b = new_builder(c);
    if (b) {
        mappings_add(b, &known);
        c->add_samples(b, false);
    }
    quiet_unlock(&state.lock);
    return b;
}

int counted_write(struct counted *c, const char *path)
{
    int saved = errno, error = ENOENT;
    if (c->is_on()) {
        struct cpprof_builder *b = counted_profile(c);
        error = b ? cpprof_builder_write(b, path) : ENOMEM;
        cpprof_builder_free(b);
    }
    errno = saved;
    return error;
}
