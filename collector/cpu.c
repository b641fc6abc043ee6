#include "collector/cpu.h"

#include "collector/builder.h"
#include "collector/clock.h"
#include "collector/forks.h"
#include "collector/housekeeper.h"
#include "collector/mappings.h"
#include "collector/modules.h"
#include "collector/quiet.h"
#include "collector/spool.h"
#include "collector/ticks.h"
#include "collector/writer.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

enum {
    DEFAULT_HZ = 100,
    MOST_HZ = 10000,
    SECOND = 1000000000,
};

/* Where the profile goes when it is finished. */
struct output {
    struct writer_file file; /* in the place of a path, or: */
    int fd;                  /* not -1: open already, and not ours to close */
};

static struct {
    pthread_mutex_t lock; /* start and stop exclude each other */
    pthread_mutex_t work; /* so do those who empty rings into the builder */
    bool running;
    struct output output; /* unless the spool is open */
    struct spool spool;   /* its builder is what samples go to */
    int64_t period;       /* nanoseconds */
    int64_t lost;
} state = {.lock = PTHREAD_MUTEX_INITIALIZER, .work = PTHREAD_MUTEX_INITIALIZER, .spool.fd = -1};

/* --- from the rings into the builder */

static void add_sample(const uintptr_t *head, const uintptr_t *pcs)
{
    struct cpprof_builder *b = state.spool.builder;
    struct labels *labels = (struct labels *)head[1];
    int64_t values[] = {(int64_t)head[0], (int64_t)head[0] * state.period};
    for (size_t i = 0; i < head[2]; i++)
        cpprof_builder_address(b, pcs[i] - 1);
    for (size_t i = 0; labels && i < labels->count; i++)
        cpprof_builder_label(b, labels->pair[i].key, labels->pair[i].value);
    cpprof_builder_sample(b, values);
    labels_drop(labels);
}

static void empty_ring(struct thread *t, void *unused)
{
    (void)unused;
    uintptr_t head[TICK_HEAD], pcs[THREAD_DEPTH];
    while (ring_take(&t->ring, head, TICK_HEAD) && ring_take(&t->ring, pcs, head[2]))
        add_sample(head, pcs);
    state.lost += atomic_exchange(&t->lost, 0);
}

static void thread_gone(struct thread *t)
{
    threads_disarm(t);
    empty_ring(t, NULL);
}

/* What could not be kept, as samples of a function of that name. */
static void add_lost(void)
{
    int64_t values[] = {state.lost, state.lost * state.period};
    if (state.lost) {
        cpprof_builder_frame(state.spool.builder, "cpprof: lost samples", "", 0);
        cpprof_builder_sample(state.spool.builder, values);
    }
    state.lost = 0;
}

/* With `work` held. */
static void gather(void)
{
    mappings_add(state.spool.builder, &state.spool.modules);
    threads_scan(thread_gone);
    ticks_arm_all();
    threads_each(empty_ring, NULL);
    add_lost();
}

static void find_sampled(struct thread *t, void *found)
{
    size_t waiting = atomic_load(&t->ring.written) - atomic_load(&t->ring.read);
    *(bool *)found |= waiting || atomic_load(&t->lost);
}

/* Most of the processes of a shell script end before their first sample: they should not pay for
 * the reading of unwind rules. */
static bool nothing_to_write(void)
{
    bool found = false;
    if (state.spool.modules)
        return false;
    threads_each(find_sampled, &found);
    return !found;
}

static void keep_house(void)
{
    int64_t time = clock_ns(CLOCK_MONOTONIC);
    quiet_lock(&state.work);
    gather();
    if (spool_is_due(&state.spool, time))
        spool_append(&state.spool, time);
    quiet_unlock(&state.work);
}

void cpu_open_spool(void)
{
    cpu_lock();
    spool_open(&state.spool);
    cpu_unlock();
}

void cpu_flush(void)
{
    if (!ticks_are_on() || !state.spool.path || nothing_to_write())
        return;
    modules_refresh(threads_read_modules);
    cpu_lock();
    gather();
    spool_append(&state.spool, clock_ns(CLOCK_MONOTONIC));
    cpu_unlock();
}

/* --- forks */

void cpu_lock_changes(void)
{
    quiet_lock(&state.lock);
}

void cpu_unlock_changes(void)
{
    quiet_unlock(&state.lock);
}

void cpu_lock(void)
{
    quiet_lock(&state.work);
}

void cpu_unlock(void)
{
    quiet_unlock(&state.work);
}

void cpu_in_child(void)
{
    if (!state.running)
        return;
    state.running = false;
    ticks_off();
    /* the parent goes on making its file, which is not ours to finish or remove */
    state.output = (struct output){.file.fd = -1, .fd = -1};
    spool_release(&state.spool);
}

/* --- start and stop; with the lock held */

static struct cpprof_builder *new_builder(void)
{
    struct cpprof_builder *b = cpprof_builder_new();
    if (!b)
        return NULL;
    cpprof_builder_type(b, "samples", "count");
    cpprof_builder_type(b, "cpu", "nanoseconds");
    cpprof_builder_period(b, "cpu", "nanoseconds", state.period);
    cpprof_builder_time(b, clock_ns(CLOCK_REALTIME), 0);
    return b;
}

/* OUTPUT, or PATH for a spool. */
static int start(int hz, const struct output *output, const char *path)
{
    state.period = SECOND / (hz ? hz : DEFAULT_HZ);
    state.lost = 0;
    threads_self();
    int error = forks_watch();
    if (!error)
        error = spool_init(&state.spool, path, new_builder());
    if (error)
        return error;
    if (output) {
        state.output = *output;
        error = modules_refresh(threads_read_modules);
    }
    if (!error)
        error = ticks_on(state.period);
    if (!error)
        error = housekeeper_add(keep_house);
    if (error) {
        ticks_off();
        spool_release(&state.spool);
    }
    state.running = !error;
    return error;
}

static int check(int hz)
{
    if (hz < 0 || hz > MOST_HZ)
        return EINVAL;
    return state.running ? EBUSY : 0;
}

int cpprof_cpu_start(const char *path, int hz)
{
    struct output output = {.fd = -1};
    int saved = errno;
    quiet_lock(&state.lock);
    int error = check(hz);
    if (!error)
        error = writer_open(&output.file, path);
    if (!error) {
        error = start(hz, &output, NULL);
        if (error)
            writer_close(&output.file, error);
    }
    quiet_unlock(&state.lock);
    errno = saved;
    return error;
}

int cpprof_cpu_start_fd(int fd, int hz)
{
    int saved = errno;
    quiet_lock(&state.lock);
    int error = fd < 0 ? EBADF : check(hz);
    if (!error)
        error = start(hz, &(struct output){.fd = fd}, NULL);
    quiet_unlock(&state.lock);
    errno = saved;
    return error;
}

int cpu_start_spool(const char *path, int hz)
{
    quiet_lock(&state.lock);
    int error = check(hz);
    if (!error)
        error = start(hz, NULL, path);
    quiet_unlock(&state.lock);
    return error;
}

/* Writes the profile to where it should go. */
static int finish(struct output *output)
{
    struct cpprof_builder *b = state.spool.builder;
    int64_t time = clock_ns(CLOCK_MONOTONIC);
    if (state.spool.path) {
        spool_append(&state.spool, time);
        return state.spool.error;
    }
    cpprof_builder_time(b, 0, time - state.spool.began);
    int error = cpprof_builder_write_fd(b, output->fd >= 0 ? output->fd : output->file.fd);
    return output->fd >= 0 ? error : writer_close(&output->file, error);
}

int cpprof_cpu_stop(void)
{
    int saved = errno, error = ENOENT;
    quiet_lock(&state.lock);
    if (state.running) {
        housekeeper_remove(keep_house);
        ticks_off();
        modules_refresh(threads_read_modules);
        cpu_lock();
        gather();
        cpu_unlock();
        error = finish(&state.output);
        spool_release(&state.spool);
        state.running = false;
    }
    quiet_unlock(&state.lock);
    errno = saved;
    return error;
}
