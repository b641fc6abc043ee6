/* Four threads that do nothing but take the loader's lock, while they are profiled.
 *
 * usage: loader FILE HZ SECONDS       a profiler that unwinds with the loader's help hangs here
 */
#include "cpprof.h"

#include <link.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Atomic int stop;

static int visit(struct dl_phdr_info *info, size_t size, void *sum)
{
    *(size_t *)sum += info->dlpi_phnum + size;
    return 0;
}

static void *loop(void *sum)
{
    while (!stop)
        dl_iterate_phdr(visit, sum);
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t threads[4];
    size_t sums[4] = {0};
    if (argc != 4)
        return 2;
    int error = cpprof_cpu_start(argv[1], atoi(argv[2]));
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, loop, &sums[i]);
    usleep((useconds_t)(atof(argv[3]) * 1e6));
    stop = 1;
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    if (!error)
        error = cpprof_cpu_stop();
    if (error)
        fprintf(stderr, "%s\n", strerror(error));
    return error != 0;
}
