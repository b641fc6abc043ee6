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
    /* for free, which looks no further at what was never seen */
    atomic_store(&heap_seen[heap_hash(reserve + at)], HEAP_SEEN_FULL);
    return reserve + at;
}

static bool is_reserve(const void *block)
{
    return (const char *)block >= reserve && (const char *)block < reserve + RESERVE;
}

/* What stands for the real ones until the first call looks for them. */
static void *first_malloc(size_t size);
static void first_free(void *block);
static void *first_calloc(size_t count, size_t size);
static void *first_realloc(void *block, size_t size);
static void *first_memalign(size_t align, size_t size);
static int first_posix_memalign(void **block, size_t align, size_t size);
static void *first_valloc(size_t size);

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
} real = {first_malloc,         first_free,     first_calloc, first_realloc, first_memalign,
          first_posix_memalign, first_memalign, first_valloc, first_valloc};

static const struct {
    void *place;
    const char *name;
} functions[] = {
    {&real.malloc, "malloc"},
    {&real.free, "free"},
    {&real.calloc, "calloc"},
    {&real.realloc, "realloc"},
    {&real.memalign, "memalign"},
    {&real.posix_memalign, "posix_memalign"},
    {&real.aligned_alloc, "aligned_alloc"},
    {&real.valloc, "valloc"},
    {&real.pvalloc, "pvalloc"},
};

/* The first calls come before any thread but the first one exists. False while dlsym is at work. */
static bool find_real(void)
{
    static bool finding;
    void *found[sizeof functions / sizeof *functions];
    if (finding)
        return false;
    finding = true;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        found[i] = dlsym(RTLD_NEXT, functions[i].name);
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        memcpy(functions[i].place, &found[i], sizeof found[i]);
    finding = false;
    return true;
}

static void *first_malloc(size_t size)
{
    return find_real() ? real.malloc(size) : take_reserve(size);
}

static void first_free(void *block)
{
    if (find_real())
        real.free(block);
}

/* The reserve is zero, since nothing is ever given back to it. */
static void *first_calloc(size_t count, size_t size)
{
    return find_real() ? real.calloc(count, size) : take_reserve(count * size);
}

static void *first_realloc(void *block, size_t size)
{
    return find_real() ? real.realloc(block, size) : NULL;
}

static void *first_memalign(size_t align, size_t size)
{
    return find_real() ? real.memalign(align, size) : NULL;
}

static int first_posix_memalign(void **block, size_t align, size_t size)
{
    return find_real() ? real.posix_memalign(block, align, size) : ENOMEM;
}

static void *first_valloc(size_t size)
{
    return find_real() ? real.valloc(size) : NULL;
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
    if (LIKELY(!heap_is_due(all)))
        return real.calloc(count, size);
    return sampled(real.calloc(count, size), all, CALLER);
}

CPPROF_API void *memalign(size_t align, size_t size)
{
    void *block = real.memalign(align, size);
    return heap_is_due(size) ? sampled(block, size, CALLER) : block;
}

CPPROF_API void *aligned_alloc(size_t align, size_t size)
{
    void *block = real.aligned_alloc(align, size);
    return heap_is_due(size) ? sampled(block, size, CALLER) : block;
}

CPPROF_API int posix_memalign(void **block, size_t align, size_t size)
{
    int error = real.posix_memalign(block, align, size);
    if (!error && heap_is_due(size))
        sampled(*block, size, CALLER);
    return error;
}

CPPROF_API void *valloc(size_t size)
{
    void *block = real.valloc(size);
    return heap_is_due(size) ? sampled(block, size, CALLER) : block;
}

CPPROF_API void *pvalloc(size_t size)
{
    void *block = real.pvalloc(size);
    return heap_is_due(size) ? sampled(block, size, CALLER) : block;
}

/* --- freeing: the sample first, since the address may be another block's a moment later */

__attribute__((noinline)) static void free_slowly(void *block)
{
    struct heap_sample_ref unused;
    if (is_reserve(block))
        return;
    heap_forget(block, &unused);
    real.free(block);
}

CPPROF_API void free(void *block)
{
    if (UNLIKELY(heap_is_seen(block)))
        free_slowly(block);
    else
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
    if (UNLIKELY(is_reserve(block)))
        return move_out_of_reserve(block, size);
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
