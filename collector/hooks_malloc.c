/* The malloc family on its way through us: sampled when heap profiling is on, else passed on.
 *
 * The allocator behind us may be any. Looking for it takes dlsym, which allocates itself; what it
 * asks for comes out of a small reserve that is never given back.
 */
#include "collector/cpprof.h"
#include "collector/heap.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

enum { RESERVE = 16384, ALIGN = 16 };

static struct {
    void *(*malloc)(size_t size);
    void (*free)(void *block);
    void *(*calloc)(size_t count, size_t size);
    void *(*realloc)(void *block, size_t size);
    void *(*memalign)(size_t align, size_t size);
    int (*posix_memalign)(void **block, size_t align, size_t size);
    void *(*aligned_alloc)(size_t align, size_t size);
    void *(*valloc)(size_t size);
    void *(*pvalloc)(size_t size);
} real;

/* --- before the real ones are found */

static _Alignas(ALIGN) char reserve[RESERVE];
static _Atomic size_t reserved;

static void *take_reserve(size_t size)
{
    size = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    size_t at = atomic_fetch_add(&reserved, size);
    if (at + size > RESERVE) {
        errno = ENOMEM;
        return NULL;
    }
    return reserve + at;
}

static bool is_reserve(const void *block)
{
    return (const char *)block >= reserve && (const char *)block < reserve + RESERVE;
}

static void find(void *function, const char *name)
{
    void *symbol = dlsym(RTLD_NEXT, name);
    memcpy(function, &symbol, sizeof symbol);
}

/* The first calls come before any thread but the first one exists. */
static bool find_real(void)
{
    static __thread bool finding __attribute__((tls_model("initial-exec")));
    if (finding)
        return false;
    finding = true;
    find(&real.free, "free");
    find(&real.calloc, "calloc");
    find(&real.realloc, "realloc");
    find(&real.memalign, "memalign");
    find(&real.posix_memalign, "posix_memalign");
    find(&real.aligned_alloc, "aligned_alloc");
    find(&real.valloc, "valloc");
    find(&real.pvalloc, "pvalloc");
    find(&real.malloc, "malloc"); /* the one that says all are found */
    finding = false;
    return true;
}

static inline bool ready(void)
{
    return LIKELY(real.malloc != NULL) || find_real();
}

/* --- allocation: the block first, then perhaps its sample */

/* Not inlined, and given everything: the way through a hook that takes no sample is short. */
__attribute__((noinline)) static void *sampled(void *block, size_t size, void *caller)
{
    heap_sample(block, size, caller);
    return block;
}

#define CALLER __builtin_return_address(0)

CPPROF_API void *malloc(size_t size)
{
    if (UNLIKELY(!ready()))
        return take_reserve(size);
    if (LIKELY(!heap_is_due(size)))
        return real.malloc(size);
    return sampled(real.malloc(size), size, CALLER);
}

CPPROF_API void *calloc(size_t count, size_t size)
{
    size_t all;
    if (__builtin_mul_overflow(count, size, &all)) {
        errno = ENOMEM;
        return NULL;
    }
    if (UNLIKELY(!ready()))
        return take_reserve(all); /* which is zero: nothing is ever given back to it */
    if (LIKELY(!heap_is_due(all)))
        return real.calloc(count, size);
    return sampled(real.calloc(count, size), all, CALLER);
}

CPPROF_API void *memalign(size_t align, size_t size)
{
    if (UNLIKELY(!ready()))
        return NULL;
    void *block = real.memalign(align, size);
    return heap_is_due(size) ? sampled(block, size, CALLER) : block;
}

CPPROF_API void *aligned_alloc(size_t align, size_t size)
{
    if (UNLIKELY(!ready()))
        return NULL;
    void *block = real.aligned_alloc(align, size);
    return heap_is_due(size) ? sampled(block, size, CALLER) : block;
}

CPPROF_API int posix_memalign(void **block, size_t align, size_t size)
{
    if (UNLIKELY(!ready()))
        return ENOMEM;
    int error = real.posix_memalign(block, align, size);
    if (!error && heap_is_due(size))
        sampled(*block, size, CALLER);
    return error;
}

CPPROF_API void *valloc(size_t size)
{
    if (UNLIKELY(!ready()))
        return NULL;
    void *block = real.valloc(size);
    return heap_is_due(size) ? sampled(block, size, CALLER) : block;
}

CPPROF_API void *pvalloc(size_t size)
{
    if (UNLIKELY(!ready()))
        return NULL;
    void *block = real.pvalloc(size);
    return heap_is_due(size) ? sampled(block, size, CALLER) : block;
}

/* --- freeing: the sample first, since the address may be another block's a moment later */

__attribute__((noinline)) static void free_slowly(void *block)
{
    struct heap_sample_ref unused;
    if (is_reserve(block))
        return;
    if (heap_is_seen(block))
        heap_forget(block, &unused);
    real.free(block);
}

CPPROF_API void free(void *block)
{
    if (UNLIKELY(!real.malloc || is_reserve(block) || heap_is_seen(block))) {
        if (block && ready())
            free_slowly(block);
        return;
    }
    real.free(block);
}

static void *move_out_of_reserve(void *block, size_t size)
{
    size_t left = (size_t)(reserve + RESERVE - (char *)block);
    void *moved = malloc(size);
    if (moved)
        memcpy(moved, block, size < left ? size : left);
    return moved;
}

CPPROF_API void *realloc(void *block, size_t size)
{
    struct heap_sample_ref sample;
    if (UNLIKELY(!ready() || is_reserve(block)))
        return block ? move_out_of_reserve(block, size) : malloc(size);
    bool was_sampled = block && heap_is_seen(block) && heap_forget(block, &sample);
    void *moved = real.realloc(block, size);
    if (!moved && size && was_sampled)
        heap_bring_back(block, sample);
    if (moved && heap_is_due(size))
        sampled(moved, size, CALLER);
    return moved;
}

CPPROF_API void *reallocarray(void *block, size_t count, size_t size)
{
    size_t all;
    if (__builtin_mul_overflow(count, size, &all)) {
        errno = ENOMEM;
        return NULL;
    }
    return realloc(block, all);
}
