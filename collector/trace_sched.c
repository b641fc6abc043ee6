#include "collector/trace_sched.h"

#include "collector/clock.h"
#include "collector/grow.h"
#include "collector/quiet.h"
#include "collector/threads.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <linux/perf_event.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { RING_PAGES = 8 }; /* a thousand switches */

struct watched {
    pid_t tid;
    int fd; /* -1: its switches are not recorded */
    struct perf_event_mmap_page *ring;
    bool seen;         /* by the present scan */
    bool ended;        /* whoever has its id now is another one */
    bool known;        /* a switch was met: */
    bool runs;         /* what it does since `since` */
    bool preempted;    /* if it does not run */
    int64_t since;     /* from when on it is watched, at first */
    int64_t cpu_since; /* nanoseconds it had used by then */
    int cpu;
};

static struct {
    pthread_mutex_t lock;
    bool on;
    struct watched *threads;
    size_t count, cap;
    size_t open; /* descriptors */
    int fd_limit;
    struct sched_outcome outcome;
} state = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* --- one thread; with the lock held */

static size_t page_size(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

static int open_event(pid_t tid)
{
    struct perf_event_attr attr = {
        .type = PERF_TYPE_SOFTWARE,
        .size = sizeof attr,
        .config = PERF_COUNT_SW_DUMMY,
        .sample_type = PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CPU,
        .sample_id_all = 1,
        .context_switch = 1,
        .task = 1,           /* its end, at which no switch is told */
        .exclude_kernel = 1, /* without it, privilege is needed */
        .exclude_hv = 1,
        .use_clockid = 1,
        .clockid = CLOCK_MONOTONIC,
    };
    return (int)syscall(SYS_perf_event_open, &attr, tid, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

static void watch(struct watched *w)
{
    w->fd = -1;
    if (state.open == SCHED_MOST) {
        state.outcome.error = EMFILE;
        return;
    }
    int fd = open_event(w->tid);
    if (fd >= state.fd_limit) { /* the program needs some itself */
        close(fd);
        state.outcome.error = EMFILE;
        return;
    }
    void *ring = fd < 0 ? MAP_FAILED
                        : mmap(NULL, (RING_PAGES + 1) * page_size(), PROT_READ | PROT_WRITE,
                               MAP_SHARED, fd, 0);
    if (ring == MAP_FAILED) {
        if (errno != ESRCH) /* it has ended meanwhile */
            state.outcome.error = errno;
        if (fd >= 0)
            close(fd);
        return;
    }
    w->fd = fd;
    w->ring = ring;
    state.open++;
    state.outcome.watched++;
}

static void unwatch(struct watched *w)
{
    if (w->fd < 0)
        return;
    munmap(w->ring, (RING_PAGES + 1) * page_size());
    close(w->fd);
    w->fd = -1;
    state.open--;
}

static struct watched *add(pid_t tid)
{
    if (!grow(&state.threads, &state.cap, state.count + 1, sizeof *state.threads)) {
        state.outcome.error = ENOMEM;
        return NULL;
    }
    struct watched *w = &state.threads[state.count++];
    *w = (struct watched){.tid = tid, .cpu_since = threads_cpu_time(tid), .cpu = -1};
    state.outcome.threads++;
    watch(w);
    w->since = clock_ns(CLOCK_MONOTONIC); /* not before: what happens meanwhile is not recorded */
    return w;
}

static struct watched *find(pid_t tid)
{
    for (size_t i = 0; i < state.count; i++)
        if (state.threads[i].tid == tid && !state.threads[i].ended)
            return &state.threads[i];
    return NULL;
}

/* --- records */

struct record {
    struct perf_event_header header;
    union {
        struct {
            uint32_t pid, tid;
            uint64_t time;
            uint32_t cpu, reserved;
        } change; /* PERF_RECORD_SWITCH */
        struct {
            uint64_t id, count;
        } lost; /* PERF_RECORD_LOST */
        struct {
            uint32_t pid, ppid, tid, ptid;
            uint64_t time;
        } task; /* PERF_RECORD_EXIT */
        unsigned char bytes[64];
    };
};

static void emit(const struct watched *w, int64_t to, bool ran, sched_each *each, void *context)
{
    struct sched_slice slice = {w->tid, w->since, to, ran, !ran && w->preempted, w->cpu};
    if (to > w->since)
        each(context, &slice);
}

/* What came before the first switch is told by which one it is. */
static void note_switch(struct watched *w, const struct record *r, sched_each *each, void *context)
{
    bool out = r->header.misc & PERF_RECORD_MISC_SWITCH_OUT;
    int64_t time = (int64_t)r->change.time;
    w->cpu = (int)r->change.cpu;
    if (!w->known || w->runs == out)
        emit(w, time, out, each, context);
    w->known = true;
    w->runs = !out;
    w->preempted = out && (r->header.misc & PERF_RECORD_MISC_SWITCH_OUT_PREEMPT);
    w->since = time;
}

static void note_exit(struct watched *w, int64_t time, sched_each *each, void *context)
{
    if (!w->known || w->runs)
        emit(w, time, true, each, context);
    w->ended = true;
}

static void copy_out(const struct watched *w, uint64_t at, void *to, size_t len)
{
    const unsigned char *data = (const unsigned char *)w->ring + page_size();
    uint64_t mask = RING_PAGES * page_size() - 1;
    for (size_t i = 0; i < len; i++)
        ((unsigned char *)to)[i] = data[(at + i) & mask];
}

static void take(struct watched *w, sched_each *each, void *context)
{
    if (w->fd < 0)
        return;
    uint64_t at = w->ring->data_tail, end = __atomic_load_n(&w->ring->data_head, __ATOMIC_ACQUIRE);
    while (end - at >= sizeof(struct perf_event_header)) {
        struct record r;
        copy_out(w, at, &r.header, sizeof r.header);
        size_t len = r.header.size < sizeof r ? r.header.size : sizeof r;
        if (r.header.size < sizeof r.header)
            break;
        copy_out(w, at, &r, len);
        if (r.header.type == PERF_RECORD_SWITCH)
            note_switch(w, &r, each, context);
        else if (r.header.type == PERF_RECORD_LOST)
            state.outcome.lost += (int64_t)r.lost.count;
        else if (r.header.type == PERF_RECORD_EXIT && (pid_t)r.task.tid == w->tid)
            note_exit(w, (int64_t)r.task.time, each, context);
        at += r.header.size;
    }
    __atomic_store_n(&w->ring->data_tail, at, __ATOMIC_RELEASE);
}

/* Until now, for a thread whose watching ends. One that has never switched has slept or run all the
 * time: its clock knows. */
static void finish(struct watched *w, sched_each *each, void *context)
{
    int64_t now = clock_ns(CLOCK_MONOTONIC), used = threads_cpu_time(w->tid) - w->cpu_since;
    take(w, each, context);
    if (w->fd >= 0 && w->known && !w->ended)
        emit(w, now, w->runs, each, context);
    else if (w->fd >= 0 && !w->ended)
        emit(w, now, used > (now - w->since) / 2, each, context);
    unwatch(w);
}

/* --- all of them */

static void note_ours(struct thread *t, void *ours)
{
    *(bool *)ours = t->ours;
}

static void scan_task(pid_t tid)
{
    bool ours = false;
    struct watched *w = find(tid);
    if (!w) {
        threads_with(tid, false, note_ours, &ours);
        w = ours ? NULL : add(tid);
    }
    if (w)
        w->seen = true;
}

void sched_scan(sched_each *each, void *context)
{
    DIR *tasks = opendir("/proc/self/task");
    quiet_lock(&state.lock);
    for (pid_t tid; tasks && state.on && (tid = threads_next_task(tasks));)
        scan_task(tid);
    for (size_t i = 0; tasks && i < state.count;) {
        struct watched *w = &state.threads[i];
        if (w->seen && !w->ended) {
            w->seen = false;
            i++;
            continue;
        }
        take(w, each, context);
        unwatch(w);
        *w = state.threads[--state.count];
    }
    quiet_unlock(&state.lock);
    if (tasks)
        closedir(tasks);
}

void sched_add_self(void)
{
    pid_t tid = (pid_t)syscall(SYS_gettid);
    quiet_lock(&state.lock);
    struct watched *before = state.on ? find(tid) : NULL;
    if (before)
        before->ended = true;
    if (state.on)
        add(tid);
    quiet_unlock(&state.lock);
}

void sched_begin(void)
{
    quiet_lock(&state.lock);
    struct rlimit files = {.rlim_cur = RLIM_INFINITY};
    getrlimit(RLIMIT_NOFILE, &files);
    state.fd_limit = files.rlim_cur < INT_MAX ? (int)(files.rlim_cur / 4 * 3) : INT_MAX;
    state.outcome = (struct sched_outcome){0};
    state.on = true;
    quiet_unlock(&state.lock);
}

void sched_take(sched_each *each, void *context)
{
    quiet_lock(&state.lock);
    for (size_t i = 0; i < state.count; i++)
        take(&state.threads[i], each, context);
    quiet_unlock(&state.lock);
}

struct sched_outcome sched_end(sched_each *each, void *context)
{
    quiet_lock(&state.lock);
    for (size_t i = 0; i < state.count; i++)
        finish(&state.threads[i], each, context);
    free(state.threads);
    state.threads = NULL;
    state.count = state.cap = 0;
    state.on = false;
    struct sched_outcome outcome = state.outcome;
    quiet_unlock(&state.lock);
    return outcome;
}

void sched_lock(void)
{
    quiet_lock(&state.lock);
}

void sched_unlock(void)
{
    quiet_unlock(&state.lock);
}

/* The rings are the parent's, and not mapped here (the kernel leaves them out). */
void sched_in_child(void)
{
    for (size_t i = 0; i < state.count; i++)
        if (state.threads[i].fd >= 0)
            close(state.threads[i].fd);
    free(state.threads);
    state.threads = NULL;
    state.count = state.cap = state.open = 0;
    state.on = false;
}
