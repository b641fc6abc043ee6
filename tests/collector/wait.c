/* Threads that wait for each other in known ways, for `cpprof record --block --mutex`.
 *
 * usage: wait
 *
 * hold_20ms holds a mutex for 20 ms, 20 times, while want_lock wants it; a condition is waited for
 * 10 times 20 ms in want_signal, a semaphore in want_post, the threads' end in want_end; each
 * function that gives up at some time does so once in want_until, after 20 ms.
 */
#define _GNU_SOURCE 1 /* clocks to wait by */

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <time.h>

/* Keeps the call before it from being a jump, which would leave the function out of the stack. */
#define STAY __asm__ volatile("")

enum { ROUNDS = 10 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, other = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t together;
static sem_t semaphore;
static volatile int signalled;

static void nap(void)
{
    struct timespec t = {0, 20000000};
    nanosleep(&t, NULL);
}

__attribute__((noinline)) static void hold_20ms(void)
{
    pthread_mutex_lock(&mutex);
    pthread_barrier_wait(&together);
    nap();
    pthread_mutex_unlock(&mutex);
    STAY;
}

__attribute__((noinline)) static void want_lock(void)
{
    pthread_barrier_wait(&together);
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
}

__attribute__((noinline)) static void want_signal(int round)
{
    pthread_mutex_lock(&other);
    while (signalled <= round)
        pthread_cond_wait(&condition, &other);
    pthread_mutex_unlock(&other);
}

__attribute__((noinline)) static void want_post(void)
{
    sem_wait(&semaphore);
    STAY;
}

static void *holder(void *unused)
{
    for (int i = 0; i < ROUNDS; i++) {
        hold_20ms();
        pthread_barrier_wait(&together);
        nap();
        pthread_mutex_lock(&other);
        signalled = i + 1;
        pthread_cond_signal(&condition);
        pthread_mutex_unlock(&other);
        nap();
        sem_post(&semaphore);
    }
    return unused;
}

static void *waiter(void *unused)
{
    for (int i = 0; i < ROUNDS; i++) {
        want_lock();
        pthread_barrier_wait(&together);
        want_signal(i);
        want_post();
    }
    return unused;
}

__attribute__((noinline)) static void want_end(pthread_t thread)
{
    pthread_join(thread, NULL);
    STAY;
}

static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_t main_thread;

static struct timespec in_20ms(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    t.tv_nsec += 20000000;
    t.tv_sec += t.tv_nsec / 1000000000;
    t.tv_nsec %= 1000000000;
    return t;
}

/* What is waited for is not to be had. Returns what did not end at its time. */
__attribute__((noinline)) static int want_until(void)
{
    enum { REAL = CLOCK_REALTIME, STEADY = CLOCK_MONOTONIC };
    int early = 0;
#define UNTIL(clock, call)                                                                         \
    do {                                                                                           \
        struct timespec until = in_20ms(clock);                                                    \
        int error = (call);                                                                        \
        early += (error < 0 ? errno : error) != ETIMEDOUT;                                         \
    } while (0)
    UNTIL(REAL, pthread_mutex_timedlock(&mutex, &until));
    UNTIL(STEADY, pthread_mutex_clocklock(&mutex, STEADY, &until));
    UNTIL(REAL, pthread_rwlock_timedrdlock(&rwlock, &until));
    UNTIL(STEADY, pthread_rwlock_clockrdlock(&rwlock, STEADY, &until));
    UNTIL(REAL, pthread_rwlock_timedwrlock(&rwlock, &until));
    UNTIL(STEADY, pthread_rwlock_clockwrlock(&rwlock, STEADY, &until));
    UNTIL(REAL, sem_timedwait(&semaphore, &until));
    UNTIL(STEADY, sem_clockwait(&semaphore, STEADY, &until));
    UNTIL(REAL, pthread_timedjoin_np(main_thread, NULL, &until));
    UNTIL(STEADY, pthread_clockjoin_np(main_thread, NULL, STEADY, &until));
    return early;
}

static void *late(void *unused)
{
    int early = want_until();
    if (early)
        printf("%d of 10 did not end at their time\n", early);
    return unused;
}

int main(void)
{
    pthread_t threads[2];
    main_thread = pthread_self();
    sem_init(&semaphore, 0, 0);
    pthread_barrier_init(&together, NULL, 2);
    pthread_create(&threads[0], NULL, holder, NULL);
    pthread_create(&threads[1], NULL, waiter, NULL);
    want_end(threads[0]);
    want_end(threads[1]);
    pthread_mutex_lock(&mutex);
    pthread_rwlock_wrlock(&rwlock);
    pthread_create(&threads[0], NULL, late, NULL);
    want_end(threads[0]);
    printf("done\n");
    return 0;
}
