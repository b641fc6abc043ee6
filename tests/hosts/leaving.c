/* A main thread that ends before the others do: the process ends with the last of them, with status
 * 0, or as a thread says that has waited for the main one.
 *
 * usage: leaving [joined]
 */
#include "work.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static pthread_t first;

static void *alone(void *unused)
{
    struct timespec pause = {0, 200 * 1000 * 1000};
    work_some(1000);
    nanosleep(&pause, NULL);
    printf("the last line, which is written when the process ends");
    return unused;
}

static void *join(void *unused)
{
    printf("joined: %d\n", pthread_join(first, NULL));
    alone(unused);
    exit(3);
}

int main(int argc, char **argv)
{
    pthread_t thread;
    first = pthread_self();
    int error = pthread_create(&thread, NULL,
                               argc > 1 && strcmp(argv[1], "joined") == 0 ? join : alone, NULL);
    if (error)
        return 1;
    pthread_detach(thread);
    pthread_exit(NULL);
}
