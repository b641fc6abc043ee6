/* A program with an allocator of its own, which locks through the C library, as jemalloc does: many
 * threads allocate at once, from many stacks, so that its lock is waited for everywhere. A profiler
 * that allocates while it holds a lock of its own waits for itself here.
 */
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 6, ROUNDS = 400, DEPTH = 24 };

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t align, size_t size);
void __libc_free(void *block);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned calls; /* with the lock */

static void take(void)
{
    pthread_mutex_lock(&lock);
    if (++calls % 16 == 0)
        sched_yield(); /* so that others come and wait */
}

void *malloc(size_t size)
{
    take();
    void *block = __libc_malloc(size);
    pthread_mutex_unlock(&lock);
    return block;
}

void *calloc(size_t count, size_t size)
{
    take();
    void *block = __libc_calloc(count, size);
    pthread_mutex_unlock(&lock);
    return block;
}

void *realloc(void *old, size_t size)
{
    take();
    void *block = __libc_realloc(old, size);
    pthread_mutex_unlock(&lock);
    return block;
}

void *memalign(size_t align, size_t size)
{
    take();
    void *block = __libc_memalign(align, size);
    pthread_mutex_unlock(&lock);
    return block;
}

void *aligned_alloc(size_t align, size_t size)
{
    return memalign(align, size);
}

int posix_memalign(void **block, size_t align, size_t size)
{
    return (*block = memalign(align, size)) ? 0 : 12;
}

void free(void *block)
{
    take();
    __libc_free(block);
    pthread_mutex_unlock(&lock);
}

/* One of 2^DEPTH stacks, told by the bits of WAY. */
static unsigned left(unsigned way, int depth);
static unsigned right(unsigned way, int depth);

static unsigned go(unsigned way, int depth)
{
    if (depth == 0) {
        unsigned char *block = malloc(1 + way % 2000);
        if (!block)
            abort();
        memset(block, (int)way, 1 + way % 2000);
        unsigned sum = block[way % 2000];
        free(block);
        return sum;
    }
    return way & 1 ? left(way >> 1, depth - 1) : right(way >> 1, depth - 1);
}

__attribute__((noinline)) static unsigned left(unsigned way, int depth)
{
    return go(way, depth) + 1;
}

__attribute__((noinline)) static unsigned right(unsigned way, int depth)
{
    return go(way, depth) + 2;
}

static void *work(void *number)
{
    unsigned x = (unsigned)(uintptr_t)number * 2654435761u, sum = 0;
    for (int i = 0; i < ROUNDS; i++) {
        x = x * 1664525 + 1013904223;
        sum += go(x >> 4, DEPTH);
    }
    return (void *)(uintptr_t)sum;
}

int main(void)
{
    pthread_t threads[THREADS];
    unsigned sum = 0;
    for (uintptr_t i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, work, (void *)(i + 1)) != 0)
            return 1;
    for (int i = 0; i < THREADS; i++) {
        void *one;
        pthread_join(threads[i], &one);
        sum = sum * 31 + (unsigned)(uintptr_t)one;
    }
    printf("%u\n", sum);
    return 0;
}
