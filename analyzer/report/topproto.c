#include "analyzer/report/topproto.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/num.h"
#include "analyzer/base/units.h"

#include <stdlib.h>
#include <string.h>

static strid copy(struct profile *to, const struct profile *from, strid id)
{
    struct str s = profile_str(from, id);
    return strtab_add(&to->strings, s.ptr, s.len);
}

/* Functions already made, by what they are; lines of one function share it. */
struct made {
    strid name, file;
    int64_t start_line;
    uint32_t function;
};

static int by_identity(const void *x, const void *y)
{
    const struct made *a = x, *b = y;
    if (a->name != b->name)
        return a->name < b->name ? -1 : 1;
    if (a->file != b->file)
        return a->file < b->file ? -1 : 1;
    if (a->start_line != b->start_line)
        return a->start_line < b->start_line ? -1 : 1;
    return 0;
}

struct profile *topproto_new(const struct report *r, const struct top *t)
{
    const struct profile *from = r->p;
    const struct graph *g = t->trimmed.graph;
    struct profile *p = profile_new();
    struct value_type types[2] = {{profile_intern(p, "cum"), profile_intern(p, r->output_unit)},
                                  {profile_intern(p, "flat"), profile_intern(p, r->output_unit)}};
    profile_set_sample_types(p, types, 2);
    p->time_nanos = from->time_nanos;
    p->duration_nanos = from->duration_nanos;
    p->period = from->period;
    p->period_type = (struct value_type){copy(p, from, from->period_type.type),
                                         copy(p, from, from->period_type.unit)};

    struct made *made = xcalloc(g->count + 1, sizeof *made);
    for (size_t i = 0; i < g->count; i++) {
        const struct node_info *info = &g->nodes->infos[g->node[g->order[i]].of];
        made[i] = (struct made){info->name, info->file, info->start_line, NO_INDEX};
    }
    if (g->count)
        qsort(made, g->count, sizeof *made, by_identity);
    for (size_t i = 0; i < g->count; i++) {
        const struct node *n = &g->node[g->order[i]];
        const struct node_info *info = &g->nodes->infos[n->of];
        struct made key = {info->name, info->file, info->start_line, NO_INDEX};
        struct made *m = bsearch(&key, made, g->count, sizeof *made, by_identity);
        while (m > made && by_identity(m - 1, &key) == 0)
            m--; /* equal ones stand together; the first holds the function */
        if (m->function == NO_INDEX)
            m->function =
                profile_add_function(p, (struct function){.name = copy(p, from, info->name),
                                                          .filename = copy(p, from, info->file),
                                                          .start_line = info->start_line});
        struct line line = {.function = m->function, .line = info->line, .column = info->column};
        struct location l = {.address = info->address, .mapping = NO_INDEX};
        uint32_t location = profile_add_location(p, l, &line, 1);
        int64_t values[2] = {
            f64_to_i64(units_scale(node_cum(n), r->sample_unit, r->output_unit).value),
            f64_to_i64(units_scale(node_flat(n), r->sample_unit, r->output_unit).value)};
        profile_add_sample(p, profile_add_stack(p, &location, 1), 0, values);
    }
    free(made);
    return p;
}
