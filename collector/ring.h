/* Words on their way from a signal handler to the thread that counts them.
 *
 * One producer, the handler of one thread; one consumer. A record goes in whole or not at all.
 * Async-signal-safe on the producer's side.
 */
#ifndef CPPROF_COLLECTOR_RING_H
#define CPPROF_COLLECTOR_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RING_WORDS = 8192 }; /* 64 KB: 200 stacks of 40 frames */

struct ring {
    _Atomic size_t written, read; /* words in all, ever */
    uintptr_t words[RING_WORDS];
};

/* Puts HEAD and then BODY into R; false if there is no room. */
static inline bool ring_put(struct ring *r, const uintptr_t *head, size_t head_len,
                            const uintptr_t *body, size_t body_len)
{
    size_t at = atomic_load_explicit(&r->written, memory_order_relaxed);
    size_t used = at - atomic_load_explicit(&r->read, memory_order_acquire);
    if (head_len + body_len > RING_WORDS - used)
        return false;
    for (size_t i = 0; i < head_len; i++)
        r->words[at++ % RING_WORDS] = head[i];
    for (size_t i = 0; i < body_len; i++)
        r->words[at++ % RING_WORDS] = body[i];
    atomic_store_explicit(&r->written, at, memory_order_release);
    return true;
}

/* Is it time to take something? For the producer. */
static inline bool ring_is_half_full(struct ring *r)
{
    return atomic_load_explicit(&r->written, memory_order_relaxed) -
               atomic_load_explicit(&r->read, memory_order_relaxed) >
           RING_WORDS / 2;
}

/* Takes LEN words if there are as many. */
static inline bool ring_take(struct ring *r, uintptr_t *to, size_t len)
{
    size_t at = atomic_load_explicit(&r->read, memory_order_relaxed);
    if (atomic_load_explicit(&r->written, memory_order_acquire) - at < len)
        return false;
    for (size_t i = 0; i < len; i++)
        to[i] = r->words[at++ % RING_WORDS];
    atomic_store_explicit(&r->read, at, memory_order_release);
    return true;
}

#endif
