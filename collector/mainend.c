#include "collector/mainend.h"

#include "collector/hooks.h"
#include "collector/housekeeper.h"
#include "collector/threads.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

enum {
    LAST_ROUND = 3, /* of the four that POSIX promises: other destructors come first */
    MOST_PAUSE_NS = 100 * 1000 * 1000,
    PATIENCE_NS = 1000 * 1000 * 1000,
};

static struct {
    pthread_key_t key; /* its value: the round */
    _Atomic bool alone;
} state;

/* In the housekeeper, whose descriptors are its own. */
static void look(void)
{
    atomic_store(&state.alone, threads_are_ours());
}

/* Without a housekeeper nobody keeps the process. And whoever joins the main thread waits for it to
 * end: better it does. */
static void stay(void)
{
    struct timespec pause = {0, 1000 * 1000};
    while (housekeeper_is_on() && !hooks_main_is_joined()) {
        housekeeper_do(look, PATIENCE_NS);
        if (atomic_load(&state.alone))
            exit(EXIT_SUCCESS);
        nanosleep(&pause, NULL);
        if (pause.tv_nsec < MOST_PAUSE_NS)
            pause.tv_nsec *= 2;
    }
}

/* Without signals: those sent to the process are for the threads that are left. */
static void end(void *round)
{
    sigset_t all;
    if ((uintptr_t)round < LAST_ROUND) {
        pthread_setspecific(state.key, (void *)((uintptr_t)round + 1));
        return;
    }
    sigfillset(&all);
    hooks_real_sigmask(SIG_SETMASK, &all, NULL);
    stay();
}

void mainend_watch(void)
{
    if (pthread_key_create(&state.key, end) == 0) {
        pthread_setspecific(state.key, (void *)1);
        hooks_set_main();
    }
}
