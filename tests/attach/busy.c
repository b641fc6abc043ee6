/* A program to be watched from outside: main and the threads "first" and "second" compute, one
 * quarter of their time in quarter() and the rest in rest(), below calls that keep no frame
 * pointers; "reader" waits in read() and "waiter" for a lock.
 *
 * usage: busy SECONDS [fork|exec FILE|threads]     0: until it is killed; ends with status 3
 *
 * fork: a child does the same work for as long. exec: a child becomes this program of that
 * file. threads: short-lived threads come and go. At the end it says how much CPU time all
 * have taken, in nanoseconds.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile unsigned long sink;
static double until;
static int quiet_pipe[2];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define OWN_FRAME __attribute__((noinline, noclone))

static double now(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

static OWN_FRAME unsigned long compute(unsigned long n)
{
    unsigned long s = n;
    for (unsigned long i = 0; i < n; i++)
        s = s * 31 + (i ^ (s >> 3));
    return s;
}

static OWN_FRAME void quarter(void)
{
    sink += compute(500000);
    sink++;
}

static OWN_FRAME void rest(void)
{
    sink += compute(1500000);
    sink++;
}

/* Room on the stack, so that the unwinder has to know how much. */
static OWN_FRAME void descend(int depth)
{
    char room[200];
    memset(room, depth, sizeof room);
    __asm__ volatile("" : : "r"(room) : "memory");
    if (depth) {
        descend(depth - 1);
    } else {
        quarter();
        rest();
    }
    sink += (unsigned char)room[depth];
}

static OWN_FRAME void work(void)
{
    while (!until || now() < until)
        descend(20);
}

static void *run(void *name)
{
    pthread_setname_np(pthread_self(), name);
    work();
    return NULL;
}

static void *run_shortly(void *name)
{
    pthread_setname_np(pthread_self(), name);
    descend(10);
    return NULL;
}

static OWN_FRAME void wait_for_text(void)
{
    char text;
    if (read(quiet_pipe[0], &text, 1) == 1)
        sink++;
    sink++;
}

static void *run_reader(void *name)
{
    pthread_setname_np(pthread_self(), name);
    wait_for_text();
    return NULL;
}

static OWN_FRAME void wait_for_lock(void)
{
    pthread_mutex_lock(&lock);
    sink++;
    pthread_mutex_unlock(&lock);
}

static void *run_waiter(void *name)
{
    pthread_setname_np(pthread_self(), name);
    wait_for_lock();
    return NULL;
}

static void start(void *(*function)(void *), const char *name)
{
    pthread_t t;
    if (pthread_create(&t, NULL, function, (void *)name) != 0)
        exit(1);
    pthread_detach(t);
}

static long long cpu_time(int who)
{
    struct rusage used;
    getrusage(who, &used);
    return 1000LL * (used.ru_utime.tv_usec + used.ru_stime.tv_usec) +
           1000000000LL * (used.ru_utime.tv_sec + used.ru_stime.tv_sec);
}

int main(int count, char **args)
{
    double seconds = count > 1 ? atof(args[1]) : 0;
    const char *mode = count > 2 ? args[2] : "";
    until = seconds > 0 ? now() + seconds : 0;
    if (pipe(quiet_pipe) != 0)
        return 1;
    pthread_mutex_lock(&lock);
    if (strcmp(mode, "fork") == 0 && fork() == 0) {
        work();
        _exit(0);
    }
    if (strcmp(mode, "exec") == 0 && fork() == 0) {
        execl(args[3], args[3], args[1], (char *)NULL);
        _exit(127);
    }
    start(run, "first");
    start(run, "second");
    for (int i = 0; i < 3; i++)
        start(run_reader, "reader");
    start(run_waiter, "waiter");
    puts("on");
    fflush(stdout);
    while (strcmp(mode, "threads") == 0 && (!until || now() < until)) {
        pthread_t t;
        if (pthread_create(&t, NULL, run_shortly, "short") == 0)
            pthread_join(t, NULL);
    }
    work();
    while (wait(NULL) > 0)
        ;
    fprintf(stderr, "cpu %lld\n", cpu_time(RUSAGE_SELF) + cpu_time(RUSAGE_CHILDREN));
    return 3;
}
