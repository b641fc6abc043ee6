#include "collector/kinds.h"

#include "collector/counted_kinds.h"
#include "collector/custom.h"
#include "collector/threadcreate.h"
#include "collector/threadstacks.h"

#include <inttypes.h>
#include <string.h>

static void print_counts_head(FILE *to, const struct cpprof_profile *p, const struct stackset *set)
{
    fprintf(to, "%s profile: total %" PRId64 "\n", p->name, stackset_total(set, 0));
}

static void print_count(FILE *to, const struct stackset_row *row)
{
    fprintf(to, "%" PRId64, row->values[0]);
}

const struct kind_shape kind_counts = {
    .types = {{NULL, "count"}},
    .type_count = 1,
    .period_type = {NULL, "count"},
    .print_head = print_counts_head,
    .print_values = print_count,
};

/* Sorted by name. */
static const struct cpprof_profile kinds[] = {
    {
        .name = "allocs",
        .about = "memory allocated",
        .start = "cpprof_heap_start",
        .shape = &kind_allocs,
        .has_delta = true,
        .take = kind_take_heap,
    },
    {
        .name = "block",
        .about = "stacks that waited",
        .start = "cpprof_block_start",
        .shape = &kind_block,
        .has_delta = true,
        .take = kind_take_block,
    },
    {
        .name = "goroutine",
        .about = "threads, under the name that tools made for Go ask for",
        .shape = &kind_counts,
        .has_delta = true,
        .take = threadstacks_take,
        .print_all = threadstacks_print,
    },
    {
        .name = "heap",
        .about = "memory in use",
        .start = "cpprof_heap_start",
        .shape = &kind_heap,
        .has_delta = true,
        .take = kind_take_heap,
    },
    {
        .name = "mutex",
        .about = "stacks that made others wait",
        .start = "cpprof_mutex_start",
        .shape = &kind_mutex,
        .has_delta = true,
        .take = kind_take_mutex,
    },
    {
        .name = "threadcreate",
        .about = "stacks that created threads",
        .start = "cpprof_threadcreate_start",
        .shape = &kind_counts,
        .has_delta = true,
        .take = threadcreate_take,
    },
    {
        .name = "threads",
        .about = "the stacks of all threads there are",
        .shape = &kind_counts,
        .has_delta = true,
        .take = threadstacks_take,
        .print_all = threadstacks_print,
    },
};

const struct cpprof_profile *kinds_find(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    return custom_find(name);
}

void kinds_each(void (*each)(void *context, const struct cpprof_profile *p), void *context)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        each(context, &kinds[i]);
    custom_each(each, context);
}
