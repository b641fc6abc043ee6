/* Every profile at once, of threads that allocate, wait, change their labels, begin and end, while
 * pages of all kinds are asked for: for `make races`.
 *
 * usage: crowd FOLDER SECONDS
 */
#include "cpprof.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WORKERS = 6, MOST_PATH = 4096 };

static const char *folder;
static time_t end;
static _Atomic int failed;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static struct cpprof_profile *keys;

static void note(const char *what, int error)
{
    if (error) {
        fprintf(stderr, "%s: %s\n", what, strerror(error));
        failed++;
    }
}

static void *short_lived(void *unused)
{
    cpprof_label_set("short", "lived");
    free(malloc(100));
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    return unused;
}

static void *worker(void *number)
{
    char text[32];
    for (unsigned i = 0; time(NULL) < end; i++) {
        pthread_t one;
        void *block = malloc(i % 4096);
        snprintf(text, sizeof text, "%u", i % 7);
        cpprof_label_set(i % 2 ? "odd" : "even", text);
        uint64_t task = cpprof_task_begin("work", 0);
        cpprof_region_begin("locked", task);
        pthread_mutex_lock(&mutex);
        for (volatile int j = 0; j < 1000; j++)
            ;
        pthread_mutex_unlock(&mutex);
        cpprof_region_end();
        if (i % 5 ? pthread_rwlock_rdlock(&rwlock) == 0 : pthread_rwlock_wrlock(&rwlock) == 0)
            pthread_rwlock_unlock(&rwlock);
        cpprof_profile_add(keys, block, 0);
        block = realloc(block, i % 1000 + 1);
        cpprof_log(task, "round", text);
        cpprof_task_end(task);
        cpprof_profile_remove(keys, block);
        free(block);
        if (i % 16 == (unsigned)(uintptr_t)number &&
            pthread_create(&one, NULL, short_lived, NULL) == 0)
            pthread_join(one, NULL);
        if (i % 64 == 0)
            cpprof_label_clear();
    }
    return NULL;
}

static void *asker(void *unused)
{
    static const char *const names[] = {"threads", "heap",         "allocs", "block",
                                        "mutex",   "threadcreate", "keys"};
    for (unsigned i = 0; time(NULL) < end; i++) {
        const char *name = names[i % (sizeof names / sizeof *names)];
        note(name, cpprof_write(name, "/dev/null", (int)(i / 7 % 3)));
        cpprof_profile_count(cpprof_lookup(name));
    }
    return unused;
}

static void *recorder(void *what)
{
    char path[MOST_PATH];
    const struct timespec pause = {0, 50000000};
    snprintf(path, sizeof path, "%s/crowd-%s", folder, (const char *)what);
    while (time(NULL) < end) {
        if (strcmp(what, "cpu.pb.gz") == 0) {
            note("start", cpprof_cpu_start(path, 1000));
            nanosleep(&pause, NULL);
            note("stop", cpprof_cpu_stop());
        } else {
            note("trace", cpprof_trace_start(path));
            nanosleep(&pause, NULL);
            note("end of trace", cpprof_trace_stop());
        }
    }
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t threads[WORKERS + 3];
    if (argc != 3)
        return 2;
    folder = argv[1];
    end = time(NULL) + atoi(argv[2]);
    note("keys", cpprof_profile_new(&keys, "keys"));
    note("threadcreate", cpprof_threadcreate_start());
    note("heap", cpprof_heap_start(1));
    note("block", cpprof_block_start(1));
    note("mutex", cpprof_mutex_start(1));
    for (uintptr_t i = 0; i < WORKERS; i++)
        pthread_create(&threads[i], NULL, worker, (void *)i);
    pthread_create(&threads[WORKERS], NULL, asker, NULL);
    pthread_create(&threads[WORKERS + 1], NULL, recorder, "cpu.pb.gz");
    pthread_create(&threads[WORKERS + 2], NULL, recorder, "trace.json.gz");
    for (int i = 0; i < WORKERS + 3; i++)
        pthread_join(threads[i], NULL);
    note("end of heap", cpprof_heap_stop());
    note("end of block", cpprof_block_stop());
    note("end of mutex", cpprof_mutex_stop());
    return failed != 0;
}
