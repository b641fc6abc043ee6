/* Forks in several threads, while others allocate and lock; children work, make threads and forks
 * of their own, and end in several ways. Prints the sum of what they answered.
 *
 * usage: forking FORKS        of each of the three threads
 */
#include "work.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FORKERS = 3, WORKERS = 2 };

static int forks;
static _Atomic int stop;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *worker(void *unused)
{
    for (unsigned seed = 0; !stop; seed++) {
        pthread_mutex_lock(&lock);
        work_some(seed);
        pthread_mutex_unlock(&lock);
        work_some(seed + 1);
    }
    return unused;
}

static void *thread_of_child(void *seed)
{
    *(unsigned *)seed = work_some(*(unsigned *)seed);
    return NULL;
}

static int wait_for(pid_t pid)
{
    int status;
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        return 1 << 20;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 * WTERMSIG(status);
}

/* Ends the child. */
static void be_child(int number)
{
    unsigned seed = (unsigned)number;
    pthread_t thread;
    pid_t pid;
    switch (number % 4) {
    case 0:
        _exit((int)(work_some(seed) % 100));
    case 1:
        if (pthread_create(&thread, NULL, thread_of_child, &seed) != 0)
            _exit(101);
        pthread_join(thread, NULL);
        exit((int)(seed % 100));
    case 2:
        pid = fork();
        if (pid == 0)
            _exit((int)(work_some(seed) % 100));
        exit(wait_for(pid));
    default:
        execlp("sh", "sh", "-c", "exit 9", (char *)NULL);
        _exit(102);
    }
}

static void *forker(void *sum)
{
    for (int i = 0; i < forks; i++) {
        pid_t pid = fork();
        if (pid == 0)
            be_child(i);
        *(int *)sum += wait_for(pid);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t forkers[FORKERS], workers[WORKERS];
    int sums[FORKERS] = {0};
    if (argc != 2)
        return 2;
    forks = atoi(argv[1]);
    for (int i = 0; i < WORKERS; i++)
        pthread_create(&workers[i], NULL, worker, NULL);
    for (int i = 0; i < FORKERS; i++)
        pthread_create(&forkers[i], NULL, forker, &sums[i]);
    for (int i = 0; i < FORKERS; i++)
        pthread_join(forkers[i], NULL);
    stop = 1;
    for (int i = 0; i < WORKERS; i++)
        pthread_join(workers[i], NULL);
    printf("%d %d %d\n", sums[0], sums[1], sums[2]);
    return 0;
}
