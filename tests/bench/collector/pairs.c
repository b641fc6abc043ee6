/* What a call and its counterpart cost: malloc and free, pthread_mutex_lock and unlock.
 *
 * usage: pairs [heap|locks]       prints "SMALL RANDOM LOCK", nanoseconds for a pair
 *
 * SMALL blocks have 64 bytes, RANDOM ones 16 to 1024, the logarithm evenly spread, and sixteen of
 * them live at a time. With an argument a profile of that kind is on, at its usual rate. Numbers
 * are medians of short batches, few of which meet a sample: what a pair costs that is not sampled.
 */
#include "bench.h"
#include "cpprof.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { BATCHES = 4000, PAIRS = 256, SIZES = 1024, LIVE = 16 };

static size_t sizes[SIZES];
static long long took[BATCHES];
static void *volatile live[LIVE];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void small(int batch)
{
    (void)batch;
    for (int i = 0; i < PAIRS; i++) {
        void *volatile block = malloc(64);
        free(block);
    }
}

static void any_size(int batch)
{
    const size_t *size = sizes + batch * PAIRS % SIZES;
    for (int i = 0; i < PAIRS; i++) {
        free(live[i % LIVE]);
        live[i % LIVE] = malloc(size[i]);
    }
}

static void lock(int batch)
{
    (void)batch;
    for (int i = 0; i < PAIRS; i++) {
        pthread_mutex_lock(&mutex);
        pthread_mutex_unlock(&mutex);
    }
}

static void *nothing(void *unused)
{
    return unused;
}

static double median_pair(void (*run)(int batch))
{
    for (int b = 0; b < BATCHES; b++) {
        long long began = bench_ns(CLOCK_MONOTONIC);
        run(b);
        took[b] = bench_ns(CLOCK_MONOTONIC) - began;
    }
    return (double)bench_median(took, BATCHES) / PAIRS;
}

int main(int argc, char **argv)
{
    pthread_t thread;
    unsigned x = 1;
    int error = 0;
    if (argc > 1 && !strcmp(argv[1], "heap"))
        error = cpprof_heap_start(0);
    if (argc > 1 && !strcmp(argv[1], "locks"))
        error = cpprof_block_start(0) | cpprof_mutex_start(0);
    if (error)
        return 1;
    for (int i = 0; i < SIZES; i++) {
        x = x * 1664525 + 1013904223;
        unsigned power = 4 + (x >> 24) % 6;
        sizes[i] = (1U << power) + (x >> 8) % (1U << power);
    }
    /* The C library takes short cuts in a process that never had two threads. */
    if (pthread_create(&thread, NULL, nothing, NULL) != 0 || pthread_join(thread, NULL) != 0)
        return 1;
    double of_small = median_pair(small), of_any = median_pair(any_size);
    printf("%.2f %.2f %.2f\n", of_small, of_any, median_pair(lock));
    return 0;
}
