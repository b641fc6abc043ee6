#include "collector/hooks.h"

#include "collector/cpprof.h"
#include "collector/forks.h"
#include "collector/threadcreate.h"
#include "collector/ticks.h"
#include "collector/trace.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

typedef int create_function(pthread_t *thread, const pthread_attr_t *attr, void *(*run)(void *),
                            void *arg);

static create_function *real_create(void)
{
    static _Atomic(create_function *) found;
    create_function *f = atomic_load(&found);
    if (!f) {
        void *symbol = dlsym(RTLD_NEXT, "pthread_create");
        __builtin_memcpy(&f, &symbol, sizeof f);
        atomic_store(&found, f);
    }
    return f;
}

/* The calling thread begins one of ours. */
static __thread bool own __attribute__((tls_model("initial-exec")));

int hooks_create_own(pthread_t *thread, void *(*run)(void *))
{
    sigset_t all, old;
    sigfillset(&all);
    hooks_real_sigmask(SIG_SETMASK, &all, &old);
    own = true;
    int error = pthread_create(thread, NULL, run, NULL);
    own = false;
    hooks_real_sigmask(SIG_SETMASK, &old, NULL);
    return error;
}

/* What a new thread begins with. */
struct beginning {
    void *(*run)(void *);
    void *arg;
    struct labels *labels; /* of its creator; held */
    bool blocks;           /* its creator believes to block our signal */
};

static void *begin_thread(void *context)
{
    struct beginning b = *(struct beginning *)context;
    free(context);
    hooks_inherit_blocks(b.blocks);
    struct thread *t = threads_self();
    if (t) {
        threads_find_own_bounds(t);
        threads_set_labels(t, b.labels);
        ticks_arm(t);
    } else {
        labels_drop(b.labels);
    }
    trace_thread_began();
    return b.run(b.arg);
}

/* Defined where ThreadSanitizer runs. */
extern void __tsan_init(void) __attribute__((weak));

/* If it stands before us, its part of a new thread comes after ours, and until then the thread can
 * neither allocate nor take a lock. A scan finds the thread later. */
static bool has_tsan_before(void)
{
    return __tsan_init && !dlsym(RTLD_NEXT, "__tsan_init");
}

static int create(pthread_t *thread, const pthread_attr_t *attr, void *(*run)(void *), void *arg)
{
    if (has_tsan_before())
        return real_create()(thread, attr, run, arg);
    struct thread *creator = threads_self_known();
    struct labels *labels = creator ? labels_hold(atomic_load(&creator->labels)) : NULL;
    if (!labels && !ticks_are_on() && !cpprof_trace_is_on())
        return real_create()(thread, attr, run, arg);
    struct beginning *b = malloc(sizeof *b);
    if (!b) {
        labels_drop(labels);
        return EAGAIN;
    }
    *b = (struct beginning){run, arg, labels, hooks_blocks_signal()};
    int error = real_create()(thread, attr, begin_thread, b);
    if (error) {
        labels_drop(labels);
        free(b);
    }
    return error;
}

CPPROF_API pid_t fork(void)
{
    static _Atomic(void *) found;
    pid_t (*real)(void);
    void *symbol = atomic_load(&found);
    if (!symbol) {
        symbol = dlsym(RTLD_NEXT, "fork");
        atomic_store(&found, symbol);
    }
    __builtin_memcpy(&real, &symbol, sizeof real);
    forks_begin();
    pid_t pid = real();
    int saved = errno;
    forks_end(pid == 0);
    errno = saved;
    return pid;
}

CPPROF_API int pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*run)(void *),
                              void *arg)
{
    if (own)
        return real_create()(thread, attr, run, arg);
    int error = create(thread, attr, run, arg);
    if (!error)
        threadcreate_note(__builtin_return_address(0));
    return error;
}
