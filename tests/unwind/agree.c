/* Our unwinder against libunwind: the same interrupted registers, walked by both.
 *
 * usage: agree LIBRARY STEPPED TIMED      LIBRARY: link.c as one, kind "loaded"
 *
 * Each kind of code is run until that many of its stacks have been compared: STEPPED ones while it
 * runs one instruction at a time, so that everything it comes through is seen, prologues, stubs and
 * all; TIMED ones where a timer happens to interrupt it. Prints a row for each, and fails if fewer
 * than 99.9 % of its stacks are whole: they end where the thread began; or if, of those that
 * libunwind walks that far, fewer than 99.9 % are equal. The first others are on stderr. libunwind
 * goes astray where __builtin_eh_return jumps to a catch block, since it looks for that one's rules
 * one byte early, as behind a call.
 *
 * libunwind caches nothing here. It is loaded for itself: linked, it would also unwind exceptions.
 */
#include "tests/unwind/agree.h"
#include "collector/modules.h"
#include "collector/threads.h"
#include "collector/unwind.h"

#define UNW_LOCAL_ONLY
#include <dlfcn.h>
#include <libunwind.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/time.h>
#include <unistd.h>

enum { DEPTH = 400, SEEN = 1 << 16, EVERY = 17, SHOWN = 3, TRAP_FLAG = 0x100 };

static struct {
    int (*init_local2)(unw_cursor_t *cursor, unw_context_t *context, int flag);
    int (*step)(unw_cursor_t *cursor);
    int (*get_reg)(unw_cursor_t *cursor, int reg, unw_word_t *value);
    int (*is_signal_frame)(unw_cursor_t *cursor);
    int (*set_caching_policy)(unw_addr_space_t space, unw_caching_policy_t policy);
} libunwind;

struct stack {
    uintptr_t pcs[DEPTH];
    size_t count;
    bool has_signal_frame; /* below the innermost one */
};

static bool in_stub(const struct stack *s);
static bool in_vdso(const struct stack *s);
static bool in_loaded(const struct stack *s);
static bool in_library(const struct stack *s);
static bool throws(const struct stack *s);
static bool has_handler(const struct stack *s);
static bool any(const struct stack *s);

static const struct kind {
    const char *name;
    void (*work)(void);
    bool (*met)(const struct stack *s); /* what must have been among its stacks */
    int whole;                          /* how many of 1000 at least; 0: 999 */
} kinds[] = {
    {"C", agree_c, any, 0},
    {"C, -fomit-frame-pointer", agree_bare, any, 0},
    {"C, -fno-omit-frame-pointer", agree_framed, any, 0},
    {"realigned frames", agree_realigned, any, 0},
    {"libraries", agree_libraries, in_library, 0},
    /* while libgcc puts the catch block's registers where its own frame has its caller's, nobody
     * can walk on */
    {"C++ that throws and catches", agree_throwing, throws, 970},
    {"PLT, bound lazily", agree_library_calls, in_stub, 0},
    {"signal handlers", agree_handlers, has_handler, 0},
    {"vdso", agree_vdso, in_vdso, 0},
    {"loaded code", agree_loading, in_loaded, 0},
    /* so it is in longjmp, which pthread_exit ends with */
    {"threads", agree_threads, any, 990},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static struct {
    const struct kind *kind;
    int wanted;
    volatile sig_atomic_t stacks, known, equal, whole, met;
    bool stepping, timed;
    int shown;
    unsigned steps, random;
    uintptr_t seen[SEEN]; /* instructions of this kind */
    int failures;

    struct unwind_cache cache;
    struct modules_pin pin;
    struct stack ours, theirs;
    uintptr_t loaded_low, loaded_high; /* the library LIBRARY, when last loaded */
} test;

static __thread uintptr_t root; /* the outermost address of the thread */

/* --- two walks */

static void walk_libunwind(ucontext_t *context, struct stack *s)
{
    unw_cursor_t cursor;
    s->count = 0;
    s->has_signal_frame = false;
    if (libunwind.init_local2(&cursor, context, UNW_INIT_SIGNAL_FRAME) != 0)
        return;
    do {
        unw_word_t ip = 0;
        libunwind.get_reg(&cursor, UNW_REG_IP, &ip);
        if (!ip)
            break;
        bool interrupted = s->count && libunwind.is_signal_frame(&cursor) > 0;
        s->has_signal_frame |= interrupted;
        s->pcs[s->count] = ip + (!s->count || interrupted);
        s->count++;
    } while (s->count < DEPTH && libunwind.step(&cursor) > 0);
}

static void walk_ours(ucontext_t *context, struct stack *s)
{
    bool strange;
    struct unwind_bounds unknown = {0};
    s->count = unwind_walk(modules_pin(&test.pin), &test.cache, arch_registers(context), unknown,
                           true, s->pcs, DEPTH, &strange);
    modules_unpin(&test.pin);
}

static void show(const char *who, const struct stack *s)
{
    fprintf(stderr, "  %s:", who);
    for (size_t i = 0; i < s->count; i++) {
        Dl_info info = {0};
        dladdr((void *)(s->pcs[i] - 1), &info);
        fprintf(stderr, " %s+%lx", info.dli_sname ? info.dli_sname : info.dli_fname,
                (unsigned long)(s->pcs[i] - (uintptr_t)info.dli_fbase));
    }
    fprintf(stderr, "\n");
}

static bool is_whole(const struct stack *s)
{
    return s->count && s->pcs[s->count - 1] == root;
}

/* The address of code that is about to run is one more than libunwind's, which takes what it finds
 * behind __builtin_eh_return for one that a call returns to. */
static bool is_equal(const struct stack *ours, const struct stack *theirs)
{
    for (size_t i = 0; i < ours->count && i < theirs->count; i++)
        if (ours->pcs[i] != theirs->pcs[i] && ours->pcs[i] != theirs->pcs[i] + 1)
            return false;
    return ours->count == theirs->count;
}

static void compare(ucontext_t *context)
{
    walk_ours(context, &test.ours);
    walk_libunwind(context, &test.theirs);
    test.ours.has_signal_frame = test.theirs.has_signal_frame;
    bool equal = is_equal(&test.ours, &test.theirs), whole = is_whole(&test.ours);
    bool known = is_whole(&test.theirs);
    test.stacks++;
    test.known += known;
    test.equal += known && equal;
    test.whole += whole;
    test.met += test.kind->met(&test.ours);
    if (((known && !equal) || (!whole && !test.kind->whole)) && test.shown++ < SHOWN) {
        show("ours  ", &test.ours);
        show("theirs", &test.theirs);
    }
}

/* --- what is in a stack */

static bool any(const struct stack *s)
{
    return s->count > 0;
}

static bool is_own(const Dl_info *info)
{
    static Dl_info own;
    return (own.dli_fbase || dladdr((void *)(uintptr_t)is_own, &own)) &&
           info->dli_fbase == own.dli_fbase;
}

static bool in_stub(const struct stack *s)
{
    Dl_info info = {0};
    return s->count && dladdr((void *)(s->pcs[0] - 1), &info) && is_own(&info) && !info.dli_sname;
}

static bool in_library(const struct stack *s)
{
    Dl_info info = {0};
    return s->count && dladdr((void *)(s->pcs[0] - 1), &info) && !is_own(&info);
}

static bool in_vdso(const struct stack *s)
{
    enum { PAGES = 2 * 4096 };
    return s->count && s->pcs[0] - getauxval(AT_SYSINFO_EHDR) < PAGES;
}

static bool in_loaded(const struct stack *s)
{
    return s->count && s->pcs[0] >= test.loaded_low && s->pcs[0] < test.loaded_high;
}

static bool throws(const struct stack *s)
{
    for (size_t i = 0; i < s->count; i++) {
        Dl_info info = {0};
        if (dladdr((void *)(s->pcs[i] - 1), &info) && info.dli_sname &&
            !strncmp(info.dli_sname, "_Unwind_", 8))
            return true;
    }
    return false;
}

static bool has_handler(const struct stack *s)
{
    return s->has_signal_frame;
}

/* --- being interrupted */

static bool enough(void)
{
    return test.stacks >= test.wanted;
}

/* Of the instructions that were there before, some. */
static bool is_wanted(uintptr_t pc)
{
    uintptr_t *slot = &test.seen[(pc ^ pc >> 16) % SEEN];
    bool fresh = *slot != pc;
    *slot = pc;
    return fresh || (test.steps++ % EVERY == 0 && !enough());
}

/* Before each instruction; and once when somebody raises it, to begin with that. */
static void on_trap(int signal, siginfo_t *info, void *context)
{
    ucontext_t *c = context;
    greg_t *flags = &c->uc_mcontext.gregs[REG_EFL];
    (void)signal;
    if (info->si_code > 0 && is_wanted((uintptr_t)c->uc_mcontext.gregs[REG_RIP]))
        compare(c);
    *flags = test.stepping ? *flags | TRAP_FLAG : *flags & ~(greg_t)TRAP_FLAG;
}

static void set_timer(void)
{
    test.random = test.random * 1664525 + 1013904223; /* rand is not for handlers */
    struct itimerval timer = {{0, 0}, {0, 60 + (test.random >> 16) % 100}};
    setitimer(ITIMER_REAL, &timer, NULL);
}

static void on_timer(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info;
    if (!test.timed || enough())
        return;
    compare(context);
    set_timer();
}

/* In a handler or a thread, too, which begin without the flag. */
void agree_go_on(void)
{
    test.stepping = !test.timed;
    if (test.stepping)
        raise(SIGTRAP);
}

void agree_stop(void)
{
    test.stepping = false;
}

void agree_find_root(void)
{
    ucontext_t here;
    struct stack s;
    getcontext(&here);
    walk_libunwind(&here, &s);
    root = s.pcs[s.count - 1];
}

void agree_loaded(const void *low, const void *high)
{
    test.loaded_low = (uintptr_t)low;
    test.loaded_high = (uintptr_t)high;
    modules_refresh(threads_read_modules);
}

/* --- a kind of code */

static bool nearly_all(int count, int of, int least)
{
    return count * 1000L >= (long)of * (least ? least : 999);
}

static void run(const struct kind *kind, bool step, int wanted)
{
    test.kind = kind;
    test.wanted = wanted;
    test.stacks = test.known = test.equal = test.whole = test.met = test.shown = 0;
    memset(test.seen, 0, sizeof test.seen);
    test.timed = !step;
    if (!step)
        set_timer();
    do { /* as a whole at least once: what ends something is something else again */
        agree_go_on();
        kind->work();
        agree_stop();
    } while (!enough());
    test.timed = false;
    bool good = nearly_all(test.equal, test.known, 0) &&
                nearly_all(test.whole, test.stacks, kind->whole) && test.met > 0;
    printf("%-28s %-8s %7d %8.2f %% %8.2f %% %8.2f %% %8d%s\n", kind->name,
           step ? "stepped" : "timed", (int)test.stacks, 100.0 * test.equal / test.known,
           100.0 * test.whole / test.stacks, 100.0 * test.known / test.stacks, (int)test.met,
           good ? "" : "  FAILED");
    test.failures += !good;
}

/* --- beginning */

#define NAME_(symbol) #symbol
#define NAME(symbol) NAME_(symbol)
#define FIND(function) find(library, &libunwind.function, NAME(UNW_OBJ(function)))

static void find(void *library, void *function, const char *name)
{
    void *symbol = dlsym(library, name);
    memcpy(function, &symbol, sizeof symbol);
}

static bool load_libunwind(void)
{
    void *library = dlopen("libunwind.so.8", RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return false;
    FIND(init_local2);
    FIND(step);
    FIND(get_reg);
    FIND(is_signal_frame);
    FIND(set_caching_policy);
    unw_addr_space_t *local = dlsym(library, NAME(UNW_OBJ(local_addr_space)));
    return local && libunwind.init_local2 && libunwind.step && libunwind.get_reg &&
           libunwind.is_signal_frame && libunwind.set_caching_policy &&
           libunwind.set_caching_policy(*local, UNW_CACHE_NONE) == 0;
}

static void handle(int signal, void (*handler)(int, siginfo_t *, void *), int flags)
{
    struct sigaction action = {.sa_flags = flags | SA_SIGINFO};
    action.sa_sigaction = handler;
    sigaddset(&action.sa_mask, SIGALRM);
    sigaction(signal, &action, NULL);
}

int main(int argc, char **argv)
{
    if (argc != 4 || !load_libunwind() || !agree_begin(argv[1])) {
        fprintf(stderr, "usage: agree LIBRARY STEPPED TIMED; %s\n", dlerror());
        return 2;
    }
    modules_refresh(threads_read_modules);
    agree_find_root();
    Dl_info info = {0};
    if (!dladdr((void *)(root - 1), &info) || strcmp(info.dli_sname, "_start") != 0) {
        fprintf(stderr, "main's stack does not begin with _start\n");
        return 2;
    }
    handle(SIGTRAP, on_trap, 0);
    handle(SIGALRM, on_timer, SA_RESTART);
    printf("%-28s %-8s %7s %10s %10s %10s %8s\n", "", "", "stacks", "equal", "whole", "libunwind",
           "its own");
    for (const struct kind *kind = kinds; kind < kinds + KINDS; kind++) {
        run(kind, true, atoi(argv[2]));
        run(kind, false, atoi(argv[3]));
    }
    return test.failures > 0;
}
