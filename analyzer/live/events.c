#include "analyzer/live/events.h"

#include "analyzer/base/alloc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    NANOSECONDS = 1000000000,
    MOST_ALL_RINGS = 128 << 20,
    MOST_COPIED = 32 << 20, /* bytes of stacks per second and processor */
};

/* Sizes of rings, and how much of a stack is copied where so much fits. The kernel lets everybody
 * have 512 KiB per processor (perf_event_mlock_kb), and those who may lock memory more. */
static const struct ring_plan {
    size_t ring;
    unsigned copy;
} plans[] = {
    {8 << 20, 65528}, /* the most there can be */
    {2 << 20, 32 << 10}, {512 << 10, 8 << 10}, {128 << 10, 4 << 10}, {32 << 10, 2 << 10},
};
enum { PLANS = sizeof plans / sizeof *plans };

/* User registers that the unwinder starts from. */
#if defined(__x86_64__)
/* ax ... ip, and r8 to r15: not the segments, of which processors refuse some */
static const uint64_t user_registers = 0xFF01FF;
#elif defined(__aarch64__)
static const uint64_t user_registers = 0x1FFFFFFFF; /* x0-x30, sp, pc */
#else
static const uint64_t user_registers = 0;
#endif

/* "0-3,8": the numbers in it. Without the file: as many as there are. */
static void find_cpus(struct events *e)
{
    char text[4096] = "";
    size_t cap = 0;
    FILE *f = fopen("/sys/devices/system/cpu/online", "re");
    if (!f || !fgets(text, sizeof text, f))
        snprintf(text, sizeof text, "0-%ld", sysconf(_SC_NPROCESSORS_ONLN) - 1);
    if (f)
        fclose(f);
    for (char *at = text, *end; *at; at = *end ? end + 1 : end) {
        long first = strtol(at, &end, 10), last = first;
        if (*end == '-')
            last = strtol(end + 1, &end, 10);
        for (long cpu = first; cpu <= last; cpu++) {
            e->cpus = xgrow(e->cpus, &cap, e->cpu_count + 1, sizeof *e->cpus);
            e->cpus[e->cpu_count++] = (int)cpu;
        }
    }
}

void events_init(struct events *e, const struct events_spec *spec)
{
    *e = (struct events){0};
    e->attr = (struct perf_event_attr){
        .type = PERF_TYPE_SOFTWARE,
        .size = sizeof e->attr,
        .config = PERF_COUNT_SW_TASK_CLOCK,
        .sample_period = NANOSECONDS / (unsigned)spec->frequency,
        .sample_type = PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CALLCHAIN |
                       PERF_SAMPLE_REGS_USER | PERF_SAMPLE_STACK_USER,
        .sample_regs_user = user_registers,
        .inherit = 1,
        .disabled = spec->on_exec,
        .enable_on_exec = spec->on_exec,
        .mmap = 1,
        .mmap2 = 1,
        .comm = 1,
        .comm_exec = 1,
        .task = 1,
        .build_id = 1,
        .sample_id_all = 1,
        .exclude_hv = 1,
        .exclude_callchain_kernel = 1,
    };
    find_cpus(e);
    e->rings = xcalloc(e->cpu_count, sizeof *e->rings);
    e->outputs = xcalloc(e->cpu_count, sizeof *e->outputs);
}

static void close_all(struct events *e)
{
    for (size_t i = 0; i < e->fd_count; i++)
        close(e->fds[i]);
    e->fd_count = 0;
    for (size_t i = 0; i < e->cpu_count; i++) {
        ring_release(&e->rings[i]);
        e->outputs[i] = -1;
    }
}

void events_release(struct events *e)
{
    close_all(e);
    free(e->cpus);
    free(e->rings);
    free(e->outputs);
    free(e->fds);
    *e = (struct events){0};
}

/* --- opening */

/* A thread has as many descriptors as there are processors. */
static bool allow_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max)
        return false;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

static int perf_event_open(struct perf_event_attr *attr, pid_t tid, int cpu)
{
    return (int)syscall(SYS_perf_event_open, attr, tid, cpu, -1, PERF_FLAG_FD_CLOEXEC);
}

/* One event, with as much as this kernel has and lets us have. */
static int open_event(struct events *e, pid_t tid, int cpu)
{
    for (;;) {
        int fd = perf_event_open(&e->attr, tid, cpu);
        if (fd >= 0)
            return fd;
        if (errno == EMFILE && allow_descriptors())
            continue;
        bool refused = errno == EACCES || errno == EPERM;
        if (refused && !e->attr.exclude_kernel && !e->fd_count) {
            e->attr.exclude_kernel = 1;
            e->without_kernel = true;
        } else if (errno == EINVAL && e->attr.build_id && !e->fd_count) {
            e->attr.build_id = 0; /* Linux 5.12 has it */
        } else {
            return -1;
        }
    }
}

/* The more often, the less: what lies beyond is walked by frame pointers. */
static unsigned stack_copy(const struct events *e, const struct ring_plan *plan)
{
    enum { LEAST = 8 << 10, WORD = 8 };
    uint64_t fitting = MOST_COPIED * e->attr.sample_period / NANOSECONDS / WORD * WORD;
    uint64_t copy = fitting < LEAST ? LEAST : fitting;
    return copy < plan->copy ? (unsigned)copy : plan->copy;
}

static void add_fd(struct events *e, int fd)
{
    e->fds = xgrow(e->fds, &e->fd_cap, e->fd_count + 1, sizeof *e->fds);
    e->fds[e->fd_count++] = fd;
}

/* The events of TID, those of a processor that has no ring yet with one. -1 and errno. */
static int open_on_all(struct events *e, pid_t tid)
{
    for (size_t i = 0; i < e->cpu_count; i++) {
        int fd = open_event(e, tid, e->cpus[i]);
        if (fd < 0 && errno == ENODEV) /* it has gone offline */
            continue;
        if (fd < 0)
            return -1;
        add_fd(e, fd);
        if (e->outputs[i] >= 0) {
            if (ioctl(fd, PERF_EVENT_IOC_SET_OUTPUT, e->outputs[i]) != 0)
                return -1;
            continue;
        }
        if (ring_init(&e->rings[i], fd, e->ring_size) != 0)
            return -1;
        e->outputs[i] = fd;
    }
    return 0;
}

/* The first thread: with the largest rings there may be. */
static int open_first(struct events *e, pid_t tid)
{
    int rc = -1;
    for (size_t i = 0; i < PLANS && rc; i++) {
        if (i + 1 < PLANS && plans[i].ring * e->cpu_count > MOST_ALL_RINGS)
            continue;
        close_all(e);
        e->ring_size = plans[i].ring;
        e->attr.sample_stack_user = stack_copy(e, &plans[i]);
        rc = open_on_all(e, tid);
        if (rc && (!e->fd_count || (errno != EPERM && errno != ENOMEM)))
            break;
    }
    if (rc) {
        int reason = errno;
        close_all(e);
        e->ring_size = 0;
        errno = reason;
    }
    return rc;
}

int events_open(struct events *e, pid_t tid, struct error *err)
{
    size_t before = e->fd_count;
    int rc = e->ring_size ? open_on_all(e, tid) : open_first(e, tid);
    if (!rc)
        return 0;
    int reason = errno;
    while (e->fd_count > before)
        close(e->fds[--e->fd_count]);
    if (reason == ESRCH)
        return 1;
    if (reason == EMFILE || reason == ENFILE)
        error_set(err, ERROR_DATA,
                  "it needs too many open files, %zu for each thread: raise what `ulimit -Hn` says",
                  e->cpu_count);
    else
        error_set(err, ERROR_DATA, "perf events: %s", strerror(reason));
    errno = reason;
    return -1;
}

/* --- reading */

void events_read(struct events *e, ring_take *take, void *context)
{
    for (size_t i = 0; i < e->cpu_count; i++)
        if (e->rings[i].map)
            ring_read(&e->rings[i], take, context);
}

int events_interval(const struct events *e)
{
    enum { LEAST = 2, MOST = 100, MARGIN = 4 };
    size_t samples = e->ring_size / (e->attr.sample_stack_user + 1024);
    double milliseconds = (double)samples * (double)e->attr.sample_period / 1e6 / MARGIN;
    return milliseconds < LEAST ? LEAST : milliseconds > MOST ? MOST : (int)milliseconds;
}
