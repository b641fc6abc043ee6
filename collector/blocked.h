/* The stack of another thread that is blocked, without its noticing: no signal, no EINTR.
 *
 * The kernel tells a blocked thread's stack pointer and program counter (/proc/self/task/T/syscall,
 * proc(5)); the words of its stack are copied, and the walk goes over the copy. Whether the thread
 * ran meanwhile is seen on its CPU clock. The frame pointer is not told: most code is walked
 * without, and for the rest framepointer.h finds it.
 */
#ifndef CPPROF_COLLECTOR_BLOCKED_H
#define CPPROF_COLLECTOR_BLOCKED_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { BLOCKED_COPY = 65536 }; /* bytes of a stack; what is above is read word by word */

struct blocked {
    long call; /* the system call; -1: none, a page fault */
    uintptr_t args[6], sp, pc;
    uintptr_t copy[BLOCKED_COPY / sizeof(uintptr_t)];
};

enum blocked_result {
    BLOCKED_WHOLE,   /* the stack up to its end, as far as unwind rules go */
    BLOCKED_PART,    /* a frame could not be walked without its frame pointer */
    BLOCKED_RUNNING, /* it is not blocked, or not for long enough */
    BLOCKED_GONE,
};

/* Fills PCS as unwind_walk does, and B with what the kernel tells. Not for signal handlers, and not
 * for the calling thread. errno may change. */
enum blocked_result blocked_take(pid_t tid, struct blocked *b, uintptr_t *pcs, size_t cap,
                                 size_t *depth);

#endif
