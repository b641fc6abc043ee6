/* Waits in several threads for something that comes late, and tells if a system call that goes on
 * after a stop did not. Ends with status 0 at SIGUSR1, after which everybody gets what he waits
 * for.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { WAITERS = 4 };

static int ends[2];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int go_on;
static int bad;

static void check(const char *what, int good)
{
    if (good)
        return;
    printf("%s: %s\n", what, strerror(errno));
    fflush(stdout);
    bad = 1;
}

static void *do_poll(void *unused)
{
    struct pollfd fd = {ends[0], POLLIN, 0};
    check("poll", poll(&fd, 1, 60000) == 1);
    return unused;
}

static void *do_read(void *unused)
{
    char c;
    check("read", read(ends[0], &c, 1) == 1);
    return unused;
}

static void *do_sleep(void *unused)
{
    check("nanosleep", nanosleep(&(struct timespec){.tv_sec = 1}, NULL) == 0);
    return unused;
}

static void *do_wait(void *unused)
{
    pthread_mutex_lock(&lock);
    while (!go_on)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void)
{
    static void *(*const functions[WAITERS])(void *) = {do_poll, do_read, do_sleep, do_wait};
    pthread_t threads[WAITERS];
    sigset_t set;
    int signal;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    if (pipe(ends) != 0)
        return 1;
    for (int i = 0; i < WAITERS; i++)
        pthread_create(&threads[i], NULL, functions[i], NULL);
    puts("on");
    fflush(stdout);
    sigwait(&set, &signal);
    check("write", write(ends[1], "ab", 2) == 2);
    pthread_mutex_lock(&lock);
    go_on = 1;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
    for (int i = 0; i < WAITERS; i++)
        pthread_join(threads[i], NULL);
    return bad;
}
