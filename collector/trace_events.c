#include "collector/trace_events.h"

#include "collector/clock.h"
#include "collector/cpprof.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    HEAD = 4,        /* words before the text: what it is, time, task, other */
    WORDS = 1 << 15, /* of a ring: room for some 5000 events */
    MOST_RINGS = 4096,
    LEN_SHIFT = 8, /* of the first word: kind, bytes of text, which trace */
    TRACE_SHIFT = 32,
};

struct buffer {
    struct buffer *next;
    pid_t tid;
    volatile sig_atomic_t busy; /* the thread is writing; its handlers may find it so */
    uint32_t trace;             /* that `open` and `kept` are of */
    unsigned open;              /* regions begun */
    uint64_t kept;              /* which of them are in the ring; the lowest bit is the outermost */
    _Atomic size_t written, read; /* words in all, ever; the thread's, the reader's */
    uintptr_t words[WORDS];
};

static struct {
    _Atomic bool on;
    _Atomic uint32_t trace; /* counts them */
    _Atomic int wake;
    _Atomic uint64_t last_task;
    _Atomic int64_t lost;
    _Atomic int rings;
    _Atomic(struct buffer *) first;
} state;

static __thread struct buffer *own __attribute__((tls_model("initial-exec")));

static inline bool is_on(void)
{
    return atomic_load_explicit(&state.on, memory_order_relaxed);
}

/* --- writing; by the thread itself or a handler on it */

/* Pages that are never written take no memory. */
static struct buffer *buffer_new(void)
{
    struct buffer *b, *first;
    if (atomic_fetch_add(&state.rings, 1) >= MOST_RINGS) {
        atomic_fetch_sub(&state.rings, 1);
        return NULL;
    }
    b = mmap(NULL, sizeof *b, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
             -1, 0);
    if (b == MAP_FAILED) {
        atomic_fetch_sub(&state.rings, 1);
        return NULL;
    }
    b->tid = (pid_t)syscall(SYS_gettid);
    b->busy = 1;
    own = b; /* a handler from here on finds it, busy */
    first = atomic_load(&state.first);
    do
        b->next = first;
    while (!atomic_compare_exchange_weak(&state.first, &first, b));
    return b;
}

/* The thread's ring, to be written to until end_write; NULL: the event is lost. */
static struct buffer *begin_write(void)
{
    struct buffer *b = own;
    uint32_t trace = atomic_load(&state.trace);
    if (b && b->busy)
        return NULL;
    if (b)
        b->busy = 1;
    else
        b = buffer_new();
    if (b && b->trace != trace) {
        b->trace = trace;
        b->open = 0;
        b->kept = 0;
    }
    return b;
}

static void end_write(struct buffer *b)
{
    atomic_signal_fence(memory_order_release);
    b->busy = 0;
}

static void note_lost(void)
{
    atomic_fetch_add_explicit(&state.lost, 1, memory_order_relaxed);
}

static size_t room_left(struct buffer *b)
{
    return WORDS - (atomic_load_explicit(&b->written, memory_order_relaxed) -
                    atomic_load_explicit(&b->read, memory_order_acquire));
}

static void wake_reader(void)
{
    uint64_t one = 1;
    int wake = atomic_load(&state.wake), saved = errno;
    ssize_t wrote = wake >= 0 ? write(wake, &one, sizeof one) : 0;
    (void)wrote; /* full: it is awake */
    errno = saved;
}

/* RESERVED words are left free. False if there is no room. */
static bool put(struct buffer *b, enum trace_kind kind, uint64_t task, uint64_t other,
                const char *text, size_t len, size_t reserved)
{
    uintptr_t body[TRACE_TEXT / sizeof(uintptr_t) + 1];
    size_t words = (len + sizeof *body - 1) / sizeof *body;
    size_t room = room_left(b), at = atomic_load_explicit(&b->written, memory_order_relaxed);
    if (room < HEAD + words + reserved)
        return false;
    if (words)
        body[words - 1] = 0;
    memcpy(body, text, len);
    uintptr_t head[HEAD] = {kind | len << LEN_SHIFT | (uintptr_t)b->trace << TRACE_SHIFT,
                            (uintptr_t)clock_ns(CLOCK_MONOTONIC), task, other};
    for (size_t i = 0; i < HEAD; i++)
        b->words[at++ % WORDS] = head[i];
    for (size_t i = 0; i < words; i++)
        b->words[at++ % WORDS] = body[i];
    atomic_store_explicit(&b->written, at, memory_order_release);
    if (room >= WORDS / 2 && room - HEAD - words < WORDS / 2)
        wake_reader();
    return true;
}

/* The bytes of TEXT that fit into LIMIT, cut between characters. */
static size_t text_len(const char *text, size_t limit)
{
    size_t len = strnlen(text, limit + 1);
    if (len <= limit)
        return len;
    for (len = limit; len && ((unsigned char)text[len] & 0xC0) == 0x80;)
        len--;
    return len;
}

/* --- what the program calls */

int cpprof_trace_is_on(void)
{
    return is_on();
}

static void write_event(enum trace_kind kind, uint64_t task, uint64_t other, const char *text,
                        size_t len)
{
    struct buffer *b = begin_write();
    if (!b || !put(b, kind, task, other, text, len, b->open * HEAD))
        note_lost();
    if (b)
        end_write(b);
}

uint64_t cpprof_task_begin(const char *name, uint64_t parent)
{
    if (!is_on())
        return 0;
    uint64_t task = atomic_fetch_add(&state.last_task, 1) + 1;
    write_event(TRACE_TASK_BEGIN, task, parent, name, text_len(name, TRACE_TEXT));
    return task;
}

void cpprof_task_end(uint64_t task)
{
    if (task && is_on())
        write_event(TRACE_TASK_END, task, 0, "", 0);
}

void cpprof_region_begin(const char *name, uint64_t task)
{
    if (!is_on())
        return;
    struct buffer *b = begin_write();
    if (!b) {
        note_lost();
        return;
    }
    bool kept = b->open < TRACE_NESTED && put(b, TRACE_REGION_BEGIN, task, 0, name,
                                              text_len(name, TRACE_TEXT), (b->open + 1) * HEAD);
    if (kept)
        b->kept |= UINT64_C(1) << b->open;
    else
        note_lost();
    b->open++;
    end_write(b);
}

void cpprof_region_end(void)
{
    if (!is_on())
        return;
    struct buffer *b = begin_write();
    if (!b)
        return;
    if (b->open && --b->open < TRACE_NESTED && (b->kept >> b->open & 1)) {
        b->kept &= ~(UINT64_C(1) << b->open);
        put(b, TRACE_REGION_END, 0, 0, "", 0, 0);
    }
    end_write(b);
}

void cpprof_log(uint64_t task, const char *category, const char *message)
{
    char text[TRACE_TEXT];
    if (!is_on())
        return;
    size_t len = text_len(category, TRACE_TEXT / 4);
    memcpy(text, category, len);
    text[len++] = '\0';
    size_t rest = text_len(message, TRACE_TEXT - len);
    memcpy(text + len, message, rest);
    write_event(TRACE_LOG, task, 0, text, len + rest);
}

void trace_events_wait(int64_t from, int64_t to)
{
    if (is_on())
        write_event(TRACE_WAIT, 0, (uint64_t)(to - from), "", 0);
}

void trace_events_thread_ends(void)
{
    char name[16] = ""; /* as long as they get */
    if (is_on() && prctl(PR_GET_NAME, name) == 0)
        write_event(TRACE_NAME, 0, 0, name, strnlen(name, sizeof name));
}

/* --- reading */

void trace_events_on(int wake)
{
    atomic_store(&state.wake, wake);
    atomic_fetch_add(&state.trace, 1);
    atomic_store(&state.lost, 0);
    atomic_store(&state.on, true);
}

void trace_events_off(void)
{
    atomic_store(&state.on, false);
    atomic_store(&state.wake, -1);
}

/* There are as many: events are written whole. */
static size_t take_words(struct buffer *b, size_t at, uintptr_t *to, size_t len)
{
    for (size_t i = 0; i < len; i++)
        to[i] = b->words[at++ % WORDS];
    return at;
}

static bool take_one(struct buffer *b, void (*each)(void *context, const struct trace_event *e),
                     void *context)
{
    uintptr_t head[HEAD], body[TRACE_TEXT / sizeof(uintptr_t) + 2];
    size_t at = atomic_load_explicit(&b->read, memory_order_relaxed);
    if (atomic_load_explicit(&b->written, memory_order_acquire) == at)
        return false;
    at = take_words(b, at, head, HEAD);
    size_t len = head[0] >> LEN_SHIFT & 0xFFFF;
    char *text = (char *)body;
    at = take_words(b, at, body, (len + sizeof *body - 1) / sizeof *body);
    atomic_store_explicit(&b->read, at, memory_order_release);
    text[len] = text[len + 1] = '\0';
    struct trace_event e = {
        .kind = (enum trace_kind)(head[0] & 0xFF),
        .tid = b->tid,
        .time = (int64_t)head[1],
        .task = head[2],
        .other = head[3],
        .text = {text, text + strlen(text) + 1},
    };
    if (head[0] >> TRACE_SHIFT == atomic_load(&state.trace))
        each(context, &e);
    return true;
}

void trace_events_take(void (*each)(void *context, const struct trace_event *e), void *context)
{
    for (struct buffer *b = atomic_load(&state.first); b; b = b->next)
        for (size_t most = WORDS; most && take_one(b, each, context); most--)
            ;
}

int64_t trace_events_lost(void)
{
    return atomic_exchange(&state.lost, 0);
}

static bool has_ended(pid_t tid)
{
    return syscall(SYS_tgkill, getpid(), tid, 0) != 0 && errno == ESRCH;
}

/* New ones come in front, so what is behind the first is ours alone to change. */
void trace_events_forget_ended(void)
{
    struct buffer *b = atomic_load(&state.first), *next;
    for (; b && (next = b->next);) {
        if (has_ended(next->tid) && room_left(next) == WORDS) {
            b->next = next->next;
            munmap(next, sizeof *next);
            atomic_fetch_sub(&state.rings, 1);
        } else {
            b = next;
        }
    }
}

void trace_events_in_child(void)
{
    struct buffer *b = atomic_load(&state.first), *next;
    trace_events_off();
    for (; b; b = next) {
        next = b->next;
        if (b != own)
            munmap(b, sizeof *b);
    }
    atomic_store(&state.first, own);
    atomic_store(&state.rings, own != NULL);
    if (own) {
        own->next = NULL;
        own->tid = (pid_t)syscall(SYS_gettid);
        atomic_store(&own->read, atomic_load(&own->written));
    }
}
