#include "collector/trace.h"

#include "collector/clock.h"
#include "collector/contention.h"
#include "collector/cpprof.h"
#include "collector/forks.h"
#include "collector/hooks.h"
#include "collector/quiet.h"
#include "collector/threads.h"
#include "collector/trace_text.h"
#include "collector/writer.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
    PAUSE_MS = 20, /* a thousand switches of a thread must not come in less */
    SCANS = 5,     /* pauses from one look for new threads to the next */
};

static struct {
    pthread_mutex_t lock; /* start and stop exclude each other */
    pthread_mutex_t work; /* so do those who write */
    bool running;
    struct writer_file file; /* unless the descriptor is somebody else's */
    bool own_file;
    struct trace_text *text;
    int64_t lost;
    pthread_t thread;
    _Atomic bool stop;
    int wake_fd;
} state = {.lock = PTHREAD_MUTEX_INITIALIZER, .work = PTHREAD_MUTEX_INITIALIZER, .wake_fd = -1};

/* --- the thread */

static void gather(bool scan)
{
    quiet_lock(&state.work);
    if (scan) {
        sched_scan(trace_text_slice, state.text);
        trace_events_forget_ended();
    }
    sched_take(trace_text_slice, state.text);
    trace_events_take(trace_text_event, state.text);
    trace_text_settle(state.text);
    state.lost += trace_events_lost();
    quiet_unlock(&state.work);
}

static void *run(void *unused)
{
    eventfd_t woken;
    (void)unused;
    quiet_begin();
    threads_mark_ours();
    for (unsigned round = 1; !atomic_load(&state.stop); round++) {
        struct pollfd wake = {.fd = state.wake_fd, .events = POLLIN};
        if (poll(&wake, 1, PAUSE_MS) > 0)
            eventfd_read(state.wake_fd, &woken);
        gather(round % SCANS == 0);
    }
    return NULL;
}

/* --- start and stop; with the lock held */

static int start_thread(void)
{
    atomic_store(&state.stop, false);
    return hooks_create_own(&state.thread, run);
}

static void close_wake(void)
{
    if (state.wake_fd >= 0)
        close(state.wake_fd);
    state.wake_fd = -1;
}

static void ignore_slice(void *unused, const struct sched_slice *slice)
{
    (void)unused;
    (void)slice;
}

static void end_events(void)
{
    contention_trace(false);
    trace_events_off();
}

static int start(int fd, bool gzip)
{
    int error = forks_watch();
    if (error)
        return error;
    state.lost = 0;
    state.text = trace_text_new(fd, gzip, clock_ns(CLOCK_MONOTONIC));
    if (!state.text)
        return ENOMEM;
    state.wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (state.wake_fd < 0)
        error = errno;
    if (!error) {
        sched_begin();
        sched_scan(trace_text_slice, state.text);
        trace_events_on(state.wake_fd);
        contention_trace(true);
        error = start_thread();
    }
    if (error) {
        end_events();
        sched_end(ignore_slice, NULL);
        trace_text_free(state.text);
        state.text = NULL;
        close_wake();
    }
    state.running = !error;
    return error;
}

static int start_locked(int fd, bool gzip)
{
    int saved = errno;
    quiet_lock(&state.lock);
    int error = fd < 0 ? EBADF : state.running ? EBUSY : start(fd, gzip);
    if (!error)
        state.own_file = false;
    quiet_unlock(&state.lock);
    errno = saved;
    return error;
}

int cpprof_trace_start_fd(int fd)
{
    return start_locked(fd, false);
}

int trace_start_gzip(int fd)
{
    return start_locked(fd, true);
}

int cpprof_trace_start(const char *path)
{
    size_t len = path ? strlen(path) : 0;
    bool gzip = len > 3 && strcmp(path + len - 3, ".gz") == 0;
    struct writer_file file;
    int saved = errno;
    quiet_lock(&state.lock);
    int error = state.running ? EBUSY : writer_open(&file, path);
    if (!error) {
        error = start(file.fd, gzip);
        if (error)
            writer_close(&file, error);
    }
    if (!error) {
        state.file = file;
        state.own_file = true;
    }
    quiet_unlock(&state.lock);
    errno = saved;
    return error;
}

static int stop(void)
{
    end_events();
    atomic_store(&state.stop, true);
    eventfd_write(state.wake_fd, 1);
    pthread_join(state.thread, NULL);
    close_wake();
    gather(true);
    gather(false); /* what has found its beginning only now */
    int64_t now = clock_ns(CLOCK_MONOTONIC);
    struct sched_outcome outcome = sched_end(trace_text_slice, state.text);
    int error = trace_text_end(state.text, now, &outcome, state.lost);
    state.text = NULL;
    state.running = false;
    return state.own_file ? writer_close(&state.file, error) : error;
}

int cpprof_trace_stop(void)
{
    int saved = errno;
    quiet_lock(&state.lock);
    int error = state.running ? stop() : ENOENT;
    quiet_unlock(&state.lock);
    errno = saved;
    return error;
}

void trace_thread_began(void)
{
    if (cpprof_trace_is_on())
        sched_add_self();
}

/* --- forks */

void trace_lock_changes(void)
{
    quiet_lock(&state.lock);
}

void trace_unlock_changes(void)
{
    quiet_unlock(&state.lock);
}

void trace_lock(void)
{
    quiet_lock(&state.work);
    sched_lock();
}

void trace_unlock(void)
{
    sched_unlock();
    quiet_unlock(&state.work);
}

void trace_in_child(void)
{
    trace_events_in_child();
    sched_in_child();
    if (!state.running)
        return;
    /* the parent goes on making its file, which is not ours to finish or remove */
    if (state.own_file) {
        close(state.file.fd);
        free(state.file.path);
        free(state.file.temporary);
    }
    close_wake();
    contention_trace(false);
    trace_text_free(state.text);
    state.text = NULL;
    state.running = false;
}
