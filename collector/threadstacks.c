#include "collector/threadstacks.h"

#include "collector/blocked.h"
#include "collector/calls.h"
#include "collector/forks.h"
#include "collector/grow.h"
#include "collector/kind_write.h"
#include "collector/names.h"
#include "collector/quiet.h"
#include "collector/threads.h"
#include "collector/ticks.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    PATIENCE_US = 1000 * 1000, /* for all running threads together */
    PAUSE_US = 50,
};

/* A thread and its stack. */
struct one {
    pid_t tid;
    long call;    /* the system call it is in; -1: none */
    bool running; /* when it was asked */
    bool asked, left_out;
    struct labels *labels; /* held */
    size_t depth;
    uintptr_t *pcs;
};

struct all {
    struct one *items;
    size_t count, cap;
};

static struct {
    pthread_mutex_t lock; /* one taking at a time */
    uint32_t question;
} state = {.lock = PTHREAD_MUTEX_INITIALIZER};

void threadstacks_in_child(void)
{
    pthread_mutex_init(&state.lock, NULL);
}

static void all_release(struct all *all)
{
    for (size_t i = 0; i < all->count; i++) {
        labels_drop(all->items[i].labels);
        free(all->items[i].pcs);
    }
    free(all->items);
}

static int list_threads(struct all *all)
{
    DIR *tasks = opendir("/proc/self/task");
    int error = tasks ? 0 : errno;
    for (pid_t tid; tasks && !error && (tid = threads_next_task(tasks));) {
        if (grow(&all->items, &all->cap, all->count + 1, sizeof *all->items))
            all->items[all->count++] = (struct one){.tid = tid, .call = -1};
        else
            error = ENOMEM;
    }
    if (tasks)
        closedir(tasks);
    return error;
}

static int keep(struct one *one, const uintptr_t *pcs, size_t depth)
{
    free(one->pcs);
    one->pcs = malloc((depth + 1) * sizeof *pcs);
    one->depth = one->pcs ? depth : 0;
    if (one->pcs)
        memcpy(one->pcs, pcs, depth * sizeof *pcs);
    return one->pcs ? 0 : ENOMEM;
}

/* --- with the registry's lock */

static void look(struct thread *t, void *context)
{
    struct one *one = context;
    one->left_out = t->ours;
    if (!t->ours)
        one->labels = threads_hold_labels(t);
}

static void ask(struct thread *t, void *context)
{
    struct one *one = context;
    one->asked = ticks_ask(t, state.question) == 0;
}

struct answer {
    struct one *one;
    bool given;
    int error;
};

static void read_answer(struct thread *t, void *context)
{
    struct answer *a = context;
    a->given = atomic_load(&t->answered) == state.question;
    if (a->given)
        a->error = keep(a->one, t->answer, t->answer_depth);
}

/* --- one thread */

/* Would the thread not see it if a signal interrupted what it waits in? The kernel starts a wait
 * for a futex again by itself, if it has no end. */
static bool may_be_interrupted(const struct blocked *b)
{
    enum { TIMEOUT = 3 };
    return b->call == SYS_futex && !b->args[TIMEOUT];
}

static int take_blocked(struct one *one, struct blocked *b, bool *interrupt)
{
    uintptr_t pcs[THREAD_DEPTH];
    size_t depth;
    enum blocked_result result = blocked_take(one->tid, b, pcs, THREAD_DEPTH, &depth);
    *interrupt = result == BLOCKED_RUNNING;
    one->running = result == BLOCKED_RUNNING;
    one->left_out |= result == BLOCKED_GONE;
    if (result != BLOCKED_WHOLE && result != BLOCKED_PART)
        return 0;
    one->call = b->call;
    *interrupt = result == BLOCKED_PART && may_be_interrupted(b);
    return keep(one, pcs, depth);
}

static int take_own(struct one *one)
{
    uintptr_t pcs[CALLS_DEPTH];
    one->running = true;
    return keep(one, pcs, calls_walk_fresh(__builtin_return_address(0), pcs));
}

static int take_one(struct one *one, struct blocked *b)
{
    bool interrupt;
    threads_with(one->tid, false, look, one);
    if (one->left_out)
        return 0;
    if (one->tid == (pid_t)syscall(SYS_gettid))
        return take_own(one);
    int error = take_blocked(one, b, &interrupt);
    if (!error && interrupt)
        threads_with(one->tid, true, ask, one);
    return error;
}

/* --- all of them */

/* Collects what has been answered; how many have not. */
static size_t collect(struct all *all, int *error)
{
    size_t waiting = 0;
    for (size_t i = 0; i < all->count && !*error; i++) {
        struct answer a = {.one = &all->items[i]};
        if (!a.one->asked)
            continue;
        if (!threads_with(a.one->tid, false, read_answer, &a))
            a.one->asked = false;
        a.one->asked = a.one->asked && !a.given;
        *error = a.error;
        waiting += a.one->asked;
    }
    return waiting;
}

/* Threads that do not answer block the signal; perhaps they are blocked otherwise by now. */
static int take_silent(struct all *all, struct blocked *b)
{
    int error = 0;
    bool interrupt;
    for (size_t i = 0; i < all->count && !error; i++)
        if (all->items[i].asked && !all->items[i].depth)
            error = take_blocked(&all->items[i], b, &interrupt);
    return error;
}

static int take_all(struct all *all)
{
    struct blocked *b = malloc(sizeof *b);
    int error = b ? list_threads(all) : ENOMEM;
    state.question++;
    for (size_t i = 0; i < all->count && !error; i++)
        error = take_one(&all->items[i], b);
    for (int waited = 0; !error && collect(all, &error) && waited < PATIENCE_US; waited += PAUSE_US)
        usleep(PAUSE_US);
    if (!error)
        error = take_silent(all, b);
    free(b);
    threads_forget_ended();
    return error;
}

static int take(struct all *all)
{
    int error = forks_watch();
    if (!error)
        error = modules_refresh(threads_read_modules);
    if (!error)
        error = ticks_be_ready();
    if (error)
        return error;
    quiet_lock(&state.lock);
    error = take_all(all);
    quiet_unlock(&state.lock);
    return error;
}

int threadstacks_take(const struct cpprof_profile *p, struct stackset *to)
{
    (void)p;
    struct all all = {0};
    int error = take(&all);
    for (size_t i = 0; i < all.count && !error; i++) {
        const struct one *one = &all.items[i];
        if (one->left_out)
            continue;
        uint32_t row = stackset_row(to, one->pcs, one->depth, one->labels, 0);
        if (row == INDEX_NONE)
            error = ENOMEM;
        else
            to->rows[row].values[0]++;
    }
    all_release(&all);
    return error;
}

/* --- text, thread by thread */

static void print_state(FILE *to, const struct one *one)
{
    static const struct {
        long call;
        const char *name;
    } calls[] = {
        {SYS_clock_nanosleep, "sleep"},
        {SYS_epoll_pwait, "epoll_wait"},
        {SYS_futex, "futex"},
        {SYS_ppoll, "poll"},
        {SYS_pselect6, "select"},
        {SYS_read, "read"},
        {SYS_recvfrom, "recv"},
        {SYS_recvmsg, "recv"},
        {SYS_rt_sigtimedwait, "signal"},
        {SYS_wait4, "wait"},
        {SYS_write, "write"},
        {SYS_accept, "accept"},
        {SYS_accept4, "accept"},
        {SYS_nanosleep, "sleep"},
#ifdef SYS_poll
        {SYS_epoll_wait, "epoll_wait"},
        {SYS_poll, "poll"},
        {SYS_select, "select"},
        {SYS_pause, "pause"},
#endif
    };
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (one->call == calls[i].call) {
            fputs(calls[i].name, to);
            return;
        }
    if (one->call >= 0)
        fprintf(to, "system call %ld", one->call);
    else
        fputs(one->running ? "running" : "page fault", to);
}

/* The name a thread has given itself, without what would break the line. */
static void print_name(FILE *to, pid_t tid)
{
    char path[64], name[64];
    snprintf(path, sizeof path, "/proc/self/task/%ld/comm", (long)tid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? -1 : read(fd, name, sizeof name);
    if (fd >= 0)
        close(fd);
    for (ssize_t i = 0; i < len && name[i] != '\n'; i++) {
        if (!i)
            fputs(", ", to);
        putc((unsigned char)name[i] < ' ' || strchr("[],\x7F", name[i]) ? '?' : name[i], to);
    }
}

static void print_one(FILE *to, struct names *names, const struct cpprof_profile *p,
                      const struct one *one)
{
    const char *word = strcmp(p->name, "threads") == 0 ? "thread" : p->name;
    fprintf(to, "%s %ld [", word, (long)one->tid);
    print_state(to, one);
    print_name(to, one->tid);
    fputs("]:\n", to);
    kind_print_labels(to, one->labels);
    for (size_t i = 0; i < one->depth; i++) {
        struct name name = name_find(names, one->pcs[i] - 1);
        uintptr_t in_file = name.function ? 0 : name.offset;
        fprintf(to, "%s(...)\n\t%s", name.function ? name.function : "??",
                name.file ? name.file : "??");
        if (in_file)
            fprintf(to, "+0x%" PRIxPTR "\n", in_file);
        else
            fprintf(to, " +0x%" PRIxPTR "\n", name.offset);
    }
    putc('\n', to);
}

int threadstacks_print(const struct cpprof_profile *p, FILE *to)
{
    struct all all = {0};
    struct names *names = names_open();
    int error = take(&all);
    for (size_t i = 0; i < all.count && !error; i++)
        if (!all.items[i].left_out)
            print_one(to, names, p, &all.items[i]);
    names_close(names);
    all_release(&all);
    return error;
}
