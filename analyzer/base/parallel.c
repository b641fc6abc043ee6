#include "analyzer/base/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>

size_t parallel_parts(size_t size, size_t least)
{
    cpu_set_t cpus;
    size_t processors = 1;
    if (sched_getaffinity(0, sizeof cpus, &cpus) == 0)
        processors = (size_t)CPU_COUNT(&cpus);
    size_t parts = size / least;
    if (parts > processors)
        parts = processors;
    if (parts > PARALLEL_MOST)
        parts = PARALLEL_MOST;
    return parts ? parts : 1;
}

struct job {
    parallel_part *run;
    void *context;
    size_t part;
};

static void *run_job(void *job)
{
    struct job *j = job;
    j->run(j->context, j->part);
    return NULL;
}

void parallel_run(size_t parts, parallel_part *run, void *context)
{
    struct job jobs[PARALLEL_MOST];
    pthread_t threads[PARALLEL_MOST];
    bool started[PARALLEL_MOST] = {false};
    for (size_t i = 1; i < parts; i++) {
        jobs[i] = (struct job){run, context, i};
        started[i] = pthread_create(&threads[i], NULL, run_job, &jobs[i]) == 0;
    }
    run(context, 0);
    for (size_t i = 1; i < parts; i++) {
        if (started[i])
            pthread_join(threads[i], NULL);
        else
            run(context, i);
    }
}
