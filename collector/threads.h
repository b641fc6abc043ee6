/* The threads of this process, as far as they are known to us.
 *
 * A thread becomes known when it is created (the pthread_create hook), when it first calls us, or
 * when threads_scan finds it in /proc/self/task; it is forgotten when it ends, or by the scan that
 * misses it. What a signal handler needs of it is in one
 * struct, reached through its number, which never moves while the thread lives.
 */
#ifndef CPPROF_COLLECTOR_THREADS_H
#define CPPROF_COLLECTOR_THREADS_H

#include "collector/labels.h"
#include "collector/modules.h"
#include "collector/ring.h"
#include "collector/unwind.h"

#include <dirent.h>
#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

enum {
    THREAD_LIMIT = 32768, /* known at a time; more are not profiled */
    THREAD_DEPTH = 512,   /* frames of a stack, the innermost ones */
};

struct thread {
    pid_t tid;
    uint32_t number;
    int64_t cpu_seen; /* nanoseconds, at the last scan: less now means another thread has its id */
    bool seen;        /* by the present scan */
    bool ours;        /* never profiled */

    timer_t timer;
    bool armed;
    int64_t armed_cpu;         /* nanoseconds it had used when it got its timer */
    int64_t first_tick;        /* and used from then to the first expiry */
    _Atomic int64_t ticked;    /* expiries the handler was told of */
    _Atomic size_t last_depth; /* of the last stack, in `pcs` */

    /* the handler's side */
    _Atomic int busy;                /* a handler of ours runs on it */
    _Atomic(struct labels *) labels; /* changed by threads_set_labels only */
    _Atomic bool labels_locked;      /* for a few instructions, not by handlers */
    struct modules_pin pin;
    _Atomic uintptr_t stack_low, stack_high; /* 0: not known */
    _Atomic uintptr_t stack_asked;           /* a stack pointer whose bounds a scan should find */
    _Atomic int64_t lost;                    /* weight of samples for which there was no room */
    struct unwind_cache cache;

    /* the side of hooks, which the handler may interrupt */
    struct modules_pin call_pin;
    struct unwind_cache call_cache;

    uintptr_t pcs[THREAD_DEPTH];

    /* a stack another thread has asked for, see ticks_ask */
    _Atomic uint32_t asked, answered; /* the question; the one the answer is to */
    size_t answer_depth;
    uintptr_t answer[THREAD_DEPTH];

    struct ring ring;
};

/* The calling thread, made known if it was not; NULL if there is no room. Not for handlers. */
struct thread *threads_self(void);

/* The same, but NULL as well if it is not known and to make it so would mean to wait for a lock for
 * more than some milliseconds: for hooks in which the program may hold its allocator's, which
 * whoever has our lock may be waiting for. */
struct thread *threads_self_at_once(void);

/* Learns the bounds of the stack of T, which is the calling thread, from the threads library. Only
 * where nothing of that can be at work: it holds a lock of the thread while it allocates, and a
 * hook of malloc that asked for it then would wait for itself. */
void threads_find_own_bounds(struct thread *t);

/* Number NUMBER, NULL if there is none. Async-signal-safe. */
struct thread *threads_get(uint32_t number);

/* The calling thread if it is known already, else NULL. Async-signal-safe. */
struct thread *threads_self_known(void);

/* Says that the calling thread is one of ours. */
void threads_mark_ours(void);

/* Gives T, which is the calling thread, other labels; the reference goes over to it. */
void threads_set_labels(struct thread *t, struct labels *labels);

/* The labels of T, with a reference held. From any thread that keeps T from being forgotten. */
struct labels *threads_hold_labels(struct thread *t);

/* Calls USE for the thread with this id, made known if ADD, under a lock: USE may not come back
 * here. False if it is not known; then USE is not called. */
bool threads_with(pid_t tid, bool add, void (*use)(struct thread *t, void *context), void *context);

/* Learns the bounds of the stack that ADDRESS lies in as those of T's. */
void threads_find_bounds(struct thread *t, uintptr_t address);

/* Forgets threads that have ended and left no samples behind. */
void threads_forget_ended(void);

/* Deletes its timer, if it has one. */
void threads_disarm(struct thread *t);

/* Finds new threads, and forgets those that are gone, after calling GONE for each. */
void threads_scan(void (*gone)(struct thread *t));

/* Has a scan found new threads since the last call? They were not created through our hook. */
bool threads_were_found(void);

/* The id of the next thread in TASKS, an open /proc/self/task; 0: there is no other. */
pid_t threads_next_task(DIR *tasks);

/* Has every other thread ended, but for ours and the main one? */
bool threads_are_ours(void);

/* Calls EACH for every known thread that is not ours, under a lock: EACH may not come back here. */
void threads_each(void (*each)(struct thread *t, void *context), void *context);

/* Is any thread reading the list M? For modules_refresh. */
bool threads_read_modules(const struct modules *m);

/* The lock of threads_each: what that sees of a thread is changed under it. */
void threads_lock(void);
void threads_unlock(void);

/* In the child of a fork, which has one thread and none of the timers. */
void threads_in_child(void);

/* The clock of thread TID's CPU time; what it says in nanoseconds, -1 if the thread is gone. */
clockid_t threads_clock(pid_t tid);
int64_t threads_cpu_time(pid_t tid);

/* Has ENDING called in every known thread that ends, before its timer is deleted, under the lock of
 * threads_each: ENDING may not come back here. */
void threads_set_ending(void (*ending)(struct thread *t));

#endif
