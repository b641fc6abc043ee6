#include "collector/forks.h"

#include "collector/contention.h"
#include "collector/counted.h"
#include "collector/cpu.h"
#include "collector/custom.h"
#include "collector/heap.h"
#include "collector/hooks.h"
#include "collector/housekeeper.h"
#include "collector/http.h"
#include "collector/modules.h"
#include "collector/threadcreate.h"
#include "collector/threads.h"
#include "collector/threadstacks.h"
#include "collector/ticks.h"
#include "collector/trace.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

static __thread sigset_t mask_before __attribute__((tls_model("initial-exec")));

static void block_signal(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, ticks_signal());
    hooks_real_sigmask(SIG_BLOCK, &signals, &mask_before);
}

static void restore_mask(void)
{
    hooks_real_sigmask(SIG_SETMASK, &mask_before, NULL);
}

/* In the order of taking. Nobody who has one of them waits for one above it. */
static const struct guard {
    void (*take)(void);
    void (*give)(void);
} guards[] = {
    {block_signal, restore_mask},
    {cpu_lock_changes, cpu_unlock_changes},
    {counted_lock_changes, counted_unlock_changes},
    {trace_lock_changes, trace_unlock_changes},
    {housekeeper_lock, housekeeper_unlock},
    {cpu_lock, cpu_unlock},
    {counted_lock, counted_unlock},
    {trace_lock, trace_unlock},
    {threadcreate_lock, threadcreate_unlock},
    {custom_lock, custom_unlock},
    {modules_lock, modules_unlock}, /* after it nobody has the loader's lock for us */
    {threads_lock, threads_unlock},
    {heap_lock, heap_unlock},
    {contention_lock_all, contention_unlock_all},
};

enum { GUARDS = sizeof guards / sizeof *guards };

/* What makes a child's copy its own, once the locks are free: first what others build on. */
static void (*const renewals[])(void) = {
    threads_in_child, housekeeper_in_child,  contention_in_child, cpu_in_child,
    counted_in_child, threadstacks_in_child, trace_in_child,      http_in_child,
};

static __thread bool prepared __attribute__((tls_model("initial-exec")));
static __thread bool by_hook __attribute__((tls_model("initial-exec")));

static void prepare(void)
{
    for (size_t i = 0; i < GUARDS && !prepared; i++)
        guards[i].take();
    prepared = true;
}

/* All but the first, or all. */
static void give_from(size_t first)
{
    for (size_t i = GUARDS; i > first; i--)
        guards[i - 1].give();
}

static void parent(void)
{
    prepared = false;
    give_from(0);
}

static _Atomic(forks_renewal *) last_renewal;

/* Frees and allocates. */
static void renew(void)
{
    for (size_t i = 0; i < sizeof renewals / sizeof *renewals; i++)
        renewals[i]();
    forks_renewal *last = atomic_load(&last_renewal);
    if (last)
        last();
    restore_mask();
}

static void child(void)
{
    prepared = false;
    give_from(1);
    if (!by_hook)
        renew();
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int error;

static _Atomic bool watching;

/* Handlers run in the order of their registration, those before the fork in the reverse one. An
 * allocator that registers some at its first call has to come before us, or it would hold its locks
 * while we wait for threads of ours that may allocate. */
static void watch(void)
{
    void *volatile block = malloc(1);
    free(block);
    error = pthread_atfork(prepare, parent, child);
    atomic_store(&watching, !error);
}

void forks_begin(void)
{
    by_hook = atomic_load(&watching);
    if (by_hook)
        prepare();
}

void forks_end(bool is_child)
{
    if (by_hook && is_child)
        renew();
    by_hook = false;
}

void forks_set_last(forks_renewal *last)
{
    atomic_store(&last_renewal, last);
}

int forks_watch(void)
{
    pthread_once(&once, watch);
    return error;
}
