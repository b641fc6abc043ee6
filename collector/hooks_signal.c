/* The program's own use of SIGPROF, once it is ours.
 *
 * A program may install a handler for it, take it away again, or block it in some threads, before
 * or after a profile begins. It sees what it would see without us, and our handler stays: the
 * default action of the signal would end the program, and threads that block it cannot be profiled.
 */
#include "collector/cpprof.h"
#include "collector/hooks.h"
#include "collector/relay.h"
#include "collector/ticks.h"

#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <string.h>

typedef int sigaction_function(int signal, const struct sigaction *action, struct sigaction *old);
typedef int sigmask_function(int how, const sigset_t *set, sigset_t *old);

/* Does the program think that the calling thread blocks the signal? */
static __thread bool blocks __attribute__((tls_model("initial-exec")));

static void *find(_Atomic(void *) *found, const char *name)
{
    void *function = atomic_load(found);
    if (!function) {
        function = dlsym(RTLD_NEXT, name);
        atomic_store(found, function);
    }
    return function;
}

int hooks_real_sigaction(int signal, const struct sigaction *action, struct sigaction *old)
{
    static _Atomic(void *) found;
    sigaction_function *real;
    void *function = find(&found, "sigaction");
    memcpy(&real, &function, sizeof real);
    return real(signal, action, old);
}

int hooks_real_sigmask(int how, const sigset_t *set, sigset_t *old)
{
    static _Atomic(void *) found;
    sigmask_function *real;
    void *function = find(&found, "pthread_sigmask");
    memcpy(&real, &function, sizeof real);
    return real(how, set, old);
}

bool hooks_blocks_signal(void)
{
    return blocks;
}

void hooks_inherit_blocks(bool inherited)
{
    blocks = inherited;
}

/* Handlers whose mask we have added our signal to, see below. */
static _Atomic bool shielded[NSIG];

/* An alternate stack has room for one signal's frame and handler, often not for ours on top: so
 * ours waits until such a handler is done. */
static bool shield(struct sigaction *action)
{
    int mine = ticks_signal();
    if (!(action->sa_flags & SA_ONSTACK) || sigismember(&action->sa_mask, mine) != 0)
        return false;
    sigaddset(&action->sa_mask, mine);
    return true;
}

/* The program sees neither the shield nor the relay in what it gets back. What the kernel had is
 * asked for first, since the relay forgets the program's handler when it gets a new one. */
static int set_action(int signal, const struct sigaction *action, struct sigaction *old)
{
    struct sigaction had, wanted;
    if (signal <= 0 || signal >= NSIG || !ticks_own(ticks_signal()))
        return hooks_real_sigaction(signal, action, old);
    if (hooks_real_sigaction(signal, NULL, &had) != 0)
        return -1;
    relay_restore(signal, &had);
    if (atomic_load(&shielded[signal]))
        sigdelset(&had.sa_mask, ticks_signal());
    if (action) {
        wanted = *action;
        bool is_shielded = shield(&wanted);
        if (wanted.sa_handler != SIG_DFL && wanted.sa_handler != SIG_IGN)
            relay_action(signal, &wanted);
        if (hooks_real_sigaction(signal, &wanted, NULL) != 0)
            return -1;
        atomic_store(&shielded[signal], is_shielded);
    }
    if (old)
        *old = had;
    return 0;
}

CPPROF_API int sigaction(int signal, const struct sigaction *action, struct sigaction *old)
{
    if (!ticks_own(signal))
        return set_action(signal, action, old);
    ticks_swap_action(action, old);
    return 0;
}

CPPROF_API sighandler_t signal(int signal, sighandler_t handler)
{
    struct sigaction action = {.sa_flags = SA_RESTART}, old;
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    return sigaction(signal, &action, &old) == 0 ? old.sa_handler : SIG_ERR;
}

/* Keeps the signal unblocked, and remembers what the program believes. */
static int change_mask(int how, const sigset_t *set, sigset_t *old)
{
    sigset_t without;
    bool blocked = blocks;
    int mine = ticks_signal();
    if (set && ticks_own(mine)) {
        bool in = sigismember(set, mine) == 1;
        if (how == SIG_SETMASK || in)
            blocks = in && how != SIG_UNBLOCK;
        without = *set;
        sigdelset(&without, mine);
        if (how != SIG_UNBLOCK)
            set = &without;
    }
    int error = hooks_real_sigmask(how, set, old);
    if (error)
        blocks = blocked;
    else if (old && blocked)
        sigaddset(old, mine);
    return error;
}

CPPROF_API int pthread_sigmask(int how, const sigset_t *set, sigset_t *old)
{
    return change_mask(how, set, old);
}

CPPROF_API int sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
    int error = change_mask(how, set, old);
    if (error)
        errno = error;
    return error ? -1 : 0;
}
