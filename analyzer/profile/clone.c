#include "analyzer/profile/clone.h"

#include "analyzer/base/alloc.h"

#include <stdlib.h>
#include <string.h>

static void *copy_of(const void *items, size_t count, size_t size)
{
    if (!items)
        return NULL;
    void *copy = xcalloc(count + 1, size);
    memcpy(copy, items, count * size);
    return copy;
}

/* Copies the array behind FIELD of P, which has P->COUNT items and then room for no more. */
#define OWN(p, field, count) (p)->field = copy_of((p)->field, (p)->count, sizeof *(p)->field)

struct profile *profile_clone(const struct profile *p)
{
    struct profile *c = xmalloc(sizeof *c);
    *c = *p;
    c->shared = COLUMNS_ALL;
    c->stack_index = c->labelset_index = (struct hashindex){0};
    strtab_clone(&c->strings, &p->strings);
    OWN(c, comments, comment_count);
    OWN(c, mappings, mapping_count);
    OWN(c, functions, function_count);
    OWN(c, locations, location_count);
    OWN(c, lines, line_count);
    OWN(c, stacks, stack_count);
    OWN(c, sample_types, sample_type_count);
    OWN(c, values, sample_type_count);
    c->comment_cap = c->comment_count;
    c->mapping_cap = c->mapping_count;
    c->function_cap = c->function_count;
    c->location_cap = c->location_count;
    c->line_cap = c->line_count;
    c->stack_cap = c->stack_count;
    return c;
}

void profile_copy_columns(struct profile *p, unsigned columns)
{
    p->shared &= ~columns;
    if (columns & COLUMNS_FRAMES) {
        OWN(p, frames, frame_count);
        p->frame_cap = p->frame_count;
    }
    if (columns & COLUMNS_SAMPLES) {
        OWN(p, sample_stack, sample_count);
        OWN(p, sample_labels, sample_count);
        for (size_t t = 0; t < p->sample_type_count; t++)
            OWN(p, values[t], sample_count);
        p->sample_cap = p->sample_count;
    }
    if (columns & COLUMNS_LABELS) {
        OWN(p, labels, label_count);
        OWN(p, labelsets, labelset_count);
        p->label_cap = p->label_count;
        p->labelset_cap = p->labelset_count;
    }
}

void profile_keep_strings(struct profile *p)
{
    struct profile *rest = xmalloc(sizeof *rest);
    *rest = *p;
    *p = (struct profile){.strings = rest->strings};
    strtab_keep_bytes(&p->strings);
    strtab_init(&rest->strings);
    profile_free(rest);
}
