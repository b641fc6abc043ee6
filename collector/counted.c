#include "collector/counted.h"

#include "collector/clock.h"
#include "collector/forks.h"
#include "collector/housekeeper.h"
#include "collector/kind_write.h"
#include "collector/mappings.h"
#include "collector/quiet.h"
#include "collector/threads.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

enum { SECOND = 1000000000, MOST = 8 };

static struct {
    pthread_mutex_t changes; /* start and stop exclude each other */
    pthread_mutex_t lock;    /* of what is on */
    struct counted *on[MOST];
    size_t count;
} state = {.changes = PTHREAD_MUTEX_INITIALIZER, .lock = PTHREAD_MUTEX_INITIALIZER};

/* --- with the lock held */

static struct cpprof_builder *new_builder(const struct counted *c)
{
    struct cpprof_builder *b = cpprof_builder_new();
    if (!b)
        return NULL;
    kind_add_types(b, c->shape, NULL);
    cpprof_builder_time(b, c->began, 0);
    return b;
}

static void append(struct counted *c, int64_t time)
{
    struct stackset news = {0};
    mappings_add(c->spool.builder, &c->spool.modules);
    c->take(&news, true);
    kind_add_rows(c->spool.builder, c->shape, &news);
    stackset_release(&news);
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

/* --- forks */

void counted_lock_changes(void)
{
    quiet_lock(&state.changes);
}

void counted_unlock_changes(void)
{
    quiet_unlock(&state.changes);
}

void counted_lock(void)
{
    quiet_lock(&state.lock);
}

void counted_unlock(void)
{
    quiet_unlock(&state.lock);
}

void counted_in_child(void)
{
    for (size_t i = 0; i < state.count; i++) {
        state.on[i]->off();
        spool_release(&state.on[i]->spool);
    }
    state.count = 0;
}

/* --- on and off */

/* With `changes` held, but not the lock: the housekeeper may be waiting for that. */
static int start(struct counted *c, int64_t rate, const char *spool)
{
    if (c->is_on())
        return EBUSY;
    if (state.count == MOST)
        return EAGAIN;
    int error = forks_watch();
    if (!error)
        error = c->on(rate);
    if (error)
        return error;
    c->began = clock_ns(CLOCK_REALTIME);
    c->spool = (struct spool){.fd = -1};
    if (spool)
        error = spool_init(&c->spool, spool, new_builder(c));
    /* needed without a spool as well: it keeps threads and modules known */
    if (!error && !state.count)
        error = housekeeper_add(keep_house);
    if (error) {
        c->off();
        spool_release(&c->spool);
        return error;
    }
    counted_lock();
    state.on[state.count++] = c;
    counted_unlock();
    return 0;
}

int counted_start(struct counted *c, int64_t rate, const char *spool)
{
    int saved = errno;
    /* at once, since the first events come at once */
    int error = modules_refresh(threads_read_modules);
    counted_lock_changes();
    if (!error)
        error = start(c, rate, spool);
    counted_unlock_changes();
    errno = saved;
    return error;
}

int counted_stop(struct counted *c)
{
    int saved = errno, error = ENOENT;
    bool last = false;
    counted_lock_changes();
    counted_lock();
    for (size_t i = 0; i < state.count; i++) {
        if (state.on[i] != c)
            continue;
        state.on[i] = state.on[--state.count];
        c->off();
        spool_release(&c->spool);
        last = !state.count;
        error = 0;
    }
    counted_unlock();
    if (last)
        housekeeper_remove(keep_house);
    counted_unlock_changes();
    errno = saved;
    return error;
}

void counted_open_spool(struct counted *c)
{
    counted_lock();
    spool_open(&c->spool);
    counted_unlock();
}

void counted_flush(struct counted *c)
{
    if (!c->is_on() || !c->spool.path)
        return;
    modules_refresh(threads_read_modules);
    quiet_lock(&state.lock);
    append(c, clock_ns(CLOCK_MONOTONIC));
    quiet_unlock(&state.lock);
}
