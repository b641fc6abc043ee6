/* What the hosts share: work that takes time enough to be profiled, with a result that is always
 * the same. */
#ifndef CPPROF_TESTS_HOSTS_WORK_H
#define CPPROF_TESTS_HOSTS_WORK_H

#include <stdlib.h>
#include <time.h>

/* CPU time of the process in milliseconds. */
static inline long cpu_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * 1000L + t.tv_nsec / 1000000;
}

/* A number that depends on SEED only: sums over blocks of memory that come and go. */
static inline unsigned work_some(unsigned seed)
{
    unsigned sum = seed, x = seed | 1;
    for (int i = 0; i < 200; i++) {
        x = x * 1664525 + 1013904223;
        size_t size = 1 + x % 3000;
        unsigned char *block = (unsigned char *)malloc(size);
        if (!block)
            abort();
        for (size_t k = 0; k < size; k += 7)
            block[k] = (unsigned char)(x >> k % 24);
        sum = sum * 31 + block[size / 7 * 7 < size ? size / 7 * 7 : 0];
        free(block);
    }
    return sum;
}

#endif
