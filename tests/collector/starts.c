/* Several threads start and stop profiles for some time; each call must succeed or say why not.
 *
 * usage: starts FOLDER SECONDS
 */
#include "cpprof.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *folder;
static time_t end;
static _Atomic int made, failed;

static void note(const char *what, int error)
{
    if (error) {
        fprintf(stderr, "%s: %s\n", what, strerror(error));
        failed++;
    }
}

static void *starter(void *number)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/starts-%ld.pb.gz", folder, (long)number);
    while (time(NULL) < end) {
        int error = cpprof_cpu_start(path, 1000);
        if (!error)
            made++;
        else if (error != EBUSY)
            note("start", error);
        cpprof_label_set("starter", path);
        for (volatile int i = 0; i < 3000000; i++)
            ;
        cpprof_label_clear();
        error = cpprof_cpu_stop();
        if (error != ENOENT)
            note("stop", error);
    }
    return NULL;
}

static void *short_lived(void *unused)
{
    return unused;
}

int main(int argc, char **argv)
{
    pthread_t threads[4], one;
    if (argc != 3)
        return 2;
    folder = argv[1];
    end = time(NULL) + atoi(argv[2]);
    for (long i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, starter, (void *)i);
    while (time(NULL) < end)
        if (pthread_create(&one, NULL, short_lived, NULL) == 0)
            pthread_join(one, NULL);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    printf("%d\n", made);
    return failed || !made;
}
