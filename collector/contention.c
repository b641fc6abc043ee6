#include "collector/contention.h"

#include "collector/calls.h"
#include "collector/clock.h"
#include "collector/counted_kinds.h"
#include "collector/heap.h"
#include "collector/random.h"
#include "collector/stacks.h"
#include "collector/trace_events.h"

#include <errno.h>
#include <time.h>

_Atomic unsigned char contention_gate;

struct contention_wait contention_waits[CONTENTION_WAITS];

/* At work on a sample, or not to be counted at all. */
static __thread int inside __attribute__((tls_model("initial-exec")));
static __thread uint64_t random_state __attribute__((tls_model("initial-exec")));

static struct {
    struct stacks block, mutex;
    _Atomic int64_t block_rate, mutex_rate; /* a wait may end while they are changed */
} state;

int64_t contention_now(void)
{
    return clock_ns(CLOCK_MONOTONIC);
}

static void add(struct stacks *to, void *caller, double count, double time)
{
    uintptr_t pcs[CALLS_DEPTH];
    int saved = errno;
    inside++;
    heap_pause();
    struct thread *t = threads_self_at_once();
    if (t)
        stacks_add(to, pcs, calls_walk(t, caller, pcs), count, time);
    heap_resume();
    inside--;
    errno = saved;
}

int64_t contention_begin(const void *lock)
{
    int64_t now = contention_now();
    if (lock && (atomic_load(&contention_gate) & CONTENTION_MUTEX)) {
        struct contention_wait *w = contention_wait_of(lock);
        if (atomic_fetch_add(&w->waiters, 1) == 0)
            atomic_store(&w->since, now);
        return now;
    }
    return -now; /* not among the waiters */
}

void contention_end(const void *lock, int64_t began, void *caller)
{
    if (began > 0)
        atomic_fetch_sub(&contention_wait_of(lock)->waiters, 1);
    unsigned gate = atomic_load(&contention_gate);
    if (inside || !(gate & (CONTENTION_BLOCK | CONTENTION_TRACE)))
        return;
    int64_t from = began > 0 ? began : -began, to = contention_now();
    if (gate & CONTENTION_TRACE)
        trace_events_wait(from, to);
    if (!(gate & CONTENTION_BLOCK))
        return;
    double delay = (double)(to - from);
    double rate = (double)state.block_rate, probability = delay / rate;
    if (probability >= 1)
        add(&state.block, caller, 1, delay);
    else if (random_unit(&random_state) < probability)
        add(&state.block, caller, rate / delay, rate);
}

void contention_unlock(const void *lock, void *caller)
{
    struct contention_wait *w = contention_wait_of(lock);
    int64_t now = contention_now();
    int64_t since = atomic_exchange(&w->since, now);
    uint32_t waiters = atomic_load(&w->waiters);
    double rate = (double)state.mutex_rate;
    if (inside || !waiters || now <= since || random_unit(&random_state) * rate >= 1)
        return;
    add(&state.mutex, caller, rate, rate * (double)(now - since) * waiters);
}

void contention_trace(bool on)
{
    if (on)
        atomic_fetch_or(&contention_gate, CONTENTION_TRACE);
    else
        atomic_fetch_and(&contention_gate, (unsigned char)~CONTENTION_TRACE);
}

/* Not to be counted while the set's lock is held. */
static int take(struct stacks *from, struct stackset *to, bool news)
{
    inside++;
    heap_pause();
    int error = stacks_take(from, to, news);
    heap_resume();
    inside--;
    return error;
}

static int take_block(struct stackset *to, bool news)
{
    return take(&state.block, to, news);
}

static int take_mutex(struct stackset *to, bool news)
{
    return take(&state.mutex, to, news);
}

int64_t contention_mutex_rate(void)
{
    return state.mutex_rate;
}

void contention_pause(void)
{
    inside++;
}

void contention_resume(void)
{
    inside--;
}

void contention_lock_all(void)
{
    lock_take(&state.block.lock);
    lock_take(&state.mutex.lock);
}

void contention_unlock_all(void)
{
    lock_give(&state.mutex.lock);
    lock_give(&state.block.lock);
}

void contention_in_child(void)
{
    memset(contention_waits, 0, sizeof contention_waits);
}

/* --- the two kinds */

static int block_on(int64_t rate)
{
    state.block_rate = rate;
    atomic_fetch_or(&contention_gate, CONTENTION_BLOCK);
    return 0;
}

static void block_off(void)
{
    atomic_fetch_and(&contention_gate, (unsigned char)~CONTENTION_BLOCK);
    stacks_clear(&state.block);
}

static bool block_is_on(void)
{
    return atomic_load(&contention_gate) & CONTENTION_BLOCK;
}

static int mutex_on(int64_t rate)
{
    state.mutex_rate = rate;
    atomic_fetch_or(&contention_gate, CONTENTION_MUTEX);
    return 0;
}

static void mutex_off(void)
{
    atomic_fetch_and(&contention_gate, (unsigned char)~CONTENTION_MUTEX);
    stacks_clear(&state.mutex);
}

static bool mutex_is_on(void)
{
    return atomic_load(&contention_gate) & CONTENTION_MUTEX;
}

struct counted block_profile = {
    .on = block_on,
    .off = block_off,
    .is_on = block_is_on,
    .take = take_block,
    .shape = &kind_block,
    .spool.fd = -1,
};

struct counted mutex_profile = {
    .on = mutex_on,
    .off = mutex_off,
    .is_on = mutex_is_on,
    .take = take_mutex,
    .shape = &kind_mutex,
    .spool.fd = -1,
};

int cpprof_block_start(int64_t rate)
{
    enum { DEFAULT_NS = 10000 };
    return rate < 0 ? EINVAL : counted_start(&block_profile, rate ? rate : DEFAULT_NS, NULL);
}

int cpprof_block_write(const char *path)
{
    return cpprof_write("block", path, 0);
}

int cpprof_block_stop(void)
{
    return counted_stop(&block_profile);
}

int cpprof_mutex_start(int64_t rate)
{
    return rate < 0 ? EINVAL : counted_start(&mutex_profile, rate ? rate : 1, NULL);
}

int cpprof_mutex_write(const char *path)
{
    return cpprof_write("mutex", path, 0);
}

int cpprof_mutex_stop(void)
{
    return counted_stop(&mutex_profile);
}
