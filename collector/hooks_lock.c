/* Functions that wait, on their way through us: tried first, timed only when they have to wait.
 *
 * When neither the block nor the mutex profile is on, they are passed on as they are.
 */
#include "collector/contention.h"
#include "collector/cpprof.h"
#include "collector/hooks.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define CALLER __builtin_return_address(0)

static struct {
    int (*mutex_lock)(pthread_mutex_t *);
    int (*mutex_trylock)(pthread_mutex_t *);
    int (*mutex_timedlock)(pthread_mutex_t *, const struct timespec *);
    int (*mutex_clocklock)(pthread_mutex_t *, clockid_t, const struct timespec *);
    int (*mutex_unlock)(pthread_mutex_t *);
    int (*cond_wait)(pthread_cond_t *, pthread_mutex_t *);
    int (*cond_timedwait)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
    int (*cond_clockwait)(pthread_cond_t *, pthread_mutex_t *, clockid_t, const struct timespec *);
    int (*rwlock_rdlock)(pthread_rwlock_t *);
    int (*rwlock_tryrdlock)(pthread_rwlock_t *);
    int (*rwlock_timedrdlock)(pthread_rwlock_t *, const struct timespec *);
    int (*rwlock_clockrdlock)(pthread_rwlock_t *, clockid_t, const struct timespec *);
    int (*rwlock_wrlock)(pthread_rwlock_t *);
    int (*rwlock_trywrlock)(pthread_rwlock_t *);
    int (*rwlock_timedwrlock)(pthread_rwlock_t *, const struct timespec *);
    int (*rwlock_clockwrlock)(pthread_rwlock_t *, clockid_t, const struct timespec *);
    int (*rwlock_unlock)(pthread_rwlock_t *);
    int (*sem_wait)(sem_t *);
    int (*sem_trywait)(sem_t *);
    int (*sem_timedwait)(sem_t *, const struct timespec *);
    int (*sem_clockwait)(sem_t *, clockid_t, const struct timespec *);
    int (*timedjoin)(pthread_t, void **, const struct timespec *);
    int (*clockjoin)(pthread_t, void **, clockid_t, const struct timespec *);
    int (*join)(pthread_t, void **);
} real;

static _Atomic bool all_known; /* the real functions */

/* Mutexes come first: a function that is not found makes the loader allocate, and the allocator may
 * lock one. Conditions changed their layout in GLIBC_2.3.2, and dlsym finds the older ones. */
static const struct {
    void *place;
    const char *name, *version; /* NULL: any */
} functions[] = {
    {&real.mutex_lock, "pthread_mutex_lock", NULL},
    {&real.mutex_unlock, "pthread_mutex_unlock", NULL},
    {&real.mutex_trylock, "pthread_mutex_trylock", NULL},
    {&real.mutex_timedlock, "pthread_mutex_timedlock", NULL},
    {&real.mutex_clocklock, "pthread_mutex_clocklock", NULL},
    {&real.cond_wait, "pthread_cond_wait", "GLIBC_2.3.2"},
    {&real.cond_timedwait, "pthread_cond_timedwait", "GLIBC_2.3.2"},
    {&real.cond_clockwait, "pthread_cond_clockwait", NULL},
    {&real.rwlock_rdlock, "pthread_rwlock_rdlock", NULL},
    {&real.rwlock_tryrdlock, "pthread_rwlock_tryrdlock", NULL},
    {&real.rwlock_timedrdlock, "pthread_rwlock_timedrdlock", NULL},
    {&real.rwlock_clockrdlock, "pthread_rwlock_clockrdlock", NULL},
    {&real.rwlock_wrlock, "pthread_rwlock_wrlock", NULL},
    {&real.rwlock_trywrlock, "pthread_rwlock_trywrlock", NULL},
    {&real.rwlock_timedwrlock, "pthread_rwlock_timedwrlock", NULL},
    {&real.rwlock_clockwrlock, "pthread_rwlock_clockwrlock", NULL},
    {&real.rwlock_unlock, "pthread_rwlock_unlock", NULL},
    {&real.sem_wait, "sem_wait", NULL},
    {&real.sem_trywait, "sem_trywait", NULL},
    {&real.sem_timedwait, "sem_timedwait", NULL},
    {&real.sem_clockwait, "sem_clockwait", NULL},
    {&real.timedjoin, "pthread_timedjoin_np", NULL},
    {&real.clockjoin, "pthread_clockjoin_np", NULL},
    {&real.join, "pthread_join", NULL},
};

typedef void *__attribute__((may_alias)) any_function;

/* Several threads may find them at once, but the same thread would never end. Each is set once, by
 * whoever comes first, since others may be calling it by then. */
__attribute__((noinline)) static void find_real(void)
{
    static __thread bool finding __attribute__((tls_model("initial-exec")));
    if (finding)
        return;
    finding = true;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        const char *name = functions[i].name, *version = functions[i].version;
        void *symbol = version ? dlvsym(RTLD_NEXT, name, version) : NULL;
        if (!symbol)
            symbol = dlsym(RTLD_NEXT, name);
        any_function none = NULL;
        __atomic_compare_exchange_n((any_function *)functions[i].place, &none, symbol, false,
                                    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
    }
    atomic_store_explicit(&all_known, true, memory_order_release);
    finding = false;
}

static inline void be_ready(void)
{
    if (UNLIKELY(!atomic_load_explicit(&all_known, memory_order_acquire)))
        find_real();
}

/* RESULT of the call that waits, counted. */
#define WAIT(lock, call)                                                                           \
    ({                                                                                             \
        int64_t began = contention_begin(lock);                                                    \
        int result = (call);                                                                       \
        int saved = errno;                                                                         \
        contention_end(lock, began, CALLER);                                                       \
        errno = saved;                                                                             \
        result;                                                                                    \
    })

/* What a function that waits does: CALL as it is, or counted. */
#define TIMED(call)                                                                                \
    ({                                                                                             \
        be_ready();                                                                                \
        LIKELY(!contention_is_on()) ? (call) : WAIT(NULL, call);                                   \
    })

/* The same for a lock, which TRY takes if it is free; else it says EBUSY. */
#define LOCK(lock, try, call)                                                                      \
    ({                                                                                             \
        int taken;                                                                                 \
        be_ready();                                                                                \
        if (LIKELY(!contention_is_on()))                                                           \
            taken = (call);                                                                        \
        else if (UNLIKELY((taken = (try)) == EBUSY))                                               \
            taken = WAIT(lock, call);                                                              \
        taken;                                                                                     \
    })

/* Nobody is counted as waiting while the mutex profile is off. */
static inline bool others_wait(const void *lock)
{
    return atomic_load_explicit(&contention_wait_of(lock)->waiters, memory_order_relaxed) != 0;
}

CPPROF_API int pthread_mutex_lock(pthread_mutex_t *m)
{
    return LOCK(m, real.mutex_trylock(m), real.mutex_lock(m));
}

CPPROF_API int pthread_mutex_timedlock(pthread_mutex_t *m, const struct timespec *until)
{
    return LOCK(m, real.mutex_trylock(m), real.mutex_timedlock(m, until));
}

CPPROF_API int pthread_mutex_clocklock(pthread_mutex_t *m, clockid_t clock,
                                       const struct timespec *until)
{
    return LOCK(m, real.mutex_trylock(m), real.mutex_clocklock(m, clock, until));
}

CPPROF_API int pthread_mutex_unlock(pthread_mutex_t *m)
{
    be_ready();
    if (UNLIKELY(others_wait(m)))
        contention_unlock(m, CALLER);
    return real.mutex_unlock(m);
}

CPPROF_API int pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m)
{
    return TIMED(real.cond_wait(c, m));
}

CPPROF_API int pthread_cond_timedwait(pthread_cond_t *c, pthread_mutex_t *m,
                                      const struct timespec *until)
{
    return TIMED(real.cond_timedwait(c, m, until));
}

CPPROF_API int pthread_cond_clockwait(pthread_cond_t *c, pthread_mutex_t *m, clockid_t clock,
                                      const struct timespec *until)
{
    return TIMED(real.cond_clockwait(c, m, clock, until));
}

CPPROF_API int pthread_rwlock_rdlock(pthread_rwlock_t *l)
{
    return LOCK(l, real.rwlock_tryrdlock(l), real.rwlock_rdlock(l));
}

CPPROF_API int pthread_rwlock_wrlock(pthread_rwlock_t *l)
{
    return LOCK(l, real.rwlock_trywrlock(l), real.rwlock_wrlock(l));
}

CPPROF_API int pthread_rwlock_timedrdlock(pthread_rwlock_t *l, const struct timespec *until)
{
    return LOCK(l, real.rwlock_tryrdlock(l), real.rwlock_timedrdlock(l, until));
}

CPPROF_API int pthread_rwlock_clockrdlock(pthread_rwlock_t *l, clockid_t clock,
                                          const struct timespec *until)
{
    return LOCK(l, real.rwlock_tryrdlock(l), real.rwlock_clockrdlock(l, clock, until));
}

CPPROF_API int pthread_rwlock_timedwrlock(pthread_rwlock_t *l, const struct timespec *until)
{
    return LOCK(l, real.rwlock_trywrlock(l), real.rwlock_timedwrlock(l, until));
}

CPPROF_API int pthread_rwlock_clockwrlock(pthread_rwlock_t *l, clockid_t clock,
                                          const struct timespec *until)
{
    return LOCK(l, real.rwlock_trywrlock(l), real.rwlock_clockwrlock(l, clock, until));
}

CPPROF_API int pthread_rwlock_unlock(pthread_rwlock_t *l)
{
    be_ready();
    if (UNLIKELY(others_wait(l)))
        contention_unlock(l, CALLER);
    return real.rwlock_unlock(l);
}

static int try_sem(sem_t *s)
{
    int saved = errno;
    if (real.sem_trywait(s) == 0)
        return 0;
    errno = saved;
    return EBUSY;
}

CPPROF_API int sem_wait(sem_t *s)
{
    return LOCK(NULL, try_sem(s), real.sem_wait(s));
}

CPPROF_API int sem_timedwait(sem_t *s, const struct timespec *until)
{
    return LOCK(NULL, try_sem(s), real.sem_timedwait(s, until));
}

CPPROF_API int sem_clockwait(sem_t *s, clockid_t clock, const struct timespec *until)
{
    return LOCK(NULL, try_sem(s), real.sem_clockwait(s, clock, until));
}

/* --- joins */

static struct {
    pthread_t thread; /* once it is known */
    _Atomic bool known, joined;
} main_thread;

void hooks_set_main(void)
{
    main_thread.thread = pthread_self();
    atomic_store(&main_thread.known, true);
}

bool hooks_main_is_joined(void)
{
    return atomic_load(&main_thread.joined);
}

static void note_join(pthread_t thread)
{
    if (atomic_load(&main_thread.known) && pthread_equal(thread, main_thread.thread))
        atomic_store(&main_thread.joined, true);
}

CPPROF_API int pthread_timedjoin_np(pthread_t thread, void **result_of_it,
                                    const struct timespec *until)
{
    note_join(thread);
    return TIMED(real.timedjoin(thread, result_of_it, until));
}

CPPROF_API int pthread_clockjoin_np(pthread_t thread, void **result_of_it, clockid_t clock,
                                    const struct timespec *until)
{
    note_join(thread);
    return TIMED(real.clockjoin(thread, result_of_it, clock, until));
}

CPPROF_API int pthread_join(pthread_t thread, void **result_of_it)
{
    note_join(thread);
    return TIMED(real.join(thread, result_of_it));
}
