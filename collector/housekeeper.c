#include "collector/housekeeper.h"

#include "collector/clock.h"
#include "collector/contention.h"
#include "collector/heap.h"
#include "collector/hooks.h"
#include "collector/quiet.h"
#include "collector/threads.h"

#include <errno.h>
#include <limits.h>
#include <linux/close_range.h>
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
    FIRST_PAUSE_NS = 5 * 1000 * 1000,
    FOUND_PAUSE_NS = 100 * 1000 * 1000, /* where there was one unknown thread, there are more */
    PAUSE_NS = 999 * 1000 * 1000,
};

static struct {
    pthread_mutex_t lock; /* adding and removing exclude each other */
    pthread_mutex_t busy; /* held while work is done */
    pthread_t thread;
    sem_t woken;
    _Atomic bool running, stop;
    void (*work[HOUSEKEEPER_MOST])(void);
    void (*_Atomic asked)(void); /* by housekeeper_do */
    _Atomic uint32_t done;       /* how often that was done; a futex */
} state = {.lock = PTHREAD_MUTEX_INITIALIZER, .busy = PTHREAD_MUTEX_INITIALIZER};

/* The program should find every number free that it counts on, and what it closes or replaces
 * should not be ours, not even for the moment that we read a folder. If the kernel refuses (before
 * Linux 5.9, in a sandbox), descriptors are shared. */
static void leave_descriptors(void)
{
    syscall(SYS_close_range, 0U, ~0U, CLOSE_RANGE_UNSHARE);
}

/* Until the pause is over or somebody wakes us. */
static void pause_a_while(long ns)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += ns;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    while (sem_timedwait(&state.woken, &until) != 0 && errno == EINTR)
        ;
}

/* Does what housekeeper_do asks for; false: nothing. */
static bool answer(void)
{
    void (*asked)(void) = atomic_exchange(&state.asked, NULL);
    if (!asked)
        return false;
    asked();
    atomic_fetch_add(&state.done, 1);
    syscall(SYS_futex, &state.done, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
    return true;
}

static void keep_house(void)
{
    modules_refresh(threads_read_modules);
    quiet_lock(&state.busy);
    for (size_t i = 0; i < HOUSEKEEPER_MOST; i++)
        if (state.work[i])
            state.work[i]();
    quiet_unlock(&state.busy);
}

static void *run(void *unused)
{
    (void)unused;
    leave_descriptors();
    quiet_begin();
    threads_mark_ours();
    long pause = FIRST_PAUSE_NS;
    pause_a_while(pause);
    while (!state.stop) {
        if (!answer())
            keep_house();
        pause = 2 * pause < PAUSE_NS ? 2 * pause : PAUSE_NS;
        if (threads_were_found() && pause > FOUND_PAUSE_NS)
            pause = FOUND_PAUSE_NS;
        pause_a_while(pause);
    }
    return NULL;
}

/* With the lock held. */
static int start(void)
{
    state.stop = false;
    sem_init(&state.woken, 0, 0);
    int error = hooks_create_own(&state.thread, run);
    state.running = !error;
    return error;
}

static void stop(void)
{
    state.stop = true;
    sem_post(&state.woken);
    pthread_join(state.thread, NULL);
    state.running = false;
}

/* Puts TO in the place of FROM; false if FROM is nowhere. */
static bool replace_work(void (*from)(void), void (*to)(void))
{
    bool found = false;
    quiet_lock(&state.busy);
    for (size_t i = 0; i < HOUSEKEEPER_MOST && !found; i++) {
        found = state.work[i] == from;
        if (found)
            state.work[i] = to;
    }
    quiet_unlock(&state.busy);
    return found;
}

static bool has_work(void)
{
    for (size_t i = 0; i < HOUSEKEEPER_MOST; i++)
        if (state.work[i])
            return true;
    return false;
}

int housekeeper_add(void (*work)(void))
{
    quiet_lock(&state.lock);
    int error = replace_work(NULL, work) ? 0 : EAGAIN;
    if (!error && !state.running) {
        error = start();
        if (error)
            replace_work(work, NULL);
    }
    quiet_unlock(&state.lock);
    return error;
}

void housekeeper_remove(void (*work)(void))
{
    quiet_lock(&state.lock);
    replace_work(work, NULL);
    if (state.running && !has_work())
        stop();
    quiet_unlock(&state.lock);
}

void housekeeper_wake(void)
{
    int value;
    if (state.running && sem_getvalue(&state.woken, &value) == 0 && value == 0)
        sem_post(&state.woken);
}

void housekeeper_do(void (*work)(void), int64_t ns)
{
    int64_t end = clock_ns(CLOCK_MONOTONIC) + ns;
    uint32_t done = atomic_load(&state.done);
    if (!state.running)
        return;
    atomic_store(&state.asked, work);
    sem_post(&state.woken);
    while (atomic_load(&state.done) == done) {
        int64_t left = end - clock_ns(CLOCK_MONOTONIC);
        struct timespec wait = {left / 1000000000, left % 1000000000};
        if (left <= 0)
            return;
        syscall(SYS_futex, &state.done, FUTEX_WAIT_PRIVATE, done, &wait, NULL, 0);
    }
}

bool housekeeper_is_on(void)
{
    return state.running;
}

void housekeeper_lock(void)
{
    quiet_lock(&state.lock);
    quiet_lock(&state.busy);
}

void housekeeper_unlock(void)
{
    quiet_unlock(&state.busy);
    quiet_unlock(&state.lock);
}

void housekeeper_in_child(void)
{
    state.running = false;
    atomic_store(&state.asked, NULL);
    for (size_t i = 0; i < HOUSEKEEPER_MOST; i++)
        state.work[i] = NULL;
}
