#include "analyzer/live/capture.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/idmap.h"
#include "analyzer/base/interrupts.h"
#include "analyzer/live/events.h"
#include "analyzer/live/procfs.h"
#include "analyzer/live/records.h"
#include "analyzer/live/refusal.h"
#include "analyzer/profile/perfdata.h"
#include "analyzer/transform/compact.h"
#include "analyzer/transform/merge.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* So much is unwound at once: some thousand stacks. */
static const size_t piece = (size_t)64 << 20;

struct capture {
    struct capture_spec spec;
    struct events events;
    struct records records;
    struct idmap forked; /* threads that the kernel has told us of: they have their events */
    struct merger *merger;
    struct lines notes;
    int *processes; /* descriptors to wait for their ends */
    int64_t began, ended, began_wall;
};

static int64_t now(clockid_t clock)
{
    struct timespec ts;
    clock_gettime(clock, &ts);
    return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

static void take_record(void *context, const uint8_t *record)
{
    struct capture *c = context;
    if (perfdata_header(record).type == PERF_RECORD_FORK) {
        uint32_t fields[4]; /* pid, parent's pid, tid, parent's tid */
        memcpy(fields, record + PERFDATA_RECORD_HEADER, sizeof fields);
        idmap_put(&c->forked, fields[2], 0);
    }
    records_add(&c->records, record);
}

static void drain(struct capture *c)
{
    events_read(&c->events, take_record, c);
}

/* --- attaching */

/* Opens the events of PID's threads from number *KNOWN of THREADS on, less those that inherited
 * theirs. -1 and ERR. */
static int open_threads(struct capture *c, pid_t pid, const struct procfs_ids *threads,
                        size_t *known, size_t *opened, struct error *err)
{
    for (; *known < threads->count; ++*known) {
        pid_t tid = threads->items[*known];
        if (idmap_get(&c->forked, (uint64_t)tid) != UINT32_MAX)
            continue;
        int rc = events_open(&c->events, tid, err);
        if (rc < 0)
            return refusal_explain(pid, errno, err);
        *opened += rc == 0;
    }
    return 0;
}

/* Threads that are made by threads that have events inherit these; those that others made in the
 * meantime are found by looking again, until there are no new ones. The kernel tells of the former,
 * but only just after they can be seen. */
static int attach(struct capture *c, pid_t pid, struct error *err)
{
    enum { ROUNDS = 100, PAUSE = 2000000 };
    struct procfs_ids threads = {0};
    size_t known = 0, opened = 0;
    int rc = 0;
    for (int round = 0; round < ROUNDS && !rc; round++) {
        procfs_add_threads(&threads, pid);
        if (known == threads.count && round)
            break;
        if (round) {
            nanosleep(&(struct timespec){.tv_nsec = PAUSE}, NULL);
            drain(c);
        }
        rc = open_threads(c, pid, &threads, &known, &opened, err);
    }
    procfs_ids_release(&threads);
    if (!rc && !opened)
        rc = error_set(err, ERROR_DATA, "process %ld has just ended", (long)pid);
    return rc;
}

static int watch_process(struct capture *c, size_t i, struct error *err)
{
    pid_t pid = c->spec.pids[i];
    if (procfs_check(pid, err))
        return -1;
    c->processes[i] = (int)syscall(SYS_pidfd_open, pid, 0);
    if (c->processes[i] >= 0)
        return 0;
    return error_set(err, ERROR_DATA, "process %ld cannot be watched: %s", (long)pid,
                     strerror(errno));
}

static int open_all(struct capture *c, struct error *err)
{
    for (size_t i = 0; i < c->spec.pid_count; i++)
        if (watch_process(c, i, err) || attach(c, c->spec.pids[i], err))
            return -1;
    return 0;
}

struct capture *capture_open(const struct capture_spec *spec, struct error *err)
{
    struct events_spec events = {spec->frequency, spec->on_exec};
    struct capture *c = xcalloc(1, sizeof *c);
    c->spec = *spec;
    c->processes = xcalloc(spec->pid_count, sizeof *c->processes);
    memset(c->processes, 0xFF, spec->pid_count * sizeof *c->processes);
    idmap_init(&c->forked, 0);
    c->merger = merger_new();
    events_init(&c->events, &events);
    records_init(&c->records, &c->events.attr, "cpu");
    c->began = now(CLOCK_MONOTONIC);
    c->began_wall = now(CLOCK_REALTIME);
    if (open_all(c, err)) {
        capture_free(c);
        return NULL;
    }
    for (size_t i = 0; !spec->on_exec && i < spec->pid_count; i++)
        records_add_process(&c->records, spec->pids[i]);
    return c;
}

void capture_free(struct capture *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->spec.pid_count; i++)
        if (c->processes[i] >= 0)
            close(c->processes[i]);
    free(c->processes);
    events_release(&c->events);
    records_release(&c->records);
    idmap_release(&c->forked);
    merger_free(c->merger);
    lines_release(&c->notes);
    free(c);
}

/* --- running */

/* Turns what has come so far into a part of the profile. */
static int flush(struct capture *c, struct error *err)
{
    struct lines notes = {0};
    struct profile *p = perfdata_parse("samples", (const uint8_t *)c->records.data.data,
                                       c->records.data.len, NULL, &notes, err);
    records_clear_samples(&c->records);
    if (!c->notes.count) /* of all pieces about the same */
        for (size_t i = 0; i < notes.count; i++)
            lines_add_str(&c->notes, "", lines_get(&notes, i));
    lines_release(&notes);
    return p ? merger_add(c->merger, p, err) : -1;
}

static int milliseconds_left(const struct capture *c)
{
    int interval = events_interval(&c->events);
    if (c->spec.seconds < 0)
        return interval;
    double left = c->spec.seconds * 1000 - (double)(now(CLOCK_MONOTONIC) - c->began) / 1e6;
    return left <= 0 ? 0 : left < interval ? (int)left + 1 : interval;
}

/* Waits a moment. True if it is time to end. */
static bool wait_on(struct capture *c, struct pollfd *fds, size_t *running)
{
    size_t count = c->spec.pid_count;
    int left = milliseconds_left(c);
    if (!left)
        return true;
    if (poll(fds, count + 1, left) <= 0)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!fds[i].revents)
            continue;
        fds[i].fd = -1;
        fds[i].revents = 0;
        --*running;
    }
    return !*running || fds[count].revents;
}

static int run(struct capture *c, int interrupts, struct error *err)
{
    size_t count = c->spec.pid_count, running = count;
    struct pollfd *fds = xcalloc(count + 1, sizeof *fds);
    int rc = 0;
    for (size_t i = 0; i < count; i++)
        fds[i] = (struct pollfd){c->processes[i], POLLIN, 0};
    fds[count] = (struct pollfd){interrupts, POLLIN, 0};
    while (!rc && !wait_on(c, fds, &running)) {
        drain(c);
        if (c->records.data.len - c->records.state.len > piece)
            rc = flush(c, err);
    }
    drain(c);
    free(fds);
    return rc;
}

int capture_run(struct capture *c, struct error *err)
{
    struct interrupts interrupts = {.fd = -1};
    if (c->spec.on_exec) /* the program decides */
        return run(c, -1, err);
    int rc = interrupts_init(&interrupts);
    if (rc)
        error_set(err, ERROR_DATA, "signals cannot be waited for: %s", strerror(errno));
    else
        rc = run(c, interrupts.fd, err);
    /* Whoever runs us (timeout, a shell) may pass on what we got from the terminal already. */
    if (interrupts_read(&interrupts)) {
        nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
        while (interrupts_read(&interrupts))
            ;
    }
    interrupts_release(&interrupts);
    return rc;
}

/* --- the end */

static void remark(const struct capture *c, struct lines *notes)
{
    for (size_t i = 0; i < c->notes.count; i++)
        lines_add_str(notes, "", lines_get(&c->notes, i));
    if (c->records.lost)
        lines_add(notes,
                  "%" PRIu64 " samples were lost: they came faster than they could be taken "
                  "(-frequency says how many)",
                  c->records.lost);
    if (c->events.without_kernel)
        lines_add(notes, "time spent in the kernel is not in it: %s", refusal_advice());
}

struct profile *capture_finish(struct capture *c, struct lines *notes, struct error *err)
{
    struct profile *p = NULL;
    int64_t ended = now(CLOCK_MONOTONIC);
    if (!flush(c, err)) {
        p = merger_finish(c->merger);
        c->merger = NULL;
    }
    if (p) {
        p = profile_compact(p);
        p->time_nanos = c->began_wall;
        p->duration_nanos = ended - c->began;
        remark(c, notes);
    }
    capture_free(c);
    return p;
}
