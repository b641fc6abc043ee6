/* Threads that come, allocate, and go, all the time, for what an allocator with locks of its own
 * does then.
 *
 * usage: allocator SECONDS
 */
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

static time_t end;

static void *allocate(void *seed)
{
    enum { BLOCKS = 200, ROUNDS = 20 };
    void *block[BLOCKS];
    unsigned random = (unsigned)(uintptr_t)seed;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < BLOCKS; i++) {
            random = random * 1664525 + 1013904223;
            block[i] = malloc(random >> 18);
        }
        for (int i = 0; i < BLOCKS; i++)
            free(block[i]);
    }
    return NULL;
}

/* Starts COUNT threads at RUN and waits for them. */
static void run_some(void *(*run)(void *), int count)
{
    pthread_t threads[8];
    for (int i = 0; i < count; i++)
        if (pthread_create(&threads[i], NULL, run, (void *)(uintptr_t)(i + 1)) != 0)
            abort();
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
}

static void *come_and_go(void *unused)
{
    while (time(NULL) < end)
        run_some(allocate, 4);
    return unused;
}

int main(int argc, char **argv)
{
    end = time(NULL) + (argc == 2 ? atoi(argv[1]) : 1);
    run_some(come_and_go, 4);
    return 0;
}
