/* Threads that wait in every way, run, and begin, while their stacks are taken again and again;
 * none of them may notice.
 *
 * usage: threads FOLDER COUNT ROUNDS       COUNT threads that wait
 *
 * Writes FOLDER/threads.pb.gz, goroutine.txt (debug=1), threads.txt (debug=2). Prints the
 * milliseconds the longest taking took. The status is 1 if anyone saw EINTR or waited wrongly.
 */
#include "cpprof.h"

#include <alloca.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#ifdef __clang__ /* has no such attributes */
#define APART __attribute__((noinline))
#define WITH_FRAME __attribute__((noinline))
#else
#define APART __attribute__((noinline, noclone))
#define WITH_FRAME __attribute__((noinline, noclone, optimize("no-omit-frame-pointer")))
#endif

static int pipe_fds[2];
static sem_t never, soon;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static _Atomic int failed, ready;
static _Atomic int stop;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void check(const char *what, int good)
{
    if (!good) {
        fprintf(stderr, "%s: %s\n", what, strerror(errno));
        failed++;
    }
}

/* --- ways to wait; all end when the pipe is closed or the program says so */

APART static void wait_in_poll(void)
{
    struct pollfd fd = {.fd = pipe_fds[0]};
    check("poll", poll(&fd, 1, -1) > 0);
}

/* Its time has to be kept: a wait that is begun anew each time would never end. */
APART static void wait_in_timed_poll(void)
{
    while (!stop) {
        double began = now();
        check("timed poll", poll(NULL, 0, 300) == 0);
        check("time of poll", now() - began < 2);
    }
}

APART static void wait_in_sleep(void)
{
    while (!stop) {
        struct timespec t = {0, 200000000};
        check("nanosleep", nanosleep(&t, NULL) == 0);
    }
}

APART static void wait_in_read(void)
{
    char byte;
    check("read", read(pipe_fds[0], &byte, 1) == 0);
}

APART static void wait_in_epoll(void)
{
    struct epoll_event event;
    int fd = epoll_create1(0);
    event.events = EPOLLHUP;
    epoll_ctl(fd, EPOLL_CTL_ADD, pipe_fds[0], &event);
    check("epoll_wait", epoll_wait(fd, &event, 1, -1) == 1);
    close(fd);
}

APART static void wait_in_semaphore(void)
{
    check("sem_wait", sem_wait(&never) == 0);
}

APART static void wait_in_timed_semaphore(void)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 3600;
    check("sem_timedwait", sem_timedwait(&soon, &until) == 0);
}

APART static void wait_in_condition(void)
{
    pthread_mutex_lock(&mutex);
    while (!stop)
        pthread_cond_wait(&condition, &mutex);
    pthread_mutex_unlock(&mutex);
}

WITH_FRAME static void wait_with_frame(volatile int *depth)
{
    int local = *depth - 1;
    if (local > 0)
        wait_with_frame(&local);
    else
        wait_in_poll();
    *depth = local + 1;
}

WITH_FRAME static void wait_with_array(volatile size_t size)
{
    volatile char *array = alloca(size);
    array[0] = 1;
    wait_in_poll();
    array[size - 1] = array[0];
}

APART static void run_along(void)
{
    volatile unsigned x = 0;
    while (!stop)
        x = x * 1664525 + 1013904223;
}

static void begin_with_frame(void)
{
    volatile int depth = 3;
    wait_with_frame(&depth);
}

static void begin_with_array(void)
{
    wait_with_array(1000);
    __asm__ volatile(""); /* no tail call */
}

static void (*const ways[])(void) = {
    wait_in_poll,     wait_in_timed_poll, wait_in_sleep,     wait_in_read,
    wait_in_epoll,    wait_in_semaphore,  wait_in_condition, wait_in_timed_semaphore,
    begin_with_frame, begin_with_array,
};
enum { WAYS = sizeof ways / sizeof *ways };

static void *wait_one_way(void *way)
{
    ready++;
    ways[(long)way]();
    return NULL;
}

static void *run_one(void *unused)
{
    cpprof_label_set("kind", "runner");
    ready++;
    run_along();
    return unused;
}

static void *short_life(void *unused)
{
    return unused;
}

/* Threads come and go all the time. */
static void *begin_others(void *unused)
{
    pthread_t thread;
    while (!stop)
        if (pthread_create(&thread, NULL, short_life, NULL) == 0)
            pthread_join(thread, NULL);
    return unused;
}

static double longest;

static void take(const char *name, const char *folder, const char *file, int debug)
{
    char path[4096];
    double began = now();
    snprintf(path, sizeof path, "%s/%s", folder, file);
    errno = cpprof_write(name, path, debug);
    check(name, errno == 0);
    if (now() - began > longest)
        longest = now() - began;
}

int main(int argc, char **argv)
{
    if (argc != 4 || pipe(pipe_fds) != 0)
        return 2;
    int count = atoi(argv[2]), rounds = atoi(argv[3]);
    pthread_t *threads = calloc((size_t)count + 2, sizeof *threads), beginner;
    pthread_attr_t small;
    sem_init(&never, 0, 0);
    sem_init(&soon, 0, 0);
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 65536);
    cpprof_label_set("kind", "waiter");
    for (long i = 0; i < count; i++)
        if (pthread_create(&threads[i], &small, wait_one_way, (void *)(i % WAYS)) != 0)
            return 2;
    cpprof_label_clear();
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[count + i], NULL, run_one, NULL);
    while (ready < count + 2)
        usleep(1000);
    usleep(50000); /* into their waits */
    take("threads", argv[1], "threads.pb.gz", 0);
    take("goroutine", argv[1], "goroutine.txt", 1);
    take("threads", argv[1], "threads.txt", 2);
    printf("%.0f\n", longest * 1000);
    pthread_create(&beginner, NULL, begin_others, NULL);
    for (int i = 0; i < rounds; i++)
        take("threads", argv[1], "again.pb.gz", 0);
    stop = 1;
    close(pipe_fds[1]);
    for (int i = 0; i < count; i++) {
        sem_post(&never);
        sem_post(&soon);
    }
    pthread_mutex_lock(&mutex);
    pthread_cond_broadcast(&condition);
    pthread_mutex_unlock(&mutex);
    for (int i = 0; i < count + 2; i++)
        pthread_join(threads[i], NULL);
    pthread_join(beginner, NULL);
    free(threads);
    return failed != 0;
}
