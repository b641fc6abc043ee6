#include "collector/http.h"

#include "collector/contention.h"
#include "collector/forks.h"
#include "collector/heap.h"
#include "collector/hooks.h"
#include "collector/http_address.h"
#include "collector/http_library.h"
#include "collector/pages.h"
#include "collector/quiet.h"
#include "collector/threads.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum {
    MOST_CONNECTIONS = 64,
    MOST_POSTED = 1 << 20, /* bytes */
    IDLE_SECONDS = 60,
    FORBIDDEN = 403,
    NOT_ALLOWED = 405,
    TOO_LARGE = 413,
    UNAVAILABLE = 503,
};

#define STOPPING "The server is being stopped\n"

struct request {
    struct request *next; /* of those that wait */
    struct MHD_Connection *connection;
    char *query; /* as it was sent */
    char *body;
    size_t body_len;
    bool seen; /* its headers were */
    bool begun, waits, too_large;
    struct page page;
};

static struct {
    pthread_mutex_t lock; /* start and stop exclude each other */
    const struct http_library *mhd;
    struct MHD_Daemon *daemon; /* NULL: no server */
    bool heap;                 /* sampling was begun by us */
    pthread_t thread;
    int listen_fd, epoll_fd, wake_fd;
    int port;
    bool local; /* bound to a loopback address */
    _Atomic bool stop;
    struct request *waiting; /* the thread's */
} state = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* --- requests; all in the thread */

static void *begin_request(void *unused, const char *uri, struct MHD_Connection *connection)
{
    (void)unused;
    struct request *r = calloc(1, sizeof *r);
    const char *query = strchr(uri, '?');
    if (!r)
        return NULL;
    r->connection = connection;
    r->query = strdup(query ? query + 1 : "");
    r->page.cpu_fd = r->page.trace_fd = -1;
    return r;
}

static void forget_waiting(struct request *r)
{
    struct request **at = &state.waiting;
    while (*at && *at != r)
        at = &(*at)->next;
    if (*at)
        *at = r->next;
    r->waits = false;
}

static void end_request(void *unused, struct MHD_Connection *connection, void **context,
                        enum MHD_RequestTerminationCode why)
{
    struct request *r = *context;
    (void)unused;
    (void)connection;
    (void)why;
    if (!r)
        return;
    forget_waiting(r);
    page_release(&r->page);
    free(r->query);
    free(r->body);
    free(r);
    *context = NULL;
}

static enum MHD_Result send_page(struct request *r)
{
    const struct http_library *mhd = state.mhd;
    struct page *page = &r->page;
    char disposition[128];
    struct MHD_Response *response =
        mhd->create_response_from_buffer(page->len, page->text, MHD_RESPMEM_MUST_FREE);
    if (!response)
        return MHD_NO;
    page->text = NULL;
    mhd->add_response_header(response, "X-Content-Type-Options", "nosniff");
    mhd->add_response_header(response, "Content-Type", page->type);
    mhd->add_response_header(response, "Cache-Control", "no-store");
    if (page->failed)
        mhd->add_response_header(response, "X-Go-Pprof", "1");
    if (page->location[0])
        mhd->add_response_header(response, "Location", page->location);
    if (page->file[0]) {
        snprintf(disposition, sizeof disposition, "attachment; filename=\"%s\"", page->file);
        mhd->add_response_header(response, "Content-Disposition", disposition);
    }
    enum MHD_Result result = mhd->queue_response(r->connection, page->status, response);
    mhd->destroy_response(response);
    return result;
}

static void collect_body(struct request *r, const char *data, size_t len)
{
    char *grown = len <= MOST_POSTED - r->body_len ? realloc(r->body, r->body_len + len + 1) : NULL;
    if (!grown) {
        r->too_large = true;
        return;
    }
    memcpy(grown + r->body_len, data, len);
    r->body = grown;
    r->body_len += len;
    r->body[r->body_len] = '\0';
}

static void begin_page(struct request *r, const char *path, const char *method)
{
    const char *host = state.mhd->lookup_connection_value(r->connection, MHD_HEADER_KIND, "Host");
    bool known = !strcmp(method, "GET") || !strcmp(method, "HEAD") || !strcmp(method, "POST");
    r->begun = true;
    if (atomic_load(&state.stop)) /* nothing may be put aside any more */
        page_fail(&r->page, UNAVAILABLE, STOPPING);
    else if (state.local && !page_host_is_local(host))
        page_fail(&r->page, FORBIDDEN, "This server answers requests for localhost only\n");
    else if (!known)
        page_fail(&r->page, NOT_ALLOWED, "GET and POST are what this server knows\n");
    else if (r->too_large)
        page_fail(&r->page, TOO_LARGE, "That is too much at a time\n");
    else
        page_begin(&r->page, path, r->query ? r->query : "", r->body ? r->body : "");
}

static enum MHD_Result answer(void *unused, struct MHD_Connection *connection, const char *path,
                              const char *method, const char *version, const char *data,
                              size_t *len, void **context)
{
    struct request *r = *context;
    (void)unused;
    (void)version;
    if (!r)
        return MHD_NO;
    if (!r->seen) {
        r->seen = true;
        return MHD_YES;
    }
    if (*len) {
        collect_body(r, data, *len);
        *len = 0;
        return MHD_YES;
    }
    if (!r->begun)
        begin_page(r, path, method);
    if (!r->page.due)
        return send_page(r);
    r->waits = true;
    r->next = state.waiting;
    state.waiting = r;
    state.mhd->suspend_connection(connection);
    return MHD_YES;
}

/* --- the thread */

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* Milliseconds until the library or a page has something to do; -1: never. */
static int time_left(void)
{
    MHD_UNSIGNED_LONG_LONG library;
    int64_t left = -1;
    if (state.mhd->get_timeout(state.daemon, &library) == MHD_YES)
        left = library < 60000 ? (int64_t)library : 60000;
    for (struct request *r = state.waiting; r; r = r->next) {
        int64_t until = (r->page.due - now()) / 1000000 + 1;
        if (until < 0)
            until = 0;
        if (left < 0 || until < left)
            left = until;
    }
    return left > 60000 ? 60000 : (int)left;
}

static int socket_of(struct request *r)
{
    const union MHD_ConnectionInfo *info =
        state.mhd->get_connection_info(r->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

/* Sleeps until something is to be done. Clients that have hung up have it done at once. */
static void wait_for_work(void)
{
    enum { WAKE, NETWORK, CLIENTS };
    struct pollfd fds[CLIENTS + MOST_CONNECTIONS] = {{.fd = state.wake_fd, .events = POLLIN},
                                                     {.fd = state.epoll_fd, .events = POLLIN}};
    nfds_t count = CLIENTS;
    for (struct request *r = state.waiting; r && count < CLIENTS + MOST_CONNECTIONS; r = r->next)
        fds[count++] = (struct pollfd){.fd = socket_of(r), .events = POLLRDHUP};
    if (poll(fds, count, time_left()) <= 0)
        return;
    nfds_t at = CLIENTS;
    for (struct request *r = state.waiting; r && at < count; r = r->next)
        if (fds[at++].revents)
            r->page.due = 1;
}

static void finish_due(int64_t time)
{
    for (struct request *r = state.waiting, *next; r; r = next) {
        next = r->next;
        if (r->page.due > time)
            continue;
        forget_waiting(r);
        page_finish(&r->page);
        state.mhd->resume_connection(r->connection);
    }
}

/* The library must not be ended while connections are put aside. */
static void give_up_waiting(void)
{
    while (state.waiting) {
        struct request *r = state.waiting;
        forget_waiting(r);
        page_release(&r->page);
        page_fail(&r->page, UNAVAILABLE, STOPPING);
        state.mhd->resume_connection(r->connection);
    }
    state.mhd->run(state.daemon);
}

static void *run(void *unused)
{
    (void)unused;
    threads_mark_ours();
    heap_pause();
    contention_pause();
    while (!atomic_load(&state.stop)) {
        state.mhd->run(state.daemon);
        wait_for_work();
        finish_due(now());
    }
    give_up_waiting();
    return NULL;
}

/* --- start and stop; with the lock held */

static int start_daemon(void)
{
    state.daemon = state.mhd->start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, answer, NULL,
        MHD_OPTION_LISTEN_SOCKET, state.listen_fd, MHD_OPTION_URI_LOG_CALLBACK, begin_request, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, end_request, NULL, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)MOST_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
        MHD_OPTION_END);
    if (!state.daemon)
        return EAGAIN;
    const union MHD_DaemonInfo *info =
        state.mhd->get_daemon_info(state.daemon, MHD_DAEMON_INFO_EPOLL_FD);
    state.epoll_fd = info ? info->epoll_fd : -1;
    return 0;
}

static void stop_daemon(void)
{
    if (state.daemon)
        state.mhd->stop_daemon(state.daemon); /* closes the socket */
    else
        close(state.listen_fd);
    state.daemon = NULL;
}

static int start_thread(void)
{
    sigset_t all, old;
    atomic_store(&state.stop, false);
    sigfillset(&all);
    hooks_real_sigmask(SIG_SETMASK, &all, &old);
    int error = hooks_real_pthread_create(&state.thread, NULL, run, NULL);
    hooks_real_sigmask(SIG_SETMASK, &old, NULL);
    return error;
}

static int start(const char *address)
{
    int error = http_listen(address, &state.listen_fd, &state.port, &state.local);
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
    state.mhd = http_library_load();
    if (!error && state.daemon)
        error = EBUSY;
    if (!error && !state.mhd)
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
        atomic_store(&state.stop, true);
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
    state.waiting = NULL;
}
