#include "tui/worker.h"

#include "analyzer/base/alloc.h"

#include <assert.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct queue {
    struct job *first, *last;
};

struct worker {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wanted;
    struct queue waiting, done;
    size_t out; /* jobs that have not come back; the screen's */
    bool ends;
    int fd;
};

static void append(struct queue *q, struct job *job)
{
    job->next = NULL;
    if (q->last)
        q->last->next = job;
    else
        q->first = job;
    q->last = job;
}

static struct job *take(struct queue *q)
{
    struct job *job = q->first;
    if (job)
        q->first = job->next;
    if (!q->first)
        q->last = NULL;
    return job;
}

/* What jobs took for a while goes back to the system: malloc alone keeps most of it. */
static void give_back(struct worker *w)
{
    pthread_mutex_unlock(&w->lock);
    malloc_trim(0);
    pthread_mutex_lock(&w->lock);
}

static void *run(void *context)
{
    struct worker *w = context;
    pthread_mutex_lock(&w->lock);
    for (;;) {
        while (!w->waiting.first && !w->ends)
            pthread_cond_wait(&w->wanted, &w->lock);
        if (w->ends)
            break;
        struct job *job = take(&w->waiting);
        pthread_mutex_unlock(&w->lock);
        job->ran = !work_cancelled(&job->work);
        if (job->ran)
            job->run(job);
        pthread_mutex_lock(&w->lock);
        append(&w->done, job);
        ssize_t n = write(w->fd, &(uint64_t){1}, sizeof(uint64_t));
        assert(n == sizeof(uint64_t));
        (void)n;
        if (!w->waiting.first)
            give_back(w);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

/* What the terminal signals is the screen's thread's business. */
static void start(struct worker *w)
{
    sigset_t terminal, before;
    sigemptyset(&terminal);
    sigaddset(&terminal, SIGWINCH);
    sigaddset(&terminal, SIGTSTP);
    pthread_sigmask(SIG_BLOCK, &terminal, &before);
    int failed = pthread_create(&w->thread, NULL, run, w);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed)
        abort(); /* no memory for a stack: as xmalloc does */
}

struct worker *worker_new(void)
{
    struct worker *w = xcalloc(1, sizeof *w);
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->wanted, NULL);
    w->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    start(w);
    return w;
}

void worker_free(struct worker *w, void (*drop)(struct job *job))
{
    pthread_mutex_lock(&w->lock);
    w->ends = true;
    pthread_cond_signal(&w->wanted);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    struct job *job;
    while ((job = take(&w->done)) || (job = take(&w->waiting)))
        drop(job);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->wanted);
    close(w->fd);
    free(w);
}

void worker_push(struct worker *w, struct job *job)
{
    pthread_mutex_lock(&w->lock);
    append(&w->waiting, job);
    pthread_cond_signal(&w->wanted);
    pthread_mutex_unlock(&w->lock);
    w->out++;
}

struct job *worker_take(struct worker *w)
{
    pthread_mutex_lock(&w->lock);
    struct job *job = take(&w->done);
    if (!w->done.first) {
        uint64_t count;
        ssize_t n = read(w->fd, &count, sizeof count);
        (void)n; /* nothing to read is fine, too */
    }
    pthread_mutex_unlock(&w->lock);
    w->out -= job != NULL;
    return job;
}

int worker_fd(const struct worker *w)
{
    return w->fd;
}

bool worker_is_busy(const struct worker *w)
{
    return w->out > 0;
}
