/* What one profiling signal costs, 34 frames deep.
 *
 * usage: signals FILE BATCHES       prints "HOT COLD EMPTY_HOT EMPTY_COLD", medians in nanoseconds
 *
 * A profile is begun, and what its timer sends is caught once; then the same signal is sent to the
 * thread itself again and again, and the time until the profiler's handler has returned is taken:
 * with warm caches, and with 8 MB of other memory touched in between. EMPTY is a handler that does
 * nothing. Uses nothing of the profiler but cpprof_cpu_start, which as_gperftools.c has as well.
 */
#include "bench.h"
#include "cpprof.h"
#include "deep.h"

#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    BATCH = 100,    /* signals; a profiler's buffer has room for them */
    WARM_UP = 10,   /* before each batch */
    REST_MS = 150,  /* after each batch, for what empties the buffer */
    LINE = 64,      /* bytes */
    OTHER = 8 << 20 /* bytes */
};

static int (*real_sigaction)(int, const struct sigaction *, struct sigaction *);
static siginfo_t sent;
static volatile sig_atomic_t caught;
static char *other;
static int batches, rest_ms = REST_MS;
static double hot, cold;

static void touch_other(void)
{
    for (size_t i = 0; i < OTHER; i += LINE)
        other[i]++;
}

static long long time_signal(pid_t process, pid_t thread)
{
    long long began = bench_ns(CLOCK_MONOTONIC);
    syscall(SYS_rt_tgsigqueueinfo, process, thread, SIGPROF, &sent);
    return bench_ns(CLOCK_MONOTONIC) - began;
}

static double median_cost(int is_cold)
{
    pid_t process = getpid(), thread = (pid_t)syscall(SYS_gettid);
    long long *took = malloc((size_t)batches * BATCH * sizeof *took);
    size_t count = 0;
    for (int b = 0; b < batches; b++) {
        struct timespec rest = {0, rest_ms * 1000000L};
        for (int i = 0; i < WARM_UP; i++)
            time_signal(process, thread);
        for (int i = 0; i < BATCH; i++) {
            if (is_cold)
                touch_other();
            took[count++] = time_signal(process, thread);
        }
        nanosleep(&rest, NULL);
    }
    double median = (double)bench_median(took, count);
    free(took);
    return median;
}

static void measure(void)
{
    hot = median_cost(0);
    cold = median_cost(1);
}

/* --- the signal */

static void catch_one(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)context;
    sent = *info;
    caught = 1;
}

static void nothing(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info, (void)context;
}

/* Puts HANDLER in the place of the profiler's, which is *THEIRS afterwards. */
static void put_handler(void (*handler)(int, siginfo_t *, void *), struct sigaction *theirs)
{
    struct sigaction action;
    real_sigaction(SIGPROF, NULL, theirs);
    action = *theirs;
    action.sa_sigaction = handler;
    action.sa_flags |= SA_SIGINFO;
    real_sigaction(SIGPROF, &action, NULL);
}

int main(int argc, char **argv)
{
    struct sigaction theirs;
    void *libc = dlopen("libc.so.6", RTLD_NOW);
    void *symbol = libc ? dlsym(libc, "sigaction") : NULL; /* not a profiler's hook */
    if (argc != 3 || !symbol || !(other = calloc(1, OTHER)))
        return 2;
    memcpy(&real_sigaction, &symbol, sizeof symbol);
    batches = atoi(argv[2]);
    int error = cpprof_cpu_start(argv[1], 100);
    if (error) {
        fprintf(stderr, "start: %s\n", strerror(error));
        return 1;
    }
    put_handler(catch_one, &theirs);
    while (!caught)
        deep_steps++;
    if (sent.si_code == SI_TIMER)
        sent.si_overrun = 0;
    real_sigaction(SIGPROF, &theirs, NULL);
    deep_call(measure);
    double of_profiler[] = {hot, cold};
    put_handler(nothing, &theirs);
    rest_ms = 0;
    deep_call(measure);
    real_sigaction(SIGPROF, &theirs, NULL);
    cpprof_cpu_stop();
    printf("%.0f %.0f %.0f %.0f\n", of_profiler[0], of_profiler[1], hot, cold);
    return 0;
}
