#include "collector/http.h"

#include "collector/clock.h"
#include "collector/contention.h"
#include "collector/forks.h"
#include "collector/heap.h"
#include "collector/hooks.h"
#include "collector/http_address.h"
#include "collector/http_library.h"
#include "collector/http_requests.h"
#include "collector/quiet.h"
#include "collector/threads.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

static struct {
    pthread_mutex_t lock;      /* start and stop exclude each other */
    struct MHD_Daemon *daemon; /* NULL: no server */
    bool heap;                 /* sampling was begun by us */
    pthread_t thread;
    int listen_fd, epoll_fd, wake_fd;
    int port;
    struct http_requests requests; /* the thread's */
} state = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* --- the thread */

/* Milliseconds until the library or a page has something to do. */
static int time_left(void)
{
    enum { MOST_MS = 60000 };
    MHD_UNSIGNED_LONG_LONG library;
    int64_t now = clock_ns(CLOCK_MONOTONIC), due = http_requests_due(&state.requests);
    int64_t left = due > now ? (due - now) / 1000000 + 1 : 0;
    if (left > MOST_MS)
        left = MOST_MS;
    if (state.requests.mhd->get_timeout(state.daemon, &library) == MHD_YES &&
        library < (unsigned)left)
        left = (int64_t)library;
    return (int)left;
}

/* Sleeps until something is to be done. Clients that have hung up have it done at once. */
static void wait_for_work(void)
{
    enum { WAKE, NETWORK, CLIENTS };
    struct pollfd fds[CLIENTS + HTTP_MOST_CONNECTIONS] = {{.fd = state.wake_fd, .events = POLLIN},
                                                          {.fd = state.epoll_fd, .events = POLLIN}};
    nfds_t clients = http_requests_watch(&state.requests, fds + CLIENTS);
    if (poll(fds, CLIENTS + clients, time_left()) > 0)
        http_requests_watched(&state.requests, fds + CLIENTS, clients);
}

static void *run(void *unused)
{
    (void)unused;
    threads_mark_ours();
    quiet_begin();
    while (!atomic_load(&state.requests.stop)) {
        state.requests.mhd->run(state.daemon);
        wait_for_work();
        http_requests_finish(&state.requests, clock_ns(CLOCK_MONOTONIC));
    }
    http_requests_give_up(&state.requests);
    state.requests.mhd->run(state.daemon);
    return NULL;
}

/* --- start and stop; with the lock held */

static int start_daemon(void)
{
    state.daemon = http_requests_daemon(&state.requests, state.listen_fd);
    if (!state.daemon)
        return EAGAIN;
    const union MHD_DaemonInfo *info =
        state.requests.mhd->get_daemon_info(state.daemon, MHD_DAEMON_INFO_EPOLL_FD);
    state.epoll_fd = info ? info->epoll_fd : -1;
    return 0;
}

static void stop_daemon(void)
{
    if (state.daemon)
        state.requests.mhd->stop_daemon(state.daemon); /* closes the socket */
    else
        close(state.listen_fd);
    state.daemon = NULL;
}

static int start_thread(void)
{
    atomic_store(&state.requests.stop, false);
    return hooks_create_own(&state.thread, run);
}

static int start(const char *address)
{
    int error = http_listen(address, &state.listen_fd, &state.port, &state.requests.local);
    if (error)
        return error;
    state.wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    error = state.wake_fd < 0 ? errno : start_daemon();
    if (!error)
        error = start_thread();
    if (error) {
        stop_daemon();
        if (state.wake_fd >= 0)
            close(state.wake_fd);
    }
    return error;
}

int cpprof_http_start(const char *address)
{
    int saved = errno, error = forks_watch();
    quiet_lock(&state.lock);
    if (!error && !address)
        error = EINVAL;
    if (!error && state.daemon)
        error = EBUSY;
    if (!error && !(state.requests.mhd = http_library_load()))
        error = ELIBACC;
    if (!error)
        error = cpprof_threadcreate_start();
    if (!error)
        error = start(address);
    /* scrapers expect a heap profile; the program may have begun its own */
    if (!error)
        state.heap = cpprof_heap_start(0) == 0;
    quiet_unlock(&state.lock);
    errno = saved;
    return error;
}

int cpprof_http_port(void)
{
    quiet_lock(&state.lock);
    int port = state.daemon ? state.port : 0;
    quiet_unlock(&state.lock);
    return port;
}

int cpprof_http_stop(void)
{
    int saved = errno, error = ENOENT;
    quiet_lock(&state.lock);
    if (state.daemon) {
        atomic_store(&state.requests.stop, true);
        eventfd_write(state.wake_fd, 1);
        pthread_join(state.thread, NULL);
        stop_daemon();
        close(state.wake_fd);
        if (state.heap)
            cpprof_heap_stop();
        state.heap = false;
        error = 0;
    }
    quiet_unlock(&state.lock);
    errno = saved;
    return error;
}

void http_in_child(void)
{
    pthread_mutex_init(&state.lock, NULL);
    if (!state.daemon)
        return;
    /* The library's own state may be in the middle of anything: left alone. */
    close(state.listen_fd);
    close(state.epoll_fd);
    close(state.wake_fd);
    state.daemon = NULL;
    state.requests.waiting = NULL;
}
