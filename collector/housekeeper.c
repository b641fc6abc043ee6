#include "collector/housekeeper.h"

#include "collector/hooks.h"
#include "collector/threads.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <time.h>

enum {
    FIRST_PAUSE_NS = 5 * 1000 * 1000,
    PAUSE_NS = 100 * 1000 * 1000,
};

static struct {
    pthread_t thread;
    sem_t woken;
    _Atomic bool running, stop;
    void (*work)(void);
} state;

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

static void *run(void *unused)
{
    (void)unused;
    threads_mark_ours();
    pause_a_while(FIRST_PAUSE_NS);
    while (!state.stop) {
        state.work();
        pause_a_while(PAUSE_NS);
    }
    return NULL;
}

int housekeeper_start(void (*work)(void))
{
    sigset_t all, old;
    state.work = work;
    state.stop = false;
    sem_init(&state.woken, 0, 0);
    sigfillset(&all);
    hooks_real_sigmask(SIG_SETMASK, &all, &old);
    int error = hooks_real_pthread_create(&state.thread, NULL, run, NULL);
    hooks_real_sigmask(SIG_SETMASK, &old, NULL);
    state.running = !error;
    return error;
}

void housekeeper_stop(void)
{
    if (!state.running)
        return;
    state.stop = true;
    sem_post(&state.woken);
    pthread_join(state.thread, NULL);
    state.running = false;
}

void housekeeper_wake(void)
{
    int value;
    if (state.running && sem_getvalue(&state.woken, &value) == 0 && value == 0)
        sem_post(&state.woken);
}

void housekeeper_after_fork(void)
{
    state.running = false;
}
