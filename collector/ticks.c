#include "collector/ticks.h"

#include "collector/calls.h"
#include "collector/clock.h"
#include "collector/hooks.h"
#include "collector/housekeeper.h"
#include "collector/random.h"
#include "collector/relay.h"

#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

enum { SIGNAL = SIGPROF };

/* The upper half of what our timers, and those who ask for a stack, send along; the lower half is
 * the thread's number. */
#define MARK ((uint64_t)0x63707072 << 32)

static struct {
    _Atomic bool on, installed;
    int64_t period; /* nanoseconds */
} state;

/* --- in the handler */

/* Does a handler of the program's run when ours is done? */
static bool other_signal_is_due(const ucontext_t *context)
{
    sigset_t pending;
    sigpending(&pending);
    for (int s = 1; s < NSIG; s++)
        if (s != SIGNAL && sigismember(&pending, s) == 1 &&
            sigismember(&context->uc_sigmask, s) == 0)
            return true;
    return false;
}

/* Has a wait begun again that nobody but us has interrupted. */
static void resume_wait(ucontext_t *context)
{
    unsigned call;
    if (arch_is_interrupted(context, &call) && !other_signal_is_due(context))
        arch_restart_call(context, call);
}

/* Fills PCS, with room for THREAD_DEPTH, and has a wait that was interrupted begun again. */
static size_t walk(struct thread *t, ucontext_t *context, uintptr_t *pcs)
{
    struct arch_registers at = arch_registers(context);
    struct unwind_bounds bounds = {atomic_load(&t->stack_low), atomic_load(&t->stack_high), 0};
    if (at.sp < bounds.low || at.sp >= bounds.high) {
        bounds = (struct unwind_bounds){0};
        atomic_store(&t->stack_asked, at.sp);
    }
    bool strange;
    const struct modules *m = modules_pin(&t->pin);
    if (modules_find(m, at.pc - ARCH_CALL_BYTES))
        resume_wait(context);
    size_t depth = unwind_walk(m, &t->cache, at, bounds, true, pcs, THREAD_DEPTH, &strange);
    modules_unpin(&t->pin);
    if (strange || !bounds.high) /* something was loaded, or a stack is not known */
        housekeeper_wake();
    return depth;
}

/* Puts WEIGHT of the stack in t->pcs into the ring. LABELS: held, or NULL. */
static void put(struct thread *t, uintptr_t weight, struct labels *labels, size_t depth)
{
    uintptr_t head[TICK_HEAD] = {weight, (uintptr_t)labels, depth};
    bool kept = ring_put(&t->ring, head, TICK_HEAD, t->pcs, depth);
    if (ring_is_half_full(&t->ring))
        housekeeper_wake();
    if (kept)
        return;
    atomic_fetch_add(&t->lost, (int64_t)weight);
    /* cannot be the last user: the thread itself holds one */
    if (labels)
        atomic_fetch_sub(&labels->users, 1);
}

static void sample(struct thread *t, ucontext_t *context, uintptr_t weight)
{
    size_t depth = walk(t, context, t->pcs);
    atomic_fetch_add(&t->ticked, (int64_t)weight);
    atomic_store(&t->last_depth, depth);
    put(t, weight, labels_hold(atomic_load(&t->labels)), depth);
}

static void answer(struct thread *t, ucontext_t *context)
{
    uint32_t question = atomic_load(&t->asked);
    if (question == atomic_load(&t->answered))
        return;
    t->answer_depth = walk(t, context, t->answer);
    atomic_store(&t->answered, question);
}

static void call_previous(int signal, siginfo_t *info, void *context)
{
    const struct sigaction *p = relay_kept(SIGNAL);
    if (p->sa_flags & SA_SIGINFO) {
        p->sa_sigaction(signal, info, context);
    } else if (p->sa_handler == SIG_DFL) { /* which ends the program */
        hooks_real_sigaction(signal, p, NULL);
        raise(signal);
    } else if (p->sa_handler != SIG_IGN) {
        p->sa_handler(signal);
    }
}

static void on_signal(int signal, siginfo_t *info, void *context)
{
    int saved = errno;
    uint64_t sent = (uintptr_t)info->si_value.sival_ptr;
    bool asked = info->si_code == SI_QUEUE;
    if ((info->si_code != SI_TIMER && !asked) || (sent & ~(uint64_t)UINT32_MAX) != MARK) {
        call_previous(signal, info, context);
        errno = saved;
        return;
    }
    struct thread *t = threads_get((uint32_t)sent);
    if (t && !atomic_exchange(&t->busy, 1)) {
        if (asked)
            answer(t, context);
        else if (atomic_load(&state.on))
            sample(t, context, 1 + (uintptr_t)info->si_overrun);
        atomic_store(&t->busy, 0);
    }
    errno = saved;
}

/* --- what the handler is not told

   The kernel looks at these timers in its own ticks, and a thread that ends, or stops being
   profiled, takes what expired since the last one with it: several percent of a thread of a quarter
   of a second, on a busy machine. */

static int64_t missing(const struct thread *t)
{
    int64_t used = threads_cpu_time(t->tid) - t->armed_cpu;
    if (!t->armed || used < t->first_tick)
        return 0;
    return 1 + (used - t->first_tick) / state.period - atomic_load(&t->ticked);
}

/* Charges it to the last stack seen. No handler may be at work on T. */
static void settle(struct thread *t, struct labels *labels)
{
    int64_t weight = missing(t);
    if (weight > 0 && atomic_load(&t->last_depth))
        put(t, (uintptr_t)weight, labels, atomic_load(&t->last_depth));
    else
        labels_drop(labels);
}

/* In a thread that ends, with all signals blocked and the lock of threads_each. */
static void settle_at_end(struct thread *t)
{
    if (!atomic_load(&state.on))
        return;
    if (!atomic_load(&t->last_depth) && t->armed) /* too short for any tick */
        atomic_store(&t->last_depth, calls_walk(t, __builtin_return_address(0), t->pcs));
    settle(t, labels_hold(atomic_load(&t->labels)));
}

/* --- timers */

/* A first delay anywhere in the period, so that threads do not tick together and short ones are
 * seen with the right probability. */
static int64_t first_delay(void)
{
    uint64_t seed = (uint64_t)clock_ns(CLOCK_MONOTONIC);
    return 1 + (int64_t)(random_next(&seed) % (uint64_t)state.period);
}

static struct itimerspec spec_of(int64_t first, int64_t then)
{
    return (struct itimerspec){.it_value = {first / 1000000000, first % 1000000000},
                               .it_interval = {then / 1000000000, then % 1000000000}};
}

/* Under the lock of threads_each: the thread and the housekeeper may both be about to do it. */
static void arm(struct thread *t, void *unused)
{
    (void)unused;
    if (!atomic_load(&state.on) || t->armed || t->ours)
        return;
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGNAL};
    event.sigev_value.sival_ptr = (void *)(MARK | t->number);
    event.sigev_notify_thread_id = t->tid;
    if (timer_create(threads_clock(t->tid), &event, &t->timer) != 0)
        return; /* it has just ended, or the system has no timer left */
    t->first_tick = first_delay();
    t->armed_cpu = threads_cpu_time(t->tid);
    atomic_store(&t->ticked, 0);
    atomic_store(&t->last_depth, 0);
    t->armed = true;
    struct itimerspec spec = spec_of(t->first_tick, state.period);
    timer_settime(t->timer, 0, &spec, NULL);
}

void ticks_arm(struct thread *t)
{
    if (!atomic_load(&state.on))
        return;
    threads_lock();
    arm(t, NULL);
    threads_unlock();
}

void ticks_arm_all(void)
{
    threads_each(arm, NULL);
}

/* --- on and off */

/* The handler stays when the profile ends: a signal may still be on its way then. */
static int install_handler(void)
{
    struct sigaction action = {.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK}, present;
    action.sa_sigaction = on_signal;
    sigfillset(&action.sa_mask); /* nobody's handler runs on top of ours */
    if (atomic_load(&state.installed))
        return 0;
    if (hooks_real_sigaction(SIGNAL, NULL, &present) != 0)
        return errno;
    relay_keep(SIGNAL, &present);
    if (hooks_real_sigaction(SIGNAL, &action, NULL) != 0)
        return errno;
    atomic_store(&state.installed, true);
    return 0;
}

int ticks_signal(void)
{
    return SIGNAL;
}

bool ticks_own(int signal)
{
    return signal == SIGNAL && atomic_load(&state.installed);
}

void ticks_swap_action(const struct sigaction *action, struct sigaction *old)
{
    const struct sigaction *kept = relay_kept(SIGNAL);
    if (old)
        *old = *kept;
    if (action)
        relay_keep(SIGNAL, action);
}

int ticks_be_ready(void)
{
    return install_handler();
}

int ticks_ask(struct thread *t, uint32_t question)
{
    siginfo_t info = {.si_signo = SIGNAL, .si_code = SI_QUEUE};
    info.si_pid = getpid();
    info.si_uid = getuid();
    info.si_value.sival_ptr = (void *)(MARK | t->number);
    atomic_store(&t->asked, question);
    return syscall(SYS_rt_tgsigqueueinfo, info.si_pid, t->tid, SIGNAL, &info) == 0 ? 0 : errno;
}

int ticks_on(int64_t period)
{
    int error = install_handler();
    threads_set_ending(settle_at_end);
    threads_lock(); /* a thread may begin just now */
    state.period = period;
    threads_unlock();
    if (!error)
        atomic_store(&state.on, true);
    return error;
}

static void disarm(struct thread *t, void *unused)
{
    (void)unused;
    threads_disarm(t);
}

/* Until no handler is left that saw us on. */
static void wait_for_handler(struct thread *t, void *unused)
{
    (void)unused;
    for (int i = 0; atomic_load(&t->busy) && i < 1000; i++)
        usleep(100);
}

/* Without labels: the set may be gone with the thread's next change of it. */
static void settle_at_stop(struct thread *t, void *unused)
{
    (void)unused;
    settle(t, NULL);
}

void ticks_off(void)
{
    atomic_store(&state.on, false);
    threads_each(wait_for_handler, NULL);
    threads_each(settle_at_stop, NULL);
    threads_each(disarm, NULL);
}

bool ticks_are_on(void)
{
    return atomic_load_explicit(&state.on, memory_order_relaxed);
}
