#include "collector/cpu.h"

#include "collector/cpprof.h"
#include "collector/housekeeper.h"
#include "collector/mappings.h"
#include "collector/stacks.h"
#include "collector/threads.h"
#include "collector/writer.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

enum {
    SIGNAL = SIGPROF,
    DEFAULT_HZ = 100,
    MOST_HZ = 10000,
    HEAD = 3, /* words of a record before its addresses: weight, labels, their number */
};

/* The upper half of what our timers send along; the lower half is the thread's number. */
#define MARK ((uint64_t)0x63707072 << 32)

static struct {
    pthread_mutex_t lock; /* start and stop exclude each other */
    _Atomic bool running;
    int hz;
    struct writer_file file; /* where the profile goes, or: */
    int fd;                  /* not -1: the caller's descriptor */
    int64_t began_real, began;
    struct sigaction previous;
    bool installed;
    /* the housekeeper's */
    struct stacks stacks;
    int64_t lost;
    bool no_memory;
} state = {.lock = PTHREAD_MUTEX_INITIALIZER, .fd = -1};

static __thread sigset_t mask_before_fork __attribute__((tls_model("initial-exec")));

static int64_t now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

bool cpu_running(void)
{
    return atomic_load_explicit(&state.running, memory_order_relaxed);
}

/* --- in the handler */

static void sample(struct thread *t, const ucontext_t *context, uintptr_t weight)
{
    struct arch_registers at = arch_registers(context);
    struct unwind_bounds bounds = {atomic_load(&t->stack_low), atomic_load(&t->stack_high)};
    if (at.sp < bounds.low || at.sp >= bounds.high) {
        bounds = (struct unwind_bounds){0};
        atomic_store(&t->stack_asked, at.sp);
    }
    bool cut;
    const struct modules *m = modules_pin(&t->pin);
    size_t depth = unwind_walk(m, &t->cache, at, bounds, true, t->pcs, THREAD_DEPTH, &cut);
    modules_unpin(&t->pin);
    struct labels *labels = labels_hold(atomic_load(&t->labels));
    uintptr_t head[HEAD] = {weight, (uintptr_t)labels, depth};
    if (!ring_put(&t->ring, head, HEAD, t->pcs, depth)) {
        atomic_fetch_add(&t->lost, (int64_t)weight);
        /* cannot be the last user: the thread itself holds one */
        if (labels)
            atomic_fetch_sub(&labels->users, 1);
    }
}

static void call_previous(int signal, siginfo_t *info, void *context)
{
    const struct sigaction *p = &state.previous;
    if (p->sa_flags & SA_SIGINFO)
        p->sa_sigaction(signal, info, context);
    else if (p->sa_handler != SIG_DFL && p->sa_handler != SIG_IGN)
        p->sa_handler(signal);
}

static void on_signal(int signal, siginfo_t *info, void *context)
{
    int saved = errno;
    uint64_t sent = (uintptr_t)info->si_value.sival_ptr;
    if (info->si_code != SI_TIMER || (sent & ~(uint64_t)UINT32_MAX) != MARK) {
        call_previous(signal, info, context);
        errno = saved;
        return;
    }
    struct thread *t = threads_get((uint32_t)sent);
    if (t && !atomic_exchange(&t->busy, 1)) {
        if (cpu_running())
            sample(t, context, 1 + (uintptr_t)info->si_overrun);
        atomic_store(&t->busy, 0);
    }
    errno = saved;
}

/* --- timers */

static int64_t period_ns(void)
{
    return 1000000000LL / state.hz;
}

/* A first delay anywhere in the period, so that threads do not tick together and short ones are
 * seen with the right probability. xorshift over the clock: nothing here needs to be secret. */
static int64_t first_delay(void)
{
    uint64_t x = (uint64_t)now(CLOCK_MONOTONIC);
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return 1 + (int64_t)(x % (uint64_t)period_ns());
}

static struct itimerspec spec_of(int64_t first, int64_t then)
{
    return (struct itimerspec){.it_value = {first / 1000000000, first % 1000000000},
                               .it_interval = {then / 1000000000, then % 1000000000}};
}

static void arm(struct thread *t, void *unused)
{
    (void)unused;
    if (t->armed || t->ours)
        return;
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGNAL};
    event.sigev_value.sival_ptr = (void *)(MARK | t->number);
    event.sigev_notify_thread_id = t->tid;
    if (timer_create(threads_clock(t->tid), &event, &t->timer) != 0)
        return; /* it has just ended, or the system has no timer left */
    struct itimerspec spec = spec_of(first_delay(), period_ns());
    t->armed = true;
    timer_settime(t->timer, 0, &spec, NULL);
}

static void disarm(struct thread *t, void *unused)
{
    (void)unused;
    threads_disarm(t);
}

void cpu_thread_begins(struct thread *t)
{
    if (cpu_running())
        arm(t, NULL);
}

/* --- the housekeeper's work */

static void empty_ring(struct thread *t, void *unused)
{
    (void)unused;
    uintptr_t head[HEAD], pcs[THREAD_DEPTH];
    while (ring_take(&t->ring, head, HEAD)) {
        struct labels *labels = (struct labels *)head[1];
        ring_take(&t->ring, pcs, head[2]);
        int64_t values[STACK_VALUES] = {(int64_t)head[0], 0};
        if (!stacks_add(&state.stacks, pcs, head[2], labels, values))
            state.no_memory = true;
        labels_drop(labels);
    }
    state.lost += atomic_exchange(&t->lost, 0);
}

static void thread_gone(struct thread *t)
{
    threads_disarm(t);
    empty_ring(t, NULL);
}

static void keep_house(void)
{
    threads_scan(thread_gone);
    modules_refresh(threads_read_modules);
    if (cpu_running())
        threads_each(arm, NULL);
    threads_each(empty_ring, NULL);
}

/* --- writing */

/* What could not be kept, as samples of a function of that name. */
static void add_lost(struct cpprof_builder *b)
{
    int64_t values[] = {state.lost, state.lost * period_ns()};
    if (!state.lost)
        return;
    cpprof_builder_frame(b, "cpprof: lost samples", "", 0);
    cpprof_builder_sample(b, values);
}

static struct cpprof_builder *build(int64_t duration)
{
    struct cpprof_builder *b = cpprof_builder_new();
    if (!b)
        return NULL;
    cpprof_builder_type(b, "samples", "count");
    cpprof_builder_type(b, "cpu", "nanoseconds");
    cpprof_builder_period(b, "cpu", "nanoseconds", period_ns());
    cpprof_builder_time(b, state.began_real, duration);
    mappings_add(b);
    for (size_t i = 0; i < state.stacks.count; i++) {
        const struct stack *s = &state.stacks.items[i];
        for (uint32_t f = 0; f < s->depth; f++)
            cpprof_builder_address(b, state.stacks.pcs[s->first + f] - 1);
        for (size_t l = 0; s->labels && l < s->labels->count; l++)
            cpprof_builder_label(b, s->labels->pair[l].key, s->labels->pair[l].value);
        int64_t values[] = {s->value[0], s->value[0] * period_ns()};
        cpprof_builder_sample(b, values);
    }
    add_lost(b);
    return b;
}

/* --- start and stop */

/* The handler stays when the profile ends: a signal may still be on its way then. */
static int install_handler(void)
{
    struct sigaction action = {.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK};
    struct sigaction present;
    action.sa_sigaction = on_signal;
    sigfillset(&action.sa_mask); /* nobody's handler runs on top of ours */
    if (sigaction(SIGNAL, NULL, &present) != 0)
        return errno;
    if ((present.sa_flags & SA_SIGINFO) && present.sa_sigaction == on_signal)
        return 0;
    state.previous = present;
    return sigaction(SIGNAL, &action, NULL) == 0 ? 0 : errno;
}

/* Forking a large process takes longer than a period, and a signal makes the kernel start over. */
static void fork_prepare(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGNAL);
    pthread_sigmask(SIG_BLOCK, &signals, &mask_before_fork);
}

static void fork_parent(void)
{
    pthread_sigmask(SIG_SETMASK, &mask_before_fork, NULL);
}

static void fork_child(void)
{
    pthread_sigmask(SIG_SETMASK, &mask_before_fork, NULL);
    modules_after_fork();
    threads_after_fork();
    housekeeper_after_fork();
    pthread_mutex_init(&state.lock, NULL);
    if (!cpu_running())
        return;
    atomic_store(&state.running, false);
    /* the parent goes on making the profile; its file is not ours to remove */
    state.file = (struct writer_file){.fd = -1};
    state.fd = -1;
    stacks_release(&state.stacks);
}

/* With the lock held. */
static int start(int hz)
{
    static bool watches_forks;
    state.hz = hz ? hz : DEFAULT_HZ;
    state.lost = 0;
    state.no_memory = false;
    if (!watches_forks && pthread_atfork(fork_prepare, fork_parent, fork_child) != 0)
        return ENOMEM;
    watches_forks = true;
    int error = modules_refresh(threads_read_modules);
    if (!error)
        error = install_handler();
    if (error)
        return error;
    threads_self();
    state.began_real = now(CLOCK_REALTIME);
    state.began = now(CLOCK_MONOTONIC);
    atomic_store(&state.running, true);
    error = housekeeper_start(keep_house);
    if (error)
        atomic_store(&state.running, false);
    return error;
}

static int check(int hz)
{
    if (hz < 0 || hz > MOST_HZ)
        return EINVAL;
    return cpu_running() ? EBUSY : 0;
}

int cpprof_cpu_start(const char *path, int hz)
{
    int saved = errno;
    pthread_mutex_lock(&state.lock);
    int error = check(hz);
    if (!error)
        error = writer_open(&state.file, path);
    if (!error) {
        state.fd = -1;
        error = start(hz);
        if (error)
            writer_close(&state.file, error);
    }
    pthread_mutex_unlock(&state.lock);
    errno = saved;
    return error;
}

int cpprof_cpu_start_fd(int fd, int hz)
{
    int saved = errno;
    pthread_mutex_lock(&state.lock);
    int error = check(hz);
    if (!error) {
        state.fd = fd;
        error = start(hz);
    }
    pthread_mutex_unlock(&state.lock);
    errno = saved;
    return error;
}

/* Until no handler is left that saw the profile running. */
static void wait_for_handler(struct thread *t, void *unused)
{
    (void)unused;
    for (int i = 0; atomic_load(&t->busy) && i < 1000; i++)
        usleep(100);
}

static int write_profile(void)
{
    struct cpprof_builder *b = build(now(CLOCK_MONOTONIC) - state.began);
    int error = b && !state.no_memory ? 0 : ENOMEM;
    if (!error)
        error = cpprof_builder_write_fd(b, state.fd >= 0 ? state.fd : state.file.fd);
    if (state.fd < 0)
        error = writer_close(&state.file, error);
    cpprof_builder_free(b);
    return error;
}

int cpprof_cpu_stop(void)
{
    int saved = errno, error = ENOENT;
    pthread_mutex_lock(&state.lock);
    if (cpu_running()) {
        atomic_store(&state.running, false);
        housekeeper_stop();
        threads_each(disarm, NULL);
        threads_each(wait_for_handler, NULL);
        modules_refresh(threads_read_modules);
        threads_each(empty_ring, NULL);
        threads_scan(thread_gone);
        error = write_profile();
        stacks_release(&state.stacks);
    }
    pthread_mutex_unlock(&state.lock);
    errno = saved;
    return error;
}
