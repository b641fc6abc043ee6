#include "analyzer/transform/flatten.h"

#include "analyzer/base/alloc.h"
#include "analyzer/profile/builder.h"
#include "analyzer/profile/framename.h"

#include <stdlib.h>

static strid copy_str(struct builder *b, const struct profile *p, strid id)
{
    return builder_str(b, profile_str(p, id));
}

/* The location in B for frame INDEX of L. NAME is room to work in. */
static uint32_t flat_frame(struct builder *b, const struct profile *p, const struct location *l,
                           uint32_t index, unsigned holds, struct buf *name)
{
    struct function f = {0};
    struct line line = {0};
    buf_clear(name);
    frame_name(name, p, l, index);
    f.name = f.system_name = builder_str(b, (struct str){name->data, name->len});
    if (index < l->line_count) {
        const struct line *from = &p->lines[l->first_line + index];
        const struct function *of = &p->functions[from->function];
        f.filename = holds & HOLDS_FILES ? copy_str(b, p, of->filename) : 0;
        f.start_line = holds & HOLDS_STARTS ? of->start_line : 0;
        line.line = holds & HOLDS_LINES ? from->line : 0;
        line.column = holds & HOLDS_LINES ? from->column : 0;
    }
    line.function = builder_function(b, f);
    return builder_location(b, (struct location){.mapping = NO_INDEX}, &line, 1);
}

/* The flat frames of every location, innermost first: those of location I are from FIRST[I] up to
 * FIRST[I + 1]. */
struct frame_table {
    size_t *first;
    uint32_t *frames;
};

static struct frame_table flat_frames(struct builder *b, const struct profile *p, unsigned holds)
{
    struct frame_table t = {
        .first = xmalloc((p->location_count + 1) * sizeof *t.first),
        .frames = xmalloc((p->line_count + p->location_count + 1) * sizeof *t.frames),
    };
    struct buf name = {0};
    size_t count = 0;
    for (size_t i = 0; i < p->location_count; i++) {
        t.first[i] = count;
        for (uint32_t k = 0; k < frame_count(&p->locations[i]); k++)
            t.frames[count++] = flat_frame(b, p, &p->locations[i], k, holds, &name);
    }
    t.first[p->location_count] = count;
    buf_release(&name);
    return t;
}

/* The stack in B of every stack of P. */
static uint32_t *flat_stacks(struct builder *b, const struct profile *p,
                             const struct frame_table *t)
{
    uint32_t *stacks = xmalloc((p->stack_count + 1) * sizeof *stacks), *frames = NULL;
    size_t cap = 0;
    for (size_t i = 0; i < p->stack_count; i++) {
        struct stack s = p->stacks[i];
        size_t count = 0;
        for (uint32_t f = 0; f < s.count; f++) {
            uint32_t location = p->frames[s.first + f];
            size_t first = t->first[location], end = t->first[location + 1];
            frames = xgrow(frames, &cap, count + (end - first), sizeof *frames);
            while (first < end)
                frames[count++] = t->frames[first++];
        }
        stacks[i] = profile_add_stack(b->p, frames, count);
    }
    free(frames);
    return stacks;
}

struct profile *flatten(const struct profile *p, unsigned holds)
{
    struct builder b;
    builder_init(&b);
    struct value_type *types = xcalloc(p->sample_type_count + 1, sizeof *types);
    for (size_t t = 0; t < p->sample_type_count; t++)
        types[t] = (struct value_type){copy_str(&b, p, p->sample_types[t].type),
                                       copy_str(&b, p, p->sample_types[t].unit)};
    builder_set_types(&b, types, p->sample_type_count);
    free(types);
    struct frame_table table = flat_frames(&b, p, holds);
    uint32_t *stacks = flat_stacks(&b, p, &table);
    for (size_t i = 0; i < p->sample_count; i++)
        for (size_t t = 0; t < p->sample_type_count; t++)
            if (p->values[t][i])
                builder_add(&b, stacks[p->sample_stack[i]], 0, t, p->values[t][i]);
    free(stacks);
    free(table.first);
    free(table.frames);
    b.p->time_nanos = p->time_nanos;
    b.p->duration_nanos = p->duration_nanos;
    return builder_finish(&b);
}
