#include "collector/relay.h"

#include "collector/arch/arch.h"

#include <stdatomic.h>

/* The latest handlers of a signal: a new one is written beside the one that may be running. */
enum { KEPT = 8 };

static struct {
    struct sigaction actions[KEPT];
    _Atomic unsigned present;
} program[NSIG];

const struct sigaction *relay_kept(int signal)
{
    return &program[signal].actions[atomic_load(&program[signal].present) % KEPT];
}

void relay_keep(int signal, const struct sigaction *action)
{
    unsigned next = atomic_load(&program[signal].present) + 1;
    program[signal].actions[next % KEPT] = *action;
    atomic_store(&program[signal].present, next);
}

static void relay(int signal, siginfo_t *info, void *context)
{
    const struct sigaction *p = relay_kept(signal);
    if (p->sa_flags & SA_SIGINFO)
        p->sa_sigaction(signal, info, context);
    else
        p->sa_handler(signal);
    unsigned call;
    if (arch_is_interrupted(context, &call))
        arch_mark_ended(context);
}

void relay_action(int signal, struct sigaction *action)
{
    relay_keep(signal, action);
    action->sa_flags |= SA_SIGINFO;
    action->sa_sigaction = relay;
}

void relay_restore(int signal, struct sigaction *old)
{
    if (!(old->sa_flags & SA_SIGINFO) || old->sa_sigaction != relay)
        return;
    const struct sigaction *p = relay_kept(signal);
    if (p->sa_flags & SA_SIGINFO) {
        old->sa_sigaction = p->sa_sigaction;
    } else {
        old->sa_flags &= ~SA_SIGINFO;
        old->sa_handler = p->sa_handler;
    }
}
