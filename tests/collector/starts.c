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

/* The profiles that are counted at the place: what is at work meanwhile may still count for the one
 * before. */
static void *counted_starter(void *unused)
{
    static int (*const start[])(int64_t) = {cpprof_heap_start, cpprof_block_start,
                                            cpprof_mutex_start};
    static int (*const stop[])(void) = {cpprof_heap_stop, cpprof_block_stop, cpprof_mutex_stop};
    for (unsigned i = 0; time(NULL) < end; i++) {
        int error = start[i % 3](i % 2 ? 1 : 1000);
        if (error != EBUSY)
            note("start", error);
        error = cpprof_write(i % 2 ? "heap" : "block", "/dev/null", (int)(i % 3));
        if (error != ENOENT)
            note("write", error);
        error = stop[(i + i / 7) % 3]();
        if (error != ENOENT)
            note("stop", error);
    }
    return unused;
}

static void *allocator(void *unused)
{
    enum { KEPT = 64 };
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static void *shared[KEPT];
    for (unsigned i = 1; time(NULL) < end; i = i * 1664525 + 1013904223) {
        void *block = malloc(i >> 24), **place = &shared[(i >> 16) % KEPT];
        pthread_mutex_lock(&lock);
        void *old = *place;
        *place = block;
        pthread_mutex_unlock(&lock);
        free(realloc(old, 1 + (i >> 20)));
    }
    return unused;
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
    pthread_t threads[8], one;
    if (argc != 3)
        return 2;
    folder = argv[1];
    end = time(NULL) + atoi(argv[2]);
    for (long i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, starter, (void *)i);
    for (int i = 4; i < 8; i++)
        pthread_create(&threads[i], NULL, i % 2 ? counted_starter : allocator, NULL);
    while (time(NULL) < end)
        if (pthread_create(&one, NULL, short_lived, NULL) == 0)
            pthread_join(one, NULL);
    for (int i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    printf("%d\n", made);
    return failed || !made;
}
