#include "collector/blocked.h"

#include "collector/framepointer.h"
#include "collector/threads.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

enum { PAGE = 4096, TRIES = 3, MOST_GUESSES = 16 };

/* The words of LINE into WORDS; how many there are. */
static size_t read_words(const char *line, uintptr_t *words, size_t cap)
{
    size_t count = 0;
    for (char *end; count < cap; line = end) {
        words[count] = strtoul(line, &end, 0);
        if (end == line)
            break;
        count++;
    }
    return count;
}

static enum blocked_result read_registers(pid_t tid, struct blocked *b)
{
    enum { SP = 7, PC, WORDS };
    char path[64], line[256];
    uintptr_t words[WORDS];
    snprintf(path, sizeof path, "/proc/self/task/%ld/syscall", (long)tid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? -1 : read(fd, line, sizeof line - 1);
    bool gone = len < 0 && (errno == ENOENT || errno == ESRCH);
    if (fd >= 0)
        close(fd);
    if (len <= 0)
        return gone ? BLOCKED_GONE : BLOCKED_RUNNING;
    line[len] = '\0';
    b->call = strtol(line, NULL, 10);
    size_t count = line[0] == 'r' ? 0 : read_words(line, words, WORDS);
    if (count == WORDS) { /* number, six arguments, stack pointer, program counter */
        memcpy(b->args, words + 1, sizeof b->args);
        b->sp = words[SP];
        b->pc = words[PC];
        return BLOCKED_WHOLE;
    }
    if (count == 3 && b->call == -1) {
        b->sp = words[1];
        b->pc = words[2];
        return BLOCKED_WHOLE;
    }
    return BLOCKED_RUNNING;
}

/* Copies the stack from its pointer upwards, as far as there is memory; how many bytes. A piece per
 * page: the kernel copies pieces whole or not at all. */
static size_t copy_stack(struct blocked *b)
{
    struct iovec local = {b->copy, sizeof b->copy}, remote[BLOCKED_COPY / PAGE + 1];
    size_t count = 0;
    uintptr_t at = b->sp, end = b->sp + BLOCKED_COPY;
    while (at < end) {
        uintptr_t next = (at | (PAGE - 1)) + 1;
        if (next > end)
            next = end;
        remote[count++] = (struct iovec){(void *)at, next - at};
        at = next;
    }
    ssize_t len = process_vm_readv(getpid(), &local, 1, remote, count, 0);
    return len > 0 ? (size_t)len : 0;
}

static enum blocked_result walk(const struct blocked *b, size_t len, uintptr_t *pcs, size_t cap,
                                size_t *depth)
{
    struct thread *self = threads_self();
    struct arch_registers at = {.pc = b->pc, .sp = b->sp};
    struct unwind_bounds bounds = {b->sp, b->sp + len, (uintptr_t)b->copy - b->sp};
    struct unwind_end end = {.wants_fp = true};
    *depth = 0;
    if (!self)
        return BLOCKED_RUNNING;
    const struct modules *m = modules_pin(&self->call_pin);
    for (int guesses = 0; guesses < MOST_GUESSES && end.wants_fp && *depth < cap; guesses++) {
        bool exact = *depth <= 1;
        if (*depth)
            --*depth; /* the walk begins with the frame at which it has stopped */
        *depth += unwind_walk_to(m, &self->call_cache, at, bounds, exact, pcs + *depth,
                                 cap - *depth, &end);
        if (!end.wants_fp)
            break;
        at = end.at;
        at.fp = framepointer_find(m, at.pc - (*depth > 1), at.sp, bounds);
        if (!at.fp)
            break;
    }
    modules_unpin(&self->call_pin);
    return end.wants_fp ? BLOCKED_PART : BLOCKED_WHOLE;
}

enum blocked_result blocked_take(pid_t tid, struct blocked *b, uintptr_t *pcs, size_t cap,
                                 size_t *depth)
{
    for (int i = 0; i < TRIES; i++) {
        int64_t before = threads_cpu_time(tid);
        enum blocked_result result = read_registers(tid, b);
        if (result != BLOCKED_WHOLE)
            return result;
        size_t len = copy_stack(b);
        if (threads_cpu_time(tid) == before && b->sp % sizeof b->sp == 0)
            return walk(b, len, pcs, cap, depth);
    }
    return BLOCKED_RUNNING;
}
