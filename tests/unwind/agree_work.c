/* What agree.c interrupts: code in C of all kinds, and what leads to code of others. */
#include "tests/unwind/agree.h"
#include "tests/unwind/links.h"

#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <regex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <zlib.h>

static volatile double sink;
static const char *library_path;

/* --- plain code */

NOINLINE static int compare_numbers(const void *a, const void *b)
{
    const int *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

NOINLINE int agree_sort(void)
{
    int numbers[60];
    for (int i = 0; i < 60; i++)
        numbers[i] = rand();
    qsort(numbers, 60, sizeof *numbers, compare_numbers);
    return numbers[30];
}

void agree_c(void)
{
    char text[200];
    sink += agree_sort() + strtod("3.25e10", NULL);
    snprintf(text, sizeof text, "%g %s %d %.40f", sink, "text", rand(), sink);
}

void agree_bare(void)
{
    sink += bare_deep(9, agree_sort) + bare_wide(5, agree_sort);
}

void agree_framed(void)
{
    sink += framed_deep(9, agree_sort) + framed_wide(5, agree_sort);
}

/* Its caller is found through the frame pointer. */
NOINLINE static double realigned(int n)
{
    struct {
        double v[16];
    } block __attribute__((aligned(128)));
    for (int i = 0; i < 16; i++)
        block.v[i] = n * i;
    sink += n ? realigned(n - 1) : agree_sort();
    return block.v[n & 15];
}

void agree_realigned(void)
{
    sink += realigned(3);
}

/* --- libraries, which Debian builds without frame pointers */

NOINLINE static int compress_some(void)
{
    static unsigned char from[3000], to[4000];
    uLongf len = sizeof to;
    for (size_t i = 0; i < sizeof from; i++)
        from[i] = (unsigned char)(rand() % 7);
    return compress(to, &len, from, sizeof from);
}

NOINLINE static int match_some(void)
{
    regex_t re;
    regcomp(&re, "(a|b)*c(d|e)+[0-9]{2,5}", REG_EXTENDED);
    int error = regexec(&re, "ababababcdedede12345", 0, NULL, 0);
    regfree(&re);
    return error;
}

void agree_libraries(void)
{
    sink += bare_deep(3, compress_some) + bare_deep(2, match_some);
}

void agree_library_calls(void)
{
    sink += bare_library(20) + framed_library(20);
}

void agree_vdso(void)
{
    struct timespec t;
    struct timeval v;
    for (int i = 0; i < 20; i++) {
        clock_gettime(CLOCK_MONOTONIC, &t);
        clock_gettime(CLOCK_REALTIME_COARSE, &t);
        gettimeofday(&v, NULL);
        sink += (double)time(NULL) + sched_getcpu();
    }
}

/* --- handlers, on this stack and another, on top of anything */

static void on_inner(int signal)
{
    agree_go_on();
    sink += signal + bare_deep(2, agree_sort);
}

static void on_outer(int signal)
{
    agree_go_on();
    sink += signal;
    raise(SIGUSR2);
}

NOINLINE static int raise_outer(void)
{
    return raise(SIGUSR1);
}

void agree_handlers(void)
{
    sink += bare_deep(3, raise_outer);
}

static void handle(int signal, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_flags = flags};
    action.sa_handler = handler;
    sigaction(signal, &action, NULL);
}

/* --- code that comes and goes */

struct bounds {
    const void *of; /* an address inside */
    const char *low, *high;
};

static int find_bounds(struct dl_phdr_info *info, size_t size, void *context)
{
    struct bounds *b = context;
    (void)size;
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const char *low = (const char *)info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
        const char *high = low + info->dlpi_phdr[i].p_memsz;
        if (info->dlpi_phdr[i].p_type == PT_LOAD && (const char *)b->of >= low &&
            (const char *)b->of < high) {
            b->low = low;
            b->high = high;
            return 1;
        }
    }
    return 0;
}

/* In the loader itself nobody is interrupted: libunwind waits for its lock. */
static void pause_samples(sigset_t *old)
{
    sigset_t timer;
    agree_stop();
    sigemptyset(&timer);
    sigaddset(&timer, SIGALRM);
    pthread_sigmask(SIG_BLOCK, &timer, old);
}

static void resume_samples(const sigset_t *old)
{
    pthread_sigmask(SIG_SETMASK, old, NULL);
    agree_go_on();
}

void agree_loading(void)
{
    sigset_t old;
    pause_samples(&old);
    void *library = dlopen(library_path, RTLD_LAZY | RTLD_LOCAL);
    int (*deep)(int levels, reach_fn reach), (*calls)(int times);
    struct bounds bounds = {dlsym(library, "loaded_deep"), NULL, NULL};
    void *symbol = dlsym(library, "loaded_library");
    memcpy(&deep, &bounds.of, sizeof deep);
    memcpy(&calls, &symbol, sizeof calls);
    dl_iterate_phdr(find_bounds, &bounds);
    agree_loaded(bounds.low, bounds.high);
    resume_samples(&old);
    sink += calls(5);
    for (int i = 0; i < 6; i++)
        sink += deep(i, agree_sort);
    pause_samples(&old);
    dlclose(library);
    resume_samples(&old);
}

/* --- threads, which end in every way */

NOINLINE static void leave(void)
{
    pthread_exit(NULL);
}

static void last_step(void *unused)
{
    (void)unused;
    agree_stop();
}

static void *run_thread(void *leaves)
{
    sigset_t timer;
    sigemptyset(&timer);
    sigaddset(&timer, SIGALRM);
    agree_find_root();
    pthread_sigmask(SIG_UNBLOCK, &timer, NULL);
    agree_go_on();
    pthread_cleanup_push(last_step, NULL);
    sink += bare_deep(4, agree_sort);
    if (leaves)
        leave();
    pthread_cleanup_pop(1);
    pthread_sigmask(SIG_BLOCK, &timer, NULL);
    return NULL;
}

/* One at a time, and the timer is theirs. */
void agree_threads(void)
{
    pthread_t thread;
    sigset_t old;
    pause_samples(&old);
    for (int i = 0; i < 2; i++)
        if (pthread_create(&thread, NULL, run_thread, i ? &thread : NULL) == 0)
            pthread_join(thread, NULL);
    resume_samples(&old);
}

/* --- */

bool agree_begin(const char *library)
{
    static unsigned char alternate[256 * 1024];
    stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate};
    sigaltstack(&stack, NULL);
    handle(SIGUSR1, on_outer, 0);
    handle(SIGUSR2, on_inner, SA_ONSTACK);
    library_path = library;
    void *first = dlopen(library, RTLD_LAZY);
    return first && dlclose(first) == 0 &&
           dlopen("libgcc_s.so.1", RTLD_LAZY); /* what pthread_exit would load later */
}
