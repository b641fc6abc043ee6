/* Burns CPU in known shares, in several threads, under a profile, and prints what it used.
 *
 * usage: burn FILE HZ THREADS MILLISECONDS       each thread: 3/4 in burn_most, 1/4 in burn_rest,
 *                                                in turn called by worker_even and worker_odd
 *
 * Prints the CPU time of the process while the profile was made, in nanoseconds.
 */
#include "cpprof.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static long long budget; /* of CPU time, per thread */

static long long clock_ns(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static unsigned spin(unsigned x)
{
    for (int i = 0; i < 20000; i++)
        x = x * 1664525 + 1013904223;
    return x;
}

/* Spins until the thread has used UNTIL nanoseconds. */
__attribute__((noinline)) static unsigned burn_most(long long until, unsigned x)
{
    while (clock_ns(CLOCK_THREAD_CPUTIME_ID) < until)
        x = spin(x);
    return x + 1;
}

__attribute__((noinline)) static unsigned burn_rest(long long until, unsigned x)
{
    while (clock_ns(CLOCK_THREAD_CPUTIME_ID) < until)
        x = spin(x);
    return x + 2;
}

static unsigned work(const char *label)
{
    unsigned x = 1, random = 1;
    long long used = 0;
    cpprof_label_set("worker", label);
    while (used < budget) {
        /* of 2 to 6 ms: steps as long as the kernel's would always be seen at the same place */
        long long step = 2000000 + (random >> 8) % 4000000;
        random = random * 1664525 + 1013904223;
        x = burn_most(used + step * 3 / 4, x);
        x = burn_rest(used += step, x);
    }
    return x;
}

__attribute__((noinline)) static void *worker_even(void *unused)
{
    return work("even") ? NULL : unused;
}

__attribute__((noinline)) static void *worker_odd(void *unused)
{
    return work("odd") ? NULL : unused;
}

static long long cpu_used(void)
{
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    return (r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1000000000LL +
           (r.ru_utime.tv_usec + r.ru_stime.tv_usec) * 1000LL;
}

int main(int argc, char **argv)
{
    pthread_t threads[64];
    if (argc != 5)
        return 2;
    int hz = atoi(argv[2]), count = atoi(argv[3]);
    budget = atoll(argv[4]) * 1000000;
    long long began = cpu_used();
    int error = cpprof_cpu_start(argv[1], hz);
    if (error) {
        fprintf(stderr, "start: %s\n", strerror(error));
        return 1;
    }
    for (int i = 0; i < count; i++)
        pthread_create(&threads[i], NULL, i % 2 ? worker_odd : worker_even, NULL);
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    long long used = cpu_used() - began;
    error = cpprof_cpu_stop();
    if (error) {
        fprintf(stderr, "stop: %s\n", strerror(error));
        return 1;
    }
    printf("%lld\n", used);
    return 0;
}
