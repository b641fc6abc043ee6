/* The collector's unwinder on stacks that are known beforehand, on any processor.
 *
 * usage: chains          prints each stack that is not as it should be; last "N passed, N failed"
 *
 * Functions of link.c call each other in a known order, and the stack is walked where they end:
 * at a breakpoint in a leaf function, in a signal handler on top of them, on an alternate stack.
 * Then a timer interrupts them anywhere: in prologues, in procedure linkage tables, in the loader.
 * Frames of the C library are passed over when stacks are compared, but must not end a walk: the
 * outermost function is always _start.
 */
#include "collector/contention.h"
#include "collector/heap.h"
#include "collector/modules.h"
#include "collector/unwind.h"
#include "tests/unwind/links.h"

#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/time.h>
#include <unistd.h>

enum { DEPTH = 300, SAMPLES = 150, TEXT = 16384 };

struct kind {
    const char *name;
    int (*deep)(int levels, reach_fn reach);
    int (*wide)(int levels, reach_fn reach);
    int (*leaf)(void);
    int (*library)(int times);
    bool has_rules;
};

#define KIND_ROW(kind, has_rules)                                                                  \
    {                                                                                              \
#kind, kind##_deep, kind##_wide, kind##_leaf, kind##_library, has_rules                    \
    }
static const struct kind kinds[] = {KIND_ROW(bare, true), KIND_ROW(framed, true),
                                    KIND_ROW(sealed, true), KIND_ROW(untold, false)};
enum { KINDS = sizeof kinds / sizeof *kinds };

static struct {
    const struct kind *kind; /* in whose leaf a chain ends */
    size_t count;            /* of the stack last walked */
    uintptr_t pcs[DEPTH];
    struct unwind_cache cache;
    struct modules_pin pin;
    bool
        wants_stubs; /* unless each call goes through the loader, beside which they are too short */
    bool nested;     /* the next breakpoint's handler is to call on */
    int passed, failed;

    /* what the timer met */
    char path[TEXT]; /* the whole chain it may interrupt, outermost first */
    volatile sig_atomic_t samples, wrong, stubs;
    char sample[TEXT]; /* the first wrong one */
    size_t signed_words;
} test;

/* --- stacks as text */

/* "library" for what is not ours, "stub" for what has no name. */
static const char *frame_name(uintptr_t pc)
{
    static Dl_info own;
    Dl_info info = {0};
    if (!own.dli_fbase)
        dladdr((void *)(uintptr_t)frame_name, &own);
    if (!dladdr((void *)(pc - 1), &info) || info.dli_fbase != own.dli_fbase)
        return "library";
    return info.dli_sname ? info.dli_sname : "stub";
}

/* Outermost first, " name name ... name"; without the library. */
static void stack_text(char *text, const uintptr_t *pcs, size_t count)
{
    size_t len = 0;
    text[0] = '\0';
    while (count-- > 0 && len < TEXT - 100) {
        const char *name = frame_name(pcs[count]);
        if (strcmp(name, "library") != 0)
            len += (size_t)snprintf(text + len, 100, " %s", name);
    }
}

/* Appends what a call of this function of KIND's adds. */
static void expect(char *path, const struct kind *kind, const char *function, int levels)
{
    size_t len = strlen(path);
    for (; levels >= 0; levels--) {
        len += (size_t)snprintf(path + len, TEXT - len, " %s_%s", kind->name, function);
        if (levels % 2 && !strcmp(function, "deep"))
            len += (size_t)snprintf(path + len, TEXT - len, " %s_small", kind->name);
    }
}

static void expect_name(char *path, const char *name)
{
    size_t len = strlen(path);
    snprintf(path + len, TEXT - len, " %s", name);
}

static void check(const char *what, const struct kind *kind, int levels, const char *path)
{
    static char got[TEXT];
    stack_text(got, test.pcs, test.count);
    if (!strcmp(got, path)) {
        test.passed++;
    } else {
        test.failed++;
        printf("--- %s, %s, %d levels\nexpected:%s\ngot:     %s\n", what, kind->name, levels, path,
               got);
    }
    test.count = 0;
}

/* --- ends of chains */

/* Words of the stack that are addresses of our code with something in the upper bits. */
__attribute__((no_sanitize("address"))) static size_t count_signed(const struct arch_registers *r)
{
    size_t count = 0;
    const uintptr_t *words = (const uintptr_t *)r->sp;
    for (size_t i = 0; i < 200; i++)
        count +=
            words[i] >> 48 && strncmp(frame_name(arch_code_pointer(words[i])), "sealed_", 7) == 0;
    return count;
}

static void go_on(ucontext_t *context)
{
#if defined(__aarch64__)
    context->uc_mcontext.pc += 4; /* over the breakpoint */
#else
    (void)context;
#endif
}

NOINLINE int reach_leaf(void)
{
    return test.kind->leaf() + 1;
}

NOINLINE void on_breakpoint(int signal, siginfo_t *info, void *context)
{
    if (test.nested) {
        test.nested = false;
        test.kind->deep(3, reach_leaf);
        go_on(context);
        return;
    }
    bool strange;
    struct unwind_bounds unknown = {0};
    struct arch_registers at = arch_registers(context);
    (void)signal, (void)info;
    test.count = unwind_walk(modules_pin(&test.pin), &test.cache, at, unknown, true, test.pcs,
                             DEPTH, &strange);
    modules_unpin(&test.pin);
    if (!strcmp(test.kind->name, "sealed"))
        test.signed_words += count_signed(&at);
    go_on(context);
}

/* A handler that interrupts the leaf itself calls on. */
NOINLINE int reach_trap(void)
{
    test.nested = true;
    return test.kind->leaf() + 1;
}

NOINLINE int reach_alternate(void)
{
    return raise(SIGUSR2) + 1;
}

NOINLINE void on_signal(int signal)
{
    (void)signal;
    test.kind->deep(3, reach_leaf);
}

/* Each kind calls the next. */
NOINLINE int reach_others(void)
{
    static size_t next;
    if (next == KINDS) {
        next = 0;
        return reach_leaf() + 1;
    }
    return kinds[next++].deep(2, reach_others) + 1;
}

/* --- known stacks */

NOINLINE int run_known(const char *what, const struct kind *kind, const char *function, int levels,
                       reach_fn reach, const char *end)
{
    static char path[TEXT];
    int (*call)(int, reach_fn) = strcmp(function, "deep") ? kind->wide : kind->deep;
    test.kind = kind;
    int n = call(levels, reach);
    strcpy(path, " _start main run_known");
    expect(path, kind, function, levels);
    expect_name(path, end);
    if (reach == reach_trap || reach == reach_alternate) {
        if (reach == reach_trap)
            expect(path, kind, "leaf", 0);
        expect_name(path, reach == reach_trap ? "on_breakpoint" : "on_signal");
        expect(path, kind, "deep", 3);
        expect_name(path, "reach_leaf");
    } else if (reach == reach_others) {
        for (size_t i = 0; i < KINDS; i++) {
            expect(path, &kinds[i], "deep", 2);
            expect_name(path, "reach_others");
        }
        expect_name(path, "reach_leaf");
    }
    expect(path, kind, "leaf", 0);
    check(what, kind, levels, path);
    return n;
}

/* --- whatever a timer interrupts */

/* Is the stack one that the path has on its way, except that its innermost frame may be a stub? */
static bool is_on_path(char *stack)
{
    char *last = strrchr(stack, ' ');
    if (last && !strcmp(last, " stub")) {
        *last = '\0';
        test.stubs++;
    }
    size_t len = strlen(stack);
    return !strncmp(stack, test.path, len) && (test.path[len] == ' ' || !test.path[len]);
}

/* Stubs are short, so it may take a while to meet one. */
static bool wants_samples(void)
{
    return test.samples < SAMPLES ||
           (test.wants_stubs && !test.stubs && test.samples < 100 * SAMPLES);
}

/* Once: the next one is not due before this one is done, however slow an emulator is. */
static void set_timer(void)
{
    struct itimerval timer = {{0, 0}, {0, 300 + rand() % 100}};
    setitimer(ITIMER_REAL, &timer, NULL);
}

static void on_timer(int signal, siginfo_t *info, void *context)
{
    static uintptr_t pcs[DEPTH];
    static char text[TEXT];
    bool strange;
    struct unwind_bounds unknown = {0};
    (void)signal, (void)info;
    size_t count = unwind_walk(modules_pin(&test.pin), &test.cache, arch_registers(context),
                               unknown, true, pcs, DEPTH, &strange);
    modules_unpin(&test.pin);
    stack_text(text, pcs, count);
    test.samples++;
    if (!is_on_path(text) && test.wrong++ == 0)
        snprintf(test.sample, sizeof test.sample, "%s (innermost: %lx %s)", text,
                 (unsigned long)pcs[0], frame_name(pcs[0]));
    if (wants_samples())
        set_timer();
}

NOINLINE int reach_library(void)
{
    return test.kind->library(20);
}

NOINLINE int run_interrupted(const struct kind *kind)
{
    int n = 0;
    test.kind = kind;
    test.samples = test.wrong = 0;
    strcpy(test.path, " _start main run_interrupted");
    expect(test.path, kind, "deep", 9);
    expect_name(test.path, "reach_library");
    expect(test.path, kind, "library", 0);
    set_timer();
    while (wants_samples())
        n ^= kind->deep(9, reach_library);
    if (!test.wrong) {
        test.passed++;
    } else {
        test.failed++;
        printf("--- interrupted, %s: %d of %d stacks are wrong\nexpected:%s\ngot:     %s\n",
               kind->name, (int)test.wrong, (int)test.samples, test.path, test.sample);
    }
    return n;
}

static void claim(const char *what, bool holds)
{
    test.passed += holds;
    test.failed += !holds;
    if (!holds)
        printf("--- %s\n", what);
}

static void handle(int signal, void (*three)(int, siginfo_t *, void *), void (*one)(int), int flags)
{
    struct sigaction action = {.sa_flags = flags | (three ? SA_SIGINFO : 0)};
    if (three)
        action.sa_sigaction = three;
    else
        action.sa_handler = one;
    sigaction(signal, &action, NULL);
}

/* In place of the rest of the collector: nothing is sampled here. */
void heap_pause(void) {}
void heap_resume(void) {}
void contention_pause(void) {}
void contention_resume(void) {}

static bool is_pinned(const struct modules *m)
{
    return atomic_load(&test.pin.reading) == m;
}

int main(void)
{
    static unsigned char alternate[256 * 1024];
    stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate};
    int n = 0;
    test.wants_stubs = !getenv("LD_BIND_NOT");
    sigaltstack(&stack, NULL);
    handle(SIGTRAP, on_breakpoint, NULL, SA_NODEFER);
    handle(SIGALRM, on_timer, NULL, SA_RESTART);
    handle(SIGUSR2, NULL, on_signal, SA_ONSTACK);
    modules_refresh(is_pinned);
    for (const struct kind *kind = kinds; kind < kinds + KINDS; kind++) {
        for (int levels = 0; levels < 40; levels++) {
            n ^= run_known("a leaf", kind, "deep", levels, reach_leaf, "reach_leaf");
            n ^= run_known("a leaf", kind, "wide", levels, reach_leaf, "reach_leaf");
        }
        n ^= run_known("a handler", kind, "deep", 7, reach_trap, "reach_trap");
        n ^= run_known("a handler", kind, "wide", 7, reach_trap, "reach_trap");
        n ^= run_known("a handler on another stack", kind, "deep", 6, reach_alternate,
                       "reach_alternate");
        n ^= run_known("all kinds", kind, "deep", 4, reach_others, "reach_others");
        if (kind->has_rules)
            n ^= run_interrupted(kind);
    }
#if defined(__aarch64__)
    if (getauxval(AT_HWCAP) & HWCAP_PACA)
        claim("signed return addresses were met", test.signed_words > 0);
#endif
    claim("procedure linkage tables were met", test.stubs > 0 || !test.wants_stubs);
    printf("%d passed, %d failed\n", test.passed, test.failed);
    return test.failed || n == 1;
}
