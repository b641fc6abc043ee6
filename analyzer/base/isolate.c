#include "analyzer/base/isolate.h"

#include "analyzer/base/interrupts.h"
#include "analyzer/base/num.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The sanitizers reserve terabytes of addresses: there a limit on memory would end everything. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LIMITS_MEMORY 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define LIMITS_MEMORY 0
#endif
#endif
#ifndef LIMITS_MEMORY
#define LIMITS_MEMORY 1
#endif

enum {
    MOST_SAID = 4096,
    TICK = 100,        /* milliseconds between reports */
    STACK = 128 << 20, /* recursion over a deep graph needs more than the usual 8 MiB */
    FAILED = 1,
};

static double now(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

/* --- in the child */

static void limit(int resource, rlim_t most)
{
    struct rlimit old;
    if (getrlimit(resource, &old) != 0)
        return;
    if (old.rlim_max == RLIM_INFINITY || most < old.rlim_max)
        old.rlim_max = most;
    old.rlim_cur = old.rlim_max;
    setrlimit(resource, &old);
}

/* The stack of the first thread grows up to the limit that holds while it grows. */
static void allow_stack(void)
{
    struct rlimit old;
    if (getrlimit(RLIMIT_STACK, &old) != 0)
        return;
    rlim_t wanted = old.rlim_max == RLIM_INFINITY || old.rlim_max > STACK ? STACK : old.rlim_max;
    if (old.rlim_cur != RLIM_INFINITY && old.rlim_cur < wanted) {
        old.rlim_cur = wanted;
        setrlimit(RLIMIT_STACK, &old);
    }
}

static size_t address_space(void)
{
    unsigned long pages = 0;
    FILE *f = fopen("/proc/self/statm", "re");
    if (f && fscanf(f, "%lu", &pages) != 1)
        pages = 0;
    if (f)
        fclose(f);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static void set_limits(const struct isolate_spec *spec)
{
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, spec->output);
    /* The parent counts the time; this is for a parent that was stopped. */
    if (spec->seconds > 0)
        limit(RLIMIT_CPU, (rlim_t)f64_to_i64(ceil(spec->seconds)) + 2);
    allow_stack();
    size_t begin = address_space();
    if (LIMITS_MEMORY && begin)
        limit(RLIMIT_AS, begin + spec->memory);
}

static _Noreturn void be_child(const struct isolate_spec *spec, isolate_work *work, void *context,
                               int out, int said, pid_t parent, const sigset_t *mask)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(FAILED);
    sigprocmask(SIG_SETMASK, mask, NULL);
    dup2(said, STDERR_FILENO);
    if (said != STDERR_FILENO)
        close(said);
    set_limits(spec);
    _exit(work(context, out) ? FAILED : 0);
}

/* --- in the parent */

static void listen_to(int fd, struct buf *said, bool *ended)
{
    char piece[1024];
    ssize_t n = read(fd, piece, sizeof piece);
    if (n > 0 && said->len < MOST_SAID)
        buf_add(said, piece, (size_t)n);
    if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
        *ended = true;
}

/* Until the child closes its standard error by ending, time is up or somebody interrupts. */
static void watch(const struct isolate_spec *spec, int said, const struct interrupts *signals,
                  struct isolate_end *end)
{
    const struct progress *progress = spec->progress;
    double began = now();
    bool ended = false;
    end->how = ISOLATE_DONE;
    while (!ended) {
        double gone = now() - began, left = spec->seconds - gone;
        if (spec->seconds > 0 && left <= 0) {
            end->how = ISOLATE_TIMED_OUT;
            return;
        }
        if (progress && progress->wait)
            progress->wait(progress->context, spec->what, gone, spec->seconds);
        struct pollfd fds[] = {{said, POLLIN, 0}, {signals->fd, POLLIN, 0}};
        bool soon = spec->seconds > 0 && left * 1000 < TICK;
        int ready = poll(fds, 2, soon ? (int)ceil(left * 1000) : TICK);
        if (ready <= 0)
            continue;
        if (fds[1].revents && (end->signal = interrupts_read(signals))) {
            end->how = ISOLATE_INTERRUPTED;
            return;
        }
        if (fds[0].revents)
            listen_to(said, &end->said, &ended);
    }
}

static void bury(pid_t child, struct isolate_end *end)
{
    int status = 0;
    if (end->how != ISOLATE_DONE)
        kill(child, SIGKILL);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (end->how != ISOLATE_DONE)
        return;
    if (WIFSIGNALED(status)) {
        end->signal = WTERMSIG(status);
        end->how = end->signal == SIGXCPU ? ISOLATE_TIMED_OUT : ISOLATE_CRASHED;
    } else if (WEXITSTATUS(status) != 0) {
        end->how = ISOLATE_FAILED;
    }
}

static int collect(int out, struct buf *output)
{
    char piece[65536];
    if (lseek(out, 0, SEEK_SET) != 0)
        return -1;
    for (;;) {
        ssize_t n = read(out, piece, sizeof piece);
        if (n == 0)
            return 0;
        if (n < 0 && errno != EINTR)
            return -1;
        if (n > 0)
            buf_add(output, piece, (size_t)n);
    }
}

int isolate_run(const struct isolate_spec *spec, isolate_work *work, void *context,
                struct isolate_end *end, struct error *err)
{
    int said[2] = {-1, -1}, out = -1, rc = -1;
    struct interrupts signals;
    *end = (struct isolate_end){0};
    if (interrupts_init(&signals) != 0)
        goto failed;
    out = memfd_create("output", MFD_CLOEXEC);
    if (out < 0 || pipe2(said, O_CLOEXEC) != 0)
        goto failed;
    fflush(NULL); /* what is still in buffers is the parent's to write */
    pid_t parent = getpid(), child = fork();
    if (child == 0)
        be_child(spec, work, context, out, said[1], parent, &signals.before);
    if (child < 0)
        goto failed;
    close(said[1]);
    said[1] = -1;
    watch(spec, said[0], &signals, end);
    bury(child, end);
    rc = collect(out, &end->output);
failed:
    if (rc)
        error_set(err, ERROR_DATA, "a child process cannot be made: %s", strerror(errno));
    interrupts_release(&signals);
    if (said[0] >= 0)
        close(said[0]);
    if (said[1] >= 0)
        close(said[1]);
    if (out >= 0)
        close(out);
    return rc;
}

void isolate_end_release(struct isolate_end *end)
{
    buf_release(&end->output);
    buf_release(&end->said);
    *end = (struct isolate_end){0};
}
