/* Serves profiles of itself until its input ends.
 *
 * usage: serve ADDRESS [idle]      prints the port; when it has stopped "threads N" and "timers N",
 *                                  N being what is left; idle: starts no profile
 */
#include "cpprof.h"

#include "tests/collector/checks.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __clang__
#define APART __attribute__((noinline, visibility("default")))
#else
#define APART __attribute__((noinline, noclone, visibility("default")))
#endif

static volatile int stop;
static struct cpprof_profile *rooms;

APART void serve_spin(void)
{
    volatile unsigned x = 0;
    while (!stop)
        x = x * 1664525 + 1013904223;
}

static void *spin(void *unused)
{
    cpprof_label_set("job", "spin \"fast\"");
    serve_spin();
    return unused;
}

static void *come_and_go(void *unused)
{
    return unused;
}

/* Threads, keys and memory that come while somebody asks for a difference. */
static void *create_some(void *unused)
{
    static char keys[100000];
    pthread_t thread;
    for (int i = 0; !stop; i++) {
        cpprof_region_begin("create", 0);
        if (pthread_create(&thread, NULL, come_and_go, NULL) == 0)
            pthread_join(thread, NULL);
        if (i < 3)
            cpprof_profile_add(rooms, &keys[i], 0);
        free(malloc(1 << 20));
        cpprof_region_end();
        usleep(20000);
    }
    return unused;
}

int main(int argc, char **argv)
{
    char byte;
    pthread_t threads[2];
    cpprof_profile_new(&rooms, "rooms <&> 'more'");
    int error = argc > 1 ? cpprof_http_start(argv[1]) : EINVAL;
    if (error) {
        printf("error: %s\n", strerror(error));
        return 1;
    }
    if (argc < 3) {
        cpprof_block_start(1);
        cpprof_mutex_start(0);
    }
    pthread_create(&threads[0], NULL, spin, NULL);
    pthread_create(&threads[1], NULL, create_some, NULL);
    printf("%d\n", cpprof_http_port());
    fflush(stdout);
    while (read(0, &byte, 1) > 0)
        ;
    error = cpprof_http_stop();
    cpprof_block_stop();
    cpprof_mutex_stop();
    stop = 1;
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    printf("threads %d\ntimers %d\n", count_threads(1), count_timers());
    return error != 0 || cpprof_http_port() != 0;
}
