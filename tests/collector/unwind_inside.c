/* Our unwinder against libunwind: the same interrupted registers, walked by both.
 *
 * usage: unwind_inside STACKS       prints "EQUAL DIFFERENT"; the first differing stacks on stderr
 *
 * A timer interrupts work of many kinds: deep and wide frames without frame pointers, library
 * functions, callbacks out of the C library, procedure linkage tables, the vdso, handlers on top of
 * handlers, code that was loaded a moment ago, forced unwinding.
 */
#include "collector/modules.h"
#include "collector/threads.h"
#include "collector/unwind.h"

#define UNW_LOCAL_ONLY
#include <alloca.h>
#include <dlfcn.h>
#include <libunwind.h>
#include <pthread.h>
#include <regex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <zlib.h>

enum { DEPTH = 400 };

static volatile sig_atomic_t equal, different, wanted;
static _Atomic bool busy;
static struct unwind_cache cache;
static struct modules_pin pin;
static volatile double sink;

static size_t walk_libunwind(ucontext_t *context, uintptr_t *pcs)
{
    unw_cursor_t cursor;
    size_t count = 0;
    if (unw_init_local2(&cursor, context, UNW_INIT_SIGNAL_FRAME) != 0)
        return 0;
    do {
        unw_word_t ip = 0;
        unw_get_reg(&cursor, UNW_REG_IP, &ip);
        if (!ip)
            break;
        pcs[count] = ip + (!count || unw_is_signal_frame(&cursor) > 0);
        count++;
    } while (count < DEPTH && unw_step(&cursor) > 0);
    return count;
}

static void show(const char *who, const uintptr_t *pcs, size_t count)
{
    fprintf(stderr, "%s:", who);
    for (size_t i = 0; i < count; i++) {
        Dl_info info = {0};
        dladdr((void *)(pcs[i] - 1), &info);
        fprintf(stderr, " %s+%lx", info.dli_sname ? info.dli_sname : info.dli_fname,
                (unsigned long)(pcs[i] - (uintptr_t)info.dli_fbase));
    }
    fprintf(stderr, "\n");
}

static void on_signal(int signal, siginfo_t *info, void *context)
{
    static uintptr_t ours[DEPTH], theirs[DEPTH];
    bool strange;
    (void)signal, (void)info;
    /* one thread at a time: the other one's sample is left out */
    if (equal + different >= wanted || atomic_exchange(&busy, true))
        return;
    const struct modules *m = modules_pin(&pin);
    struct unwind_bounds unknown = {0};
    size_t count =
        unwind_walk(m, &cache, arch_registers(context), unknown, true, ours, DEPTH, &strange);
    modules_unpin(&pin);
    size_t their_count = walk_libunwind(context, theirs);
    if (count == their_count && !memcmp(ours, theirs, count * sizeof *ours)) {
        equal++;
    } else if (++different <= 5) {
        show("ours  ", ours, count);
        show("theirs", theirs, their_count);
    }
    busy = false;
}

static bool done(void)
{
    return equal + different >= wanted;
}

/* --- work */

__attribute__((noinline)) static int compare(const void *a, const void *b)
{
    sink += strtod("3.25e10", NULL);
    return *(const int *)a - *(const int *)b;
}

__attribute__((noinline)) static void sort(void)
{
    int numbers[300];
    for (int i = 0; i < 300; i++)
        numbers[i] = rand();
    qsort(numbers, 300, sizeof *numbers, compare);
}

__attribute__((noinline)) static double deep(int levels, size_t width)
{
    volatile char *room = alloca(width);
    room[0] = (char)levels;
    room[width - 1] = room[0];
    if (!levels)
        sort();
    return levels ? deep(levels - 1, width * 7 % 500 + 1) + room[0] : sink;
}

/* A frame that is realigned, so that its caller is found through the frame pointer. */
__attribute__((noinline)) static double realigned(int n)
{
    struct {
        double v[16];
    } block __attribute__((aligned(128)));
    for (int i = 0; i < 16; i++)
        block.v[i] = n * i;
    sort();
    return block.v[n & 15];
}

static void compress_some(void)
{
    static unsigned char from[20000], to[30000];
    uLongf len = sizeof to;
    for (size_t i = 0; i < sizeof from; i++)
        from[i] = (unsigned char)(rand() % 7);
    compress(to, &len, from, sizeof from);
}

static void match_some(void)
{
    regex_t re;
    regcomp(&re, "(a|b)*c(d|e)+[0-9]{2,5}", REG_EXTENDED);
    regexec(&re, "abababababababababcdedede12345", 0, NULL, 0);
    regfree(&re);
}

static void ask_time(void)
{
    struct timespec t;
    for (int i = 0; i < 500; i++)
        clock_gettime(CLOCK_MONOTONIC, &t);
}

static void on_inner(int signal)
{
    (void)signal;
    sort();
}

static void *leave(void *unused)
{
    (void)unused;
    pthread_exit(NULL);
}

static void *unwound(void *unused)
{
    pthread_cleanup_push(free, malloc(10));
    leave(unused);
    pthread_cleanup_pop(0);
    return NULL;
}

static void load_something(void)
{
    void *library = dlopen("libm.so.6", RTLD_LAZY | RTLD_LOCAL);
    double (*function)(double);
    void *symbol = library ? dlsym(library, "tgamma") : NULL;
    memcpy(&function, &symbol, sizeof function);
    for (int i = 1; symbol && i < 200; i++)
        sink += function(i / 7.0);
    if (library)
        dlclose(library);
}

static void work(void)
{
    pthread_t thread;
    char text[200];
    sort();
    deep(30, 10);
    sink += realigned(3);
    compress_some();
    match_some();
    ask_time();
    load_something();
    raise(SIGUSR2);
    snprintf(text, sizeof text, "%g %s %d %.40f", sink, "text", rand(), sink);
    if (pthread_create(&thread, NULL, unwound, NULL) == 0)
        pthread_join(thread, NULL);
}

int main(int argc, char **argv)
{
    struct sigaction action = {.sa_flags = SA_SIGINFO | SA_RESTART}, inner = {0};
    struct itimerval timer = {{0, 300}, {0, 300}};
    wanted = argc > 1 ? atoi(argv[1]) : 1000;
    action.sa_sigaction = on_signal;
    inner.sa_handler = on_inner;
    load_something(); /* so that the list has it */
    void *kept = dlopen("libm.so.6", RTLD_LAZY);
    dlopen("libgcc_s.so.1", RTLD_LAZY); /* what pthread_exit would load later */
    modules_refresh(threads_read_modules);
    sigaction(SIGALRM, &action, NULL);
    sigaction(SIGUSR2, &inner, NULL);
    setitimer(ITIMER_REAL, &timer, NULL);
    while (!done())
        work();
    signal(SIGALRM, SIG_IGN);
    printf("%d %d\n", (int)equal, (int)different);
    return kept == NULL;
}
