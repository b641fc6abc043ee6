/*
 * measure: runs a command several times and prints its median wall time and peak memory.
 *
 *     measure [-n RUNS] [-w WARMUPS] [-t SECONDS] [-m MEGABYTES] COMMAND ARG... [:: YARDSTICK
 * ARG...]
 *
 * With a yardstick the two run in turn, A B A B, and the ratio is the median of the pairs' ratios:
 * whatever slows the machine for a while slows both. Prints one line of key=value pairs:
 *
 *     seconds=0.812345 peak_kb=181204 [yard_seconds=0.401234 yard_peak_kb=1820 ratio=2.025]
 *
 * The commands' standard output is discarded, their standard error is ours. -t is the time and -m
 * the address space that one run may take. Exits with 1, and prints no numbers, when a run fails.
 *
 * A child that has not called exec yet counts with this program's memory, so that is kept small.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_RUNS = 1000 };

struct limits {
    unsigned seconds; /* 0: none */
    rlim_t bytes;     /* of address space; 0: none */
};

struct result {
    double seconds[MAX_RUNS];
    long peak_kb; /* the largest of all runs */
};

static volatile pid_t child;

/* A run out of time, or an interrupt: the child may be a script, so its whole group goes. */
static void on_signal(int signal)
{
    if (child > 0)
        kill(-child, SIGKILL);
    if (signal != SIGALRM)
        _exit(128 + signal);
}

static double now(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

static void exec_child(char **command, const struct limits *limits)
{
    setpgid(0, 0);
    int null = open("/dev/null", O_WRONLY);
    if (null < 0 || dup2(null, STDOUT_FILENO) < 0) {
        perror("/dev/null");
        _exit(127);
    }
    if (limits->bytes) {
        struct rlimit limit = {limits->bytes, limits->bytes};
        setrlimit(RLIMIT_AS, &limit);
    }
    execvp(command[0], command);
    perror(command[0]);
    _exit(127);
}

/* Runs COMMAND once. Returns 0, or -1 after saying what went wrong. */
static int run(char **command, const struct limits *limits, double *seconds, long *peak_kb)
{
    struct rusage usage;
    int status;
    double start = now();

    child = fork();
    if (child < 0) {
        perror("fork");
        return -1;
    }
    if (child == 0)
        exec_child(command, limits);
    setpgid(child, child); /* whichever of the two comes first */
    alarm(limits->seconds);
    while (wait4(child, &status, 0, &usage) < 0) {
        if (errno != EINTR) {
            perror("wait4");
            return -1;
        }
    }
    alarm(0);
    *seconds = now() - start;
    *peak_kb = usage.ru_maxrss;
    child = 0;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    if (WIFSIGNALED(status))
        fprintf(stderr, "measure: %s: killed by signal %d after %.1f s\n", command[0],
                WTERMSIG(status), *seconds);
    else
        fprintf(stderr, "measure: %s: exit status %d\n", command[0], WEXITSTATUS(status));
    return -1;
}

static int measure(char **command, const struct limits *limits, struct result *result, int i)
{
    double seconds;
    long peak_kb;

    if (run(command, limits, &seconds, &peak_kb) < 0)
        return -1;
    if (i >= 0) { /* not a warm-up */
        result->seconds[i] = seconds;
        if (result->peak_kb < peak_kb)
            result->peak_kb = peak_kb;
    }
    return 0;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sorts VALUES. */
static double median(double *values, int n)
{
    qsort(values, (size_t)n, sizeof(*values), compare_doubles);
    return (values[(n - 1) / 2] + values[n / 2]) / 2;
}

static long parse_number(const char *text, long min, long max)
{
    char *end;
    long value = strtol(text, &end, 10);
    if (end == text || *end || value < min || value > max) {
        fprintf(stderr, "measure: want a number from %ld to %ld, not %s\n", min, max, text);
        exit(2);
    }
    return value;
}

int main(int argc, char **argv)
{
    static struct result command, yardstick;
    static double ratios[MAX_RUNS];
    struct limits limits = {0};
    char **yard = NULL;
    int runs = 5, warmups = 1, option;

    while ((option = getopt(argc, argv, "+n:w:t:m:")) != -1) {
        switch (option) {
        case 'n':
            runs = (int)parse_number(optarg, 1, MAX_RUNS);
            break;
        case 'w':
            warmups = (int)parse_number(optarg, 0, MAX_RUNS);
            break;
        case 't':
            limits.seconds = (unsigned)parse_number(optarg, 1, 86400);
            break;
        case 'm':
            limits.bytes = (rlim_t)parse_number(optarg, 1, 1 << 24) << 20;
            break;
        default:
            return 2;
        }
    }
    for (int i = optind; i < argc; i++) {
        if (strcmp(argv[i], "::") == 0) {
            argv[i] = NULL;
            yard = &argv[i + 1];
            break;
        }
    }
    if (optind >= argc || !argv[optind] || (yard && !yard[0])) {
        fputs("usage: measure [-n RUNS] [-w WARMUPS] [-t SECONDS] [-m MEGABYTES]\n"
              "               COMMAND ARG... [:: YARDSTICK ARG...]\n",
              stderr);
        return 2;
    }

    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGALRM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);

    for (int i = -warmups; i < runs; i++) {
        if (measure(&argv[optind], &limits, &command, i) < 0 ||
            (yard && measure(yard, &limits, &yardstick, i) < 0))
            return 1;
        if (yard && i >= 0)
            ratios[i] = command.seconds[i] / yardstick.seconds[i];
    }
    printf("seconds=%.6f peak_kb=%ld", median(command.seconds, runs), command.peak_kb);
    if (yard)
        printf(" yard_seconds=%.6f yard_peak_kb=%ld ratio=%.4f", median(yardstick.seconds, runs),
               yardstick.peak_kb, median(ratios, runs));
    putchar('\n');
    return 0;
}
