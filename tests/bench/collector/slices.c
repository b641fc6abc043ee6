/* What a profile at 100 Hz takes from a busy core.
 *
 * usage: slices FILE PAIRS       prints "SLOWER OTHERS", both in parts per million
 *
 * One thread does the same work again and again, 34 frames deep, in slices of about 10 ms, so that
 * a tick falls into each; in turn with a profile and without, some slices at a time. SLOWER is how
 * much more CPU time the median slice takes under a profile than just before and after it, the
 * median of all PAIRS. OTHERS is the CPU time that other threads of the process take, those of the
 * profiler, in a second and a half under one more profile, half a second after its start.
 */
#include "bench.h"
#include "cpprof.h"
#include "deep.h"

#include <stdio.h>
#include <string.h>

enum {
    ROUNDS = 3000,
    WORDS = 1 << 12,
    SKIPPED = 3,
    SLICES = 20,
    MOST = 1000,
    SETTLE = 50,
    LONG = 150
};

static const char *path;
static int pairs;
static volatile unsigned result;
static double slower, others;

static unsigned slice(unsigned x)
{
    static unsigned words[WORDS];
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < 1024; i++) {
            x = x * 1664525 + 1013904223;
            x += words[x >> 20] += x;
        }
    return x;
}

static double median_slice(int profiled)
{
    long long took[SLICES];
    if (profiled && cpprof_cpu_start(path, 100) != 0)
        exit(1);
    for (int i = -SKIPPED; i < SLICES; i++) {
        long long began = bench_ns(CLOCK_THREAD_CPUTIME_ID);
        result = slice(result);
        if (i >= 0)
            took[i] = bench_ns(CLOCK_THREAD_CPUTIME_ID) - began;
    }
    if (profiled)
        cpprof_cpu_stop();
    return (double)bench_median(took, SLICES);
}

static long long others_time(void)
{
    return bench_ns(CLOCK_PROCESS_CPUTIME_ID) - bench_ns(CLOCK_THREAD_CPUTIME_ID);
}

static double share_of_others(void)
{
    long long used, began;
    if (cpprof_cpu_start(path, 100) != 0)
        exit(1);
    for (int i = 0; i < SETTLE; i++)
        result = slice(result);
    used = others_time(), began = bench_ns(CLOCK_MONOTONIC);
    for (int i = 0; i < LONG; i++)
        result = slice(result);
    double share =
        (double)(others_time() - used) * 1e6 / (double)(bench_ns(CLOCK_MONOTONIC) - began);
    cpprof_cpu_stop();
    return share;
}

static void work(void)
{
    static long long ratios[MOST];
    double before = median_slice(0);
    for (int i = 0; i < pairs; i++) {
        double under = median_slice(1), after = median_slice(0);
        ratios[i] = (long long)((2 * under / (before + after) - 1) * 1e9);
        before = after;
    }
    slower = (double)bench_median(ratios, (size_t)pairs) / 1e3;
    others = share_of_others();
}

int main(int argc, char **argv)
{
    if (argc != 3 || (pairs = atoi(argv[2])) < 1 || pairs > MOST)
        return 2;
    path = argv[1];
    deep_call(work);
    printf("%.0f %.0f\n", slower, others);
    return 0;
}
