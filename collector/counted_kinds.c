#include "collector/counted_kinds.h"

#include "collector/contention.h"
#include "collector/heap.h"

#include <errno.h>
#include <inttypes.h>

/* --- heap: sampled numbers in the text, scaled ones in the profile */

enum { ALLOC_OBJECTS, ALLOC_SPACE, INUSE_OBJECTS, INUSE_SPACE };

static void print_heap_head(FILE *to, const struct cpprof_profile *p, const struct stackset *set)
{
    (void)p;
    fprintf(to,
            "heap profile: %" PRId64 ": %" PRId64 " [%" PRId64 ": %" PRId64 "] @ heap/%" PRId64
            "\n",
            stackset_total(set, INUSE_OBJECTS), stackset_total(set, INUSE_SPACE),
            stackset_total(set, ALLOC_OBJECTS), stackset_total(set, ALLOC_SPACE), 2 * heap_rate());
}

static void print_heap(FILE *to, const struct stackset_row *row)
{
    const int64_t *v = row->values;
    fprintf(to, "%" PRId64 ": %" PRId64 " [%" PRId64 ": %" PRId64 "]", v[INUSE_OBJECTS],
            v[INUSE_SPACE], v[ALLOC_OBJECTS], v[ALLOC_SPACE]);
}

#define HEAP_SHAPE                                                                                 \
    .types = {{"alloc_objects", "count"},                                                          \
              {"alloc_space", "bytes"},                                                            \
              {"inuse_objects", "count"},                                                          \
              {"inuse_space", "bytes"}},                                                           \
    .type_count = 4, .period_type = {"space", "bytes"}, .period = heap_rate,                       \
    .number_key = "bytes", .number_unit = "bytes", .scale = heap_scale,                            \
    .print_head = print_heap_head, .print_values = print_heap

const struct kind_shape kind_heap = {HEAP_SHAPE};
const struct kind_shape kind_allocs = {HEAP_SHAPE, .default_type = "alloc_space"};

int kind_take_heap(const struct cpprof_profile *p, struct stackset *to)
{
    (void)p;
    return heap_is_on() ? heap_take(to, false) : ENOENT;
}

/* --- block, mutex */

static void print_block_head(FILE *to, const struct cpprof_profile *p, const struct stackset *set)
{
    (void)p, (void)set;
    fprintf(to, "--- contention:\ncycles/second=1000000000\n"); /* a cycle is a nanosecond */
}

static void print_mutex_head(FILE *to, const struct cpprof_profile *p, const struct stackset *set)
{
    (void)p, (void)set;
    fprintf(to, "--- mutex:\ncycles/second=1000000000\nsampling period=%" PRId64 "\n",
            contention_mutex_rate());
}

static void print_wait(FILE *to, const struct stackset_row *row)
{
    fprintf(to, "%" PRId64 " %" PRId64, row->values[1], row->values[0]);
}

#define WAIT_SHAPE                                                                                 \
    .types = {{"contentions", "count"}, {"delay", "nanoseconds"}}, .type_count = 2,                \
    .period_type = {"contentions", "count"}, .print_values = print_wait

const struct kind_shape kind_block = {WAIT_SHAPE, .print_head = print_block_head};
const struct kind_shape kind_mutex = {WAIT_SHAPE, .print_head = print_mutex_head};

int kind_take_block(const struct cpprof_profile *p, struct stackset *to)
{
    (void)p;
    return block_profile.is_on() ? block_profile.take(to, false) : ENOENT;
}

int kind_take_mutex(const struct cpprof_profile *p, struct stackset *to)
{
    (void)p;
    return mutex_profile.is_on() ? mutex_profile.take(to, false) : ENOENT;
}
