/* Threads older than the block profile, which meet it for the first time all at once: the first
 * wait of each is counted, however many want to be made known at that moment.
 *
 * usage: first PROFILE         of 64 waits
 */
#include "cpprof.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <unistd.h>

enum { THREADS = 64, WAIT_US = 50000 };

static sem_t go;
static _Atomic int on, waiting;

static void *wait_once(void *unused)
{
    while (!on)
        usleep(1000);
    waiting++;
    sem_wait(&go);
    return unused;
}

int main(int argc, char **argv)
{
    pthread_t threads[THREADS];
    if (argc != 2)
        return 2;
    sem_init(&go, 0, 0);
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, wait_once, NULL) != 0)
            return 1;
    if (cpprof_block_start(1) != 0)
        return 1;
    on = 1;
    while (waiting < THREADS)
        usleep(1000);
    usleep(WAIT_US);
    for (int i = 0; i < THREADS; i++)
        sem_post(&go);
    usleep(WAIT_US);
    if (cpprof_block_write(argv[1]) != 0)
        return 1;
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    return cpprof_block_stop();
}
