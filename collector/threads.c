#include "collector/threads.h"

#include "collector/clock.h"
#include "collector/hooks.h"
#include "collector/quiet.h"
#include "collector/trace_events.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef void threads_ending(struct thread *t);

static struct {
    pthread_mutex_t lock;
    _Atomic(struct thread *) table[THREAD_LIMIT];
    _Atomic uint32_t used; /* no number from here on was ever given */
    _Atomic bool found;    /* a scan met new threads */
    uint32_t next;         /* where the next search begins: they tend to go in order */
    pthread_once_t once;
    pthread_key_t key; /* for its destructor */
    bool has_key;
    _Atomic(threads_ending *) ending;
} state = {.lock = PTHREAD_MUTEX_INITIALIZER, .once = PTHREAD_ONCE_INIT};

static __thread struct thread *self __attribute__((tls_model("initial-exec")));

clockid_t threads_clock(pid_t tid)
{
    /* as the kernel builds them: the inverted id, "per thread", "scheduler's time" */
    enum { PER_THREAD = 4, SCHED = 2 };
    return (clockid_t)(~(unsigned)tid << 3) | PER_THREAD | SCHED;
}

int64_t threads_cpu_time(pid_t tid)
{
    return clock_ns(threads_clock(tid));
}

struct thread *threads_get(uint32_t number)
{
    return number < THREAD_LIMIT ? atomic_load_explicit(&state.table[number], memory_order_acquire)
                                 : NULL;
}

struct thread *threads_self_known(void)
{
    return self;
}

/* --- under the lock */

static struct thread *find(pid_t tid)
{
    uint32_t used = atomic_load(&state.used);
    for (uint32_t i = 0; i < used; i++) {
        uint32_t number = (state.next + i) % used;
        struct thread *t = threads_get(number);
        if (t && t->tid == tid) {
            state.next = number + 1;
            return t;
        }
    }
    return NULL;
}

/* Mapped, not allocated: fresh pages are zero, and a ring that is never filled takes none. */
static struct thread *add(pid_t tid)
{
    uint32_t number = 0;
    while (number < THREAD_LIMIT && threads_get(number))
        number++;
    if (number == THREAD_LIMIT)
        return NULL;
    struct thread *t = mmap(NULL, sizeof *t, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (t == MAP_FAILED)
        return NULL;
    t->tid = tid;
    t->number = number;
    if (number >= atomic_load(&state.used))
        atomic_store(&state.used, number + 1);
    atomic_store(&state.table[number], t);
    return t;
}

static void forget(struct thread *t)
{
    atomic_store(&state.table[t->number], NULL);
    labels_drop(atomic_load(&t->labels));
    munmap(t, sizeof *t);
}

/* The mapping that holds ADDRESS is the stack it points into. */
void threads_find_bounds(struct thread *t, uintptr_t address)
{
    char line[512];
    FILE *maps = fopen("/proc/self/maps", "re");
    while (maps && fgets(line, sizeof line, maps)) {
        unsigned long low, high;
        if (sscanf(line, "%lx-%lx", &low, &high) != 2 || address < low || address >= high)
            continue;
        /* the kernel lets the first thread's stack grow: above all, its upper end counts */
        atomic_store(&t->stack_low, low);
        atomic_store(&t->stack_high, high);
        break;
    }
    if (maps)
        fclose(maps);
}

/* --- the calling thread */

/* Runs when a known thread ends, whoever created it. No signal of ours may come any more: the
 * number could be another thread's by then. */
static void end(void *ended)
{
    struct thread *t = ended;
    sigset_t signals;
    sigfillset(&signals);
    hooks_real_sigmask(SIG_BLOCK, &signals, NULL);
    trace_events_thread_ends();
    void (*ending)(struct thread *) = atomic_load(&state.ending);
    quiet_lock(&state.lock);
    if (ending)
        ending(t);
    self = NULL;
    threads_disarm(t);
    /* else the samples are fetched by the scan that misses the thread */
    if (atomic_load(&t->ring.read) == atomic_load(&t->ring.written) && !atomic_load(&t->lost))
        forget(t);
    quiet_unlock(&state.lock);
}

void threads_set_ending(void (*ending)(struct thread *t))
{
    atomic_store(&state.ending, ending);
}

static void make_key(void)
{
    state.has_key = pthread_key_create(&state.key, end) == 0;
}

void threads_disarm(struct thread *t)
{
    if (t->armed)
        timer_delete(t->timer);
    t->armed = false;
}

/* Is T, whose id a thread has, that thread? An id may be given again. */
static bool is_same(struct thread *t)
{
    int64_t cpu = threads_cpu_time(t->tid);
    bool same = cpu < 0 || cpu >= t->cpu_seen;
    t->cpu_seen = cpu;
    return same;
}

/* With the lock held, which it gives back. What an earlier thread with this id has left is for the
 * scan, which must not take it from under us. */
static struct thread *find_self(void)
{
    pid_t tid = (pid_t)syscall(SYS_gettid);
    struct thread *t = find(tid);
    if (t && !is_same(t)) {
        t->tid = 0; /* nobody's */
        t = NULL;
    }
    if (!t)
        t = add(tid);
    pthread_mutex_unlock(&state.lock);
    if (!t)
        return NULL;
    pthread_once(&state.once, make_key);
    if (state.has_key)
        pthread_setspecific(state.key, t);
    return self = t;
}

struct thread *threads_self(void)
{
    if (self)
        return self;
    quiet_begin();
    pthread_mutex_lock(&state.lock);
    struct thread *t = find_self();
    quiet_end();
    return t;
}

/* As lock_try (lock.h): false if it could not be had for some milliseconds. */
static bool lock_patiently(void)
{
    enum { TRIES = 5000, SPINS = 100 };
    for (int i = 0; i < TRIES; i++) {
        if (pthread_mutex_trylock(&state.lock) == 0)
            return true;
        if (i >= SPINS)
            sched_yield();
    }
    return false;
}

struct thread *threads_self_at_once(void)
{
    return self || !lock_patiently() ? self : find_self();
}

void threads_find_own_bounds(struct thread *t)
{
    pthread_attr_t attr;
    void *low;
    size_t size;
    if (pthread_getattr_np(pthread_self(), &attr) != 0)
        return;
    if (pthread_attr_getstack(&attr, &low, &size) == 0) {
        atomic_store(&t->stack_low, (uintptr_t)low);
        atomic_store(&t->stack_high, (uintptr_t)low + size);
    }
    pthread_attr_destroy(&attr);
}

static void lock_labels(struct thread *t)
{
    while (atomic_exchange_explicit(&t->labels_locked, true, memory_order_acquire))
        sched_yield();
}

static void unlock_labels(struct thread *t)
{
    atomic_store_explicit(&t->labels_locked, false, memory_order_release);
}

void threads_set_labels(struct thread *t, struct labels *labels)
{
    lock_labels(t);
    struct labels *old = atomic_exchange(&t->labels, labels);
    unlock_labels(t);
    labels_drop(old);
}

struct labels *threads_hold_labels(struct thread *t)
{
    lock_labels(t);
    struct labels *labels = labels_hold(atomic_load(&t->labels));
    unlock_labels(t);
    return labels;
}

void threads_mark_ours(void)
{
    struct thread *t = threads_self();
    if (!t)
        return;
    threads_lock();
    t->ours = true;
    threads_unlock();
}

/* --- all of them */

static bool has_ended(const struct thread *t)
{
    return !t->tid || (syscall(SYS_tgkill, getpid(), t->tid, 0) != 0 && errno == ESRCH);
}

static void note_task(pid_t tid, void (*gone)(struct thread *t))
{
    struct thread *t = find(tid);
    if (t && !is_same(t)) {
        gone(t);
        forget(t);
        t = NULL;
    }
    if (!t) {
        t = add(tid);
        atomic_store(&state.found, true);
    }
    if (!t)
        return;
    t->seen = true;
    uintptr_t asked = atomic_exchange(&t->stack_asked, 0);
    if (asked)
        threads_find_bounds(t, asked);
}

pid_t threads_next_task(DIR *tasks)
{
    pid_t tid = 0;
    for (struct dirent *task; tid <= 0 && (task = readdir(tasks));)
        tid = (pid_t)strtol(task->d_name, NULL, 10);
    return tid;
}

void threads_scan(void (*gone)(struct thread *t))
{
    DIR *tasks = opendir("/proc/self/task");
    if (!tasks)
        return;
    quiet_lock(&state.lock);
    for (pid_t tid; (tid = threads_next_task(tasks));)
        note_task(tid, gone);
    for (uint32_t i = 0; i < atomic_load(&state.used); i++) {
        struct thread *t = threads_get(i);
        /* the kernel may leave out a thread when another one ends meanwhile */
        if (t && !t->seen && has_ended(t)) {
            gone(t);
            forget(t);
        } else if (t) {
            t->seen = false;
        }
    }
    quiet_unlock(&state.lock);
    closedir(tasks);
}

bool threads_are_ours(void)
{
    DIR *tasks = opendir("/proc/self/task");
    bool ours = true;
    if (!tasks)
        return false;
    quiet_lock(&state.lock);
    for (pid_t tid; ours && (tid = threads_next_task(tasks));) {
        struct thread *t = find(tid);
        ours = tid == getpid() || (t && t->ours);
    }
    quiet_unlock(&state.lock);
    closedir(tasks);
    return ours;
}

bool threads_were_found(void)
{
    return atomic_exchange(&state.found, false);
}

void threads_each(void (*each)(struct thread *t, void *context), void *context)
{
    quiet_lock(&state.lock);
    for (uint32_t i = 0; i < atomic_load(&state.used); i++) {
        struct thread *t = threads_get(i);
        if (t && !t->ours)
            each(t, context);
    }
    quiet_unlock(&state.lock);
}

bool threads_with(pid_t tid, bool add_new, void (*use)(struct thread *t, void *context),
                  void *context)
{
    quiet_lock(&state.lock);
    struct thread *t = find(tid);
    if (!t && add_new)
        t = add(tid);
    if (t)
        use(t, context);
    quiet_unlock(&state.lock);
    return t != NULL;
}

void threads_forget_ended(void)
{
    quiet_lock(&state.lock);
    for (uint32_t i = 0; i < atomic_load(&state.used); i++) {
        struct thread *t = threads_get(i);
        if (!t || atomic_load(&t->ring.read) != atomic_load(&t->ring.written) ||
            atomic_load(&t->lost) || !has_ended(t))
            continue;
        threads_disarm(t);
        forget(t);
    }
    quiet_unlock(&state.lock);
}

bool threads_read_modules(const struct modules *m)
{
    bool reading = false;
    quiet_lock(&state.lock);
    for (uint32_t i = 0; i < atomic_load(&state.used) && !reading; i++) {
        struct thread *t = threads_get(i);
        reading =
            t && (atomic_load(&t->pin.reading) == m || atomic_load(&t->call_pin.reading) == m);
    }
    quiet_unlock(&state.lock);
    return reading;
}

void threads_lock(void)
{
    quiet_lock(&state.lock);
}

void threads_unlock(void)
{
    quiet_unlock(&state.lock);
}

void threads_in_child(void)
{
    for (uint32_t i = 0; i < atomic_load(&state.used); i++) {
        struct thread *t = threads_get(i);
        if (t && t != self)
            forget(t);
    }
    if (self) {
        self->tid = (pid_t)syscall(SYS_gettid);
        self->cpu_seen = 0; /* its clock begins anew */
        self->armed = false;
        atomic_store(&self->lost, 0);
        atomic_store(&self->labels_locked, false);
        atomic_store(&self->ring.read, atomic_load(&self->ring.written));
    }
}
