#include "collector/heap.h"

#include "collector/calls.h"
#include "collector/lock.h"
#include "collector/memory.h"
#include "collector/random.h"
#include "collector/stackset.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* The values of a row; those of samples. */
enum { ALLOC_OBJECTS, ALLOC_SPACE, INUSE_OBJECTS, INUSE_SPACE, VALUES };

struct written {
    int64_t values[VALUES]; /* scaled */
};

_Atomic uint32_t heap_run;
__thread struct heap_countdown heap_countdown __attribute__((tls_model("initial-exec")));

/* The thread's own: at work on a sample, or not to be sampled at all. */
static __thread int inside __attribute__((tls_model("initial-exec")));
static __thread uint64_t random_state __attribute__((tls_model("initial-exec")));

static struct {
    _Atomic int64_t rate;
    struct lock lock;        /* of what follows */
    uint32_t run;            /* the one the stacks are of; 0: there has been none */
    struct stackset stacks;  /* a row for each stack and size of block */
    struct written *written; /* by row: at the last heap_take(news) */
    size_t written_cap;
} state = {.rate = HEAP_RATE};

/* --- when */

/* To the next sampled byte: gaps between points of a Poisson process. A rate of 1 is every byte. */
static int64_t random_gap(void)
{
    return state.rate == 1 ? 0 : (int64_t)(-log(random_unit(&random_state)) * (double)state.rate);
}

/* A thread that has not allocated since the profile began has no countdown of it: one is drawn now,
 * and the allocation held against it. */
static bool is_due_in_new_run(size_t size)
{
    uint32_t run = atomic_load(&heap_run);
    if (heap_countdown.run == run)
        return true;
    heap_countdown = (struct heap_countdown){random_gap() - (int64_t)size, run};
    return heap_countdown.left < 0;
}

/* --- samples */

/* Counts a block of SIZE bytes from the stack of CALLER; false: there is no memory. */
static bool add_sample(size_t size, void *caller, struct heap_sample_ref *sample)
{
    uintptr_t pcs[CALLS_DEPTH];
    struct thread *t = threads_self();
    size_t depth = t ? calls_walk(t, caller, pcs) : 0;
    uint32_t row = INDEX_NONE;
    lock_take(&state.lock);
    if (depth && memory_grow(&state.written, &state.written_cap, state.stacks.count + 1,
                             sizeof *state.written))
        row = stackset_row(&state.stacks, pcs, depth, NULL, (int64_t)size);
    if (row != INDEX_NONE) {
        int64_t *values = state.stacks.rows[row].values;
        if (!values[ALLOC_OBJECTS])
            state.written[row] = (struct written){0};
        values[ALLOC_OBJECTS]++;
        values[ALLOC_SPACE] += (int64_t)size;
        values[INUSE_OBJECTS]++;
        values[INUSE_SPACE] += (int64_t)size;
    }
    *sample = (struct heap_sample_ref){row, state.run};
    lock_give(&state.lock);
    return row != INDEX_NONE;
}

/* A block of this sample is in use, or no longer. Samples of another run are forgotten already. */
static void count_use(struct heap_sample_ref sample, int change)
{
    lock_take(&state.lock);
    if (sample.run == state.run && sample.row < state.stacks.count) {
        struct stackset_row *row = &state.stacks.rows[sample.row];
        row->values[INUSE_OBJECTS] += change;
        row->values[INUSE_SPACE] += change * row->number;
    }
    lock_give(&state.lock);
}

static void add_live(const void *block, struct heap_sample_ref sample)
{
    if (!heap_live_add(block, sample))
        count_use(sample, -1);
}

bool heap_forget(void *block, struct heap_sample_ref *sample)
{
    if (inside)
        return false;
    inside++;
    bool found = heap_live_take(block, sample);
    if (found)
        count_use(*sample, -1);
    inside--;
    return found;
}

void heap_bring_back(void *block, struct heap_sample_ref sample)
{
    inside++;
    count_use(sample, 1);
    add_live(block, sample);
    inside--;
}

void heap_sample(void *block, size_t size, void *caller)
{
    struct heap_sample_ref sample;
    if (inside) {
        heap_countdown.left += (int64_t)size;
        return;
    }
    inside++;
    int saved = errno;
    if (is_due_in_new_run(size)) {
        heap_countdown.left = random_gap();
        if (block && add_sample(size, caller, &sample))
            add_live(block, sample);
    }
    errno = saved;
    inside--;
}

void heap_pause(void)
{
    inside++;
}

void heap_resume(void)
{
    inside--;
}

/* --- on and off */

int heap_on(int64_t rate)
{
    if (heap_is_on())
        return EBUSY;
    state.rate = rate;
    lock_take(&state.lock);
    if (!++state.run)
        state.run = 1;
    lock_give(&state.lock);
    atomic_store(&heap_run, state.run);
    return 0;
}

/* Blocks sampled so far may be freed unnoticed before the profile is on again. So everything is
 * forgotten. */
void heap_off(void)
{
    heap_pause();
    atomic_store(&heap_run, 0);
    lock_take(&state.lock);
    stackset_release(&state.stacks);
    memory_release(&state.written, &state.written_cap, sizeof *state.written);
    lock_give(&state.lock);
    heap_live_clear();
    heap_resume();
}

bool heap_is_on(void)
{
    return atomic_load(&heap_run) != 0;
}

void heap_lock(void)
{
    heap_live_lock();
    lock_take(&state.lock);
}

void heap_unlock(void)
{
    lock_give(&state.lock);
    heap_live_unlock();
}

/* --- what there is */

int64_t heap_rate(void)
{
    return state.rate;
}

void heap_scale(struct stackset_row *row)
{
    double factor = state.rate == 1 ? 1 : 1 / -expm1(-(double)row->number / (double)state.rate);
    for (size_t v = 0; v < VALUES; v++)
        row->values[v] = llround((double)row->values[v] * factor);
}

/* Scaled, since rounded numbers have to add up to the rounded one. */
static bool take_news(const struct stackset_row *from, struct written *written, struct stackset *to)
{
    struct stackset_row now = *from;
    heap_scale(&now);
    if (!memcmp(now.values, written->values, sizeof written->values))
        return true;
    uint32_t row = stackset_row(to, state.stacks.pcs + now.first, now.depth, NULL, now.number);
    if (row == INDEX_NONE)
        return false;
    for (size_t v = 0; v < VALUES; v++)
        to->rows[row].values[v] += now.values[v] - written->values[v];
    memcpy(written->values, now.values, sizeof written->values);
    return true;
}

int heap_take(struct stackset *to, bool news)
{
    bool good = true;
    heap_pause();
    lock_take(&state.lock);
    if (!news)
        good = stackset_add(to, &state.stacks, 1) == 0;
    for (size_t i = 0; news && good && i < state.stacks.count; i++)
        good = take_news(&state.stacks.rows[i], &state.written[i], to);
    lock_give(&state.lock);
    heap_resume();
    return good ? 0 : ENOMEM;
}
