#include "collector/housekeeper.h"

#include "collector/hooks.h"
#include "collector/threads.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <time.h>

enum { PAUSE_NS = 100 * 1000 * 1000 };

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t thread;
    bool running, stop, woken;
    void (*work)(void);
} state = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static void pause_or_wake(void)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += PAUSE_NS;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    if (!state.stop && !state.woken)
        pthread_cond_timedwait(&state.changed, &state.lock, &until);
    state.woken = false;
}

static void *run(void *unused)
{
    (void)unused;
    threads_mark_ours();
    pthread_mutex_lock(&state.lock);
    while (!state.stop) {
        pthread_mutex_unlock(&state.lock);
        state.work();
        pthread_mutex_lock(&state.lock);
        pause_or_wake();
    }
    pthread_mutex_unlock(&state.lock);
    return NULL;
}

int housekeeper_start(void (*work)(void))
{
    sigset_t all, old;
    state.work = work;
    state.stop = false;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    int error = hooks_real_pthread_create(&state.thread, NULL, run, NULL);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    state.running = !error;
    return error;
}

void housekeeper_stop(void)
{
    if (!state.running)
        return;
    pthread_mutex_lock(&state.lock);
    state.stop = true;
    pthread_cond_signal(&state.changed);
    pthread_mutex_unlock(&state.lock);
    pthread_join(state.thread, NULL);
    state.running = false;
}

void housekeeper_wake(void)
{
    pthread_mutex_lock(&state.lock);
    state.woken = true;
    pthread_cond_signal(&state.changed);
    pthread_mutex_unlock(&state.lock);
}

void housekeeper_after_fork(void)
{
    pthread_mutex_init(&state.lock, NULL);
    pthread_cond_init(&state.changed, NULL);
    state.running = false;
}
