/* Threads with stacks of 64 KB, of which the host uses 48, and of the least size there may be.
 * Prints a sum. */
#include "work.h"

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned total;

static unsigned go_deep(unsigned levels, unsigned seed)
{
    volatile unsigned char room[1024];
    memset((void *)room, (int)seed, sizeof room);
    unsigned sum = levels ? go_deep(levels - 1, seed + 1) : work_some(seed);
    return sum + room[seed % sizeof room];
}

static void *run(void *levels)
{
    for (unsigned i = 0; i < 100; i++) {
        unsigned sum = go_deep((unsigned)(size_t)levels, i);
        pthread_mutex_lock(&lock);
        total += sum;
        pthread_mutex_unlock(&lock);
    }
    return NULL;
}

static void run_threads(size_t stack, size_t levels)
{
    pthread_t threads[8];
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    if (pthread_attr_setstacksize(&attr, stack) != 0)
        exit(1);
    for (int round = 0; round < 8; round++) {
        for (int i = 0; i < 8; i++)
            if (pthread_create(&threads[i], &attr, run, (void *)levels) != 0)
                exit(1);
        for (int i = 0; i < 8; i++)
            pthread_join(threads[i], NULL);
    }
    pthread_attr_destroy(&attr);
}

int main(void)
{
    run_threads(65536, 42);
    run_threads((size_t)PTHREAD_STACK_MIN, 1);
    printf("%u\n", total);
    return 0;
}
