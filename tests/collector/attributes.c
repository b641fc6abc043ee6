/* Threads that ask for their own attributes while every allocation is sampled: the threads library
 * allocates with a lock of the thread held, which a sample may not want.
 *
 * usage: attributes        hangs where it does
 */
#include "cpprof.h"

#include <pthread.h>
#include <stdio.h>

static void *ask(void *unused)
{
    pthread_attr_t attr;
    if (pthread_getattr_np(pthread_self(), &attr) == 0)
        pthread_attr_destroy(&attr);
    return unused;
}

int main(void)
{
    pthread_t thread;
    if (cpprof_heap_start(1) != 0)
        return 1;
    for (int i = 0; i < 20; i++) {
        if (pthread_create(&thread, NULL, ask, NULL) != 0)
            return 1;
        pthread_join(thread, NULL);
    }
    return cpprof_heap_stop();
}
