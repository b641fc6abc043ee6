/* A program whose allocator has one lock, and handlers that take it before each fork and give it
 * back behind: they are set up after ours, so that they come first before a fork and last in the
 * child, and in between nothing of ours may wait for that lock. Prints sums that are always the
 * same. */
#include "work.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 6, ROUNDS = 150, FORKS = 60, CLASSES = 48, CHUNK = 1 << 26, HEAD = 16 };

/* Free lists by powers of two over a chunk that is never given back. */
static struct {
    pthread_mutex_t lock;
    void *free[CLASSES];
    unsigned char *at;
    size_t left;
} arena = {.lock = PTHREAD_MUTEX_INITIALIZER};

static unsigned char first[CHUNK] __attribute__((aligned(HEAD)));

static unsigned class_of(size_t size)
{
    unsigned class = 5;
    while ((size_t)1 << class < size + HEAD)
        class ++;
    return class;
}

/* (The compiler knows malloc, and would warn of what lies before its blocks.) */
static size_t *head_of(void *block)
{
    unsigned char *volatile hidden = block;
    return (size_t *)(void *)(hidden - HEAD);
}

/* Apart from malloc, since the compiler makes a call of calloc of what calloc would do with that.
 */
static __attribute__((noinline)) void *take(size_t size)
{
    if (size > CHUNK / 4) {
        errno = ENOMEM;
        return NULL;
    }
    unsigned class = class_of(size);
    pthread_mutex_lock(&arena.lock);
    if (!arena.at) {
        arena.at = first;
        arena.left = sizeof first;
    }
    void *block = arena.free[class];
    if (block) {
        memcpy(&arena.free[class], block, sizeof block);
    } else if (arena.left >= (size_t)1 << class) {
        block = arena.at + HEAD;
        *head_of(block) = class;
        arena.at += (size_t)1 << class;
        arena.left -= (size_t)1 << class;
    }
    pthread_mutex_unlock(&arena.lock);
    if (!block)
        errno = ENOMEM;
    return block;
}

void *malloc(size_t size)
{
    return take(size);
}

void free(void *block)
{
    if (!block)
        return;
    pthread_mutex_lock(&arena.lock);
    size_t class = *head_of(block);
    memcpy(block, &arena.free[class], sizeof block);
    arena.free[class] = block;
    pthread_mutex_unlock(&arena.lock);
}

void *calloc(size_t count, size_t size)
{
    void *block = size && count > SIZE_MAX / size ? NULL : take(count * size);
    return block ? memset(block, 0, count * size) : NULL;
}

void *realloc(void *block, size_t size)
{
    void *moved = malloc(size);
    if (block && moved) {
        size_t had = ((size_t)1 << *head_of(block)) - HEAD;
        memcpy(moved, block, had < size ? had : size);
        free(block);
    }
    return moved;
}

static void before_fork(void)
{
    pthread_mutex_lock(&arena.lock);
}

static void after_fork(void)
{
    pthread_mutex_unlock(&arena.lock);
}

static void *run(void *sum)
{
    unsigned *s = sum;
    for (unsigned i = 0; i < ROUNDS; i++)
        *s = *s * 31 + work_some(i);
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS];
    unsigned sums[THREADS] = {0};
    int ended = 0;
    pthread_atfork(before_fork, after_fork, after_fork);
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, run, &sums[i]) != 0)
            return 1;
    for (int i = 0; i < FORKS; i++) {
        int status;
        pid_t pid = fork();
        if (pid == 0)
            _exit(work_some(1) % 2 + 3);
        if (waitpid(pid, &status, 0) == pid && WIFEXITED(status))
            ended += WEXITSTATUS(status);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    printf("%u %u %d\n", sums[0], sums[THREADS - 1], ended);
    return 0;
}
