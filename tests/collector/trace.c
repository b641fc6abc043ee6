/* Threads that do what their trace is to show.
 *
 * usage: trace FILE [flood]      prints nanoseconds of an event without a trace; with "flood", in
 * the trace as well, of more events than there is room for
 */
#include "cpprof.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SLEEPS = 20, ROUNDS = 1000, TIMED = 200000 };

static sem_t handed_over;
static sigset_t own_signal; /* of the thread that is interrupted */
static uint64_t handed_task;
static _Atomic int locks; /* the thread is about to */

static void nap(long ms)
{
    nanosleep(&(struct timespec){0, ms * 1000000}, NULL);
}

/* Sleeps so many times: as many switches, at least. */
static void *sleeper(void *unused)
{
    pthread_setname_np(pthread_self(), "sleeper");
    for (int i = 0; i < SLEEPS; i++)
        nap(1);
    return unused;
}

static void *nested(void *unused)
{
    pthread_setname_np(pthread_self(), "nested");
    for (int i = 0; i < ROUNDS; i++) {
        cpprof_region_begin("outer", 0);
        cpprof_region_begin("inner \"quoted\" \x01 \xFF", 0);
        cpprof_log(0, "count", "a log");
        cpprof_region_end();
        cpprof_region_end();
        if (i % 50 == 0)
            nap(1);
    }
    cpprof_region_end(); /* of nothing */
    cpprof_region_begin("open at the end", 0);
    return unused;
}

/* Ends the task another thread has begun. */
static void *taker(void *unused)
{
    pthread_setname_np(pthread_self(), "taker");
    sem_wait(&handed_over);
    cpprof_region_begin("second half", handed_task);
    uint64_t part = cpprof_task_begin("part", handed_task);
    nap(2);
    cpprof_task_end(part);
    cpprof_region_end();
    cpprof_task_end(handed_task);
    return unused;
}

static void on_signal(int signal)
{
    (void)signal;
    cpprof_region_begin("handler", 0);
    cpprof_region_end();
}

static void *locker(void *lock)
{
    pthread_setname_np(pthread_self(), "locker");
    locks = 1;
    pthread_mutex_lock(lock);
    pthread_mutex_unlock(lock);
    return NULL;
}

/* A thread whose handlers interrupt its own events. */
static void *interrupted(void *unused)
{
    timer_t timer;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    struct itimerspec often = {{0, 200000}, {0, 200000}};
    pthread_setname_np(pthread_self(), "interrupted");
    signal(SIGUSR1, on_signal);
    pthread_sigmask(SIG_UNBLOCK, &own_signal, NULL);
    timer_create(CLOCK_MONOTONIC, &event, &timer);
    timer_settime(timer, 0, &often, NULL);
    for (int i = 0; i < 2 * ROUNDS; i++) {
        cpprof_region_begin("work", 0);
        cpprof_region_end();
        if (i % 200 == 0)
            nap(1);
    }
    timer_delete(timer);
    pthread_sigmask(SIG_BLOCK, &own_signal, NULL);
    return unused;
}

static double time_events(void)
{
    struct timespec a, b;
    clock_gettime(CLOCK_MONOTONIC, &a);
    for (int i = 0; i < TIMED; i++) {
        cpprof_region_begin("timed", 0);
        cpprof_region_end();
    }
    clock_gettime(CLOCK_MONOTONIC, &b);
    return ((double)(b.tv_sec - a.tv_sec) * 1e9 + (double)(b.tv_nsec - a.tv_nsec)) / (2 * TIMED);
}

int main(int argc, char **argv)
{
    void *(*const runs[])(void *) = {sleeper, nested, taker, interrupted, locker};
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    enum { THREADS = sizeof runs / sizeof *runs };
    pthread_t threads[THREADS];
    if (argc < 2)
        return 2;
    sem_init(&handed_over, 0, 0);
    sigemptyset(&own_signal);
    sigaddset(&own_signal, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &own_signal, NULL);
    double off = time_events();
    if (cpprof_trace_stop() == 0 || cpprof_task_begin("off", 0) != 0 || cpprof_trace_is_on())
        return 3;
    if (cpprof_trace_start("/nowhere/at/all") == 0)
        return 4;
    int error = cpprof_trace_start(argv[1]);
    if (error) {
        fprintf(stderr, "%s\n", strerror(error));
        return 1;
    }
    if (cpprof_trace_start(argv[1]) == 0 || !cpprof_trace_is_on())
        return 5;
    cpprof_region_begin("first half", 0);
    handed_task = cpprof_task_begin("a task", 0);
    pthread_mutex_lock(&lock);
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, runs[i], &lock);
    while (!locks)
        nap(1);
    nap(5);
    pthread_mutex_unlock(&lock);
    cpprof_region_end();
    cpprof_task_begin("never ended", 0);
    sem_post(&handed_over);
    if (fork() == 0) { /* no trace in it, and the parent's goes on */
        cpprof_region_begin("child", 0);
        cpprof_region_end();
        _exit(cpprof_trace_is_on() || cpprof_trace_stop() == 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    double on = argc > 2 ? time_events() : 0;
    error = cpprof_trace_stop();
    printf("%.2f %.1f\n", off, on);
    return error;
}
