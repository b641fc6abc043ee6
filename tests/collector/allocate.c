/* Allocates a known set of blocks and keeps half of them, under a heap profile.
 *
 * usage: allocate [FILE [RATE]]       without FILE: for `cpprof record --heap`
 *
 * For each size from 16 B to 16 MB: as many blocks as make 128 MB, in keep_SIZE, and as many again
 * in drop_SIZE, which frees them. Prints "SIZE BYTES" for what is kept. Pages are never touched.
 */
#include "cpprof.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { TOTAL = 128 << 20 };

static void *keep(size_t size)
{
    for (size_t i = 0; i < TOTAL / size; i++) {
        void **block = malloc(size);
        if (!block)
            exit(1);
        __asm__ volatile("" : : "r"(block)); /* compilers may leave out what nobody looks at */
    }
    return NULL;
}

static void *drop(size_t size)
{
    for (size_t i = 0; i < TOTAL / size; i++) {
        void *block = i % 3 ? malloc(size) : calloc(1, size);
        if (i % 5 == 0)
            block = realloc(block, size);
        __asm__ volatile("" : : "r"(block));
        free(block);
    }
    return NULL;
}

#define SIZE(n)                                                                                    \
    __attribute__((noinline)) static void *keep_##n(void *unused)                                  \
    {                                                                                              \
        return keep(n) ? unused : NULL;                                                            \
    }                                                                                              \
    __attribute__((noinline)) static void *drop_##n(void *unused)                                  \
    {                                                                                              \
        return drop(n) ? unused : NULL;                                                            \
    }

SIZE(16)
SIZE(256)
SIZE(4096)
SIZE(65536)
SIZE(1048576)
SIZE(16777216)

static const struct {
    int size;
    void *(*keep)(void *), *(*drop)(void *);
} work[] = {
    {16, keep_16, drop_16},
    {256, keep_256, drop_256},
    {4096, keep_4096, drop_4096},
    {65536, keep_65536, drop_65536},
    {1048576, keep_1048576, drop_1048576},
    {16777216, keep_16777216, drop_16777216},
};

int main(int argc, char **argv)
{
    enum { COUNT = sizeof work / sizeof *work };
    pthread_t threads[COUNT];
    int error = 0;
    if (argc > 1)
        error = cpprof_heap_start(argc > 2 ? atoi(argv[2]) : 0);
    for (int i = 0; i < COUNT; i++)
        pthread_create(&threads[i], NULL, work[i].drop, NULL);
    for (int i = 0; i < COUNT; i++)
        work[i].keep(NULL);
    for (int i = 0; i < COUNT; i++)
        pthread_join(threads[i], NULL);
    if (argc > 1 && !error)
        error = cpprof_heap_write(argv[1]);
    printf("%d\n", TOTAL);
    return error || !argv;
}
