#include "analyzer/report/topproto.h"

#include "analyzer/base/num.h"
#include "analyzer/base/units.h"
#include "analyzer/profile/builder.h"

static int64_t in_output_unit(const struct report *r, int64_t value)
{
    return f64_to_i64(units_scale(value, r->sample_unit, r->output_unit).value);
}

struct profile *topproto_new(const struct report *r, const struct top *t)
{
    const struct profile *from = r->p;
    const struct graph *g = t->trimmed.graph;
    struct builder b;
    builder_init(&b); /* functions are made once each; lines of one share it */
    struct profile *p = b.p;
    struct value_type types[2] = {{profile_intern(p, "cum"), profile_intern(p, r->output_unit)},
                                  {profile_intern(p, "flat"), profile_intern(p, r->output_unit)}};
    builder_set_types(&b, types, 2);
    p->time_nanos = from->time_nanos;
    p->duration_nanos = from->duration_nanos;
    p->period = from->period;
    p->period_type =
        (struct value_type){builder_str(&b, profile_str(from, from->period_type.type)),
                            builder_str(&b, profile_str(from, from->period_type.unit))};
    for (size_t i = 0; i < g->count; i++) {
        const struct node *n = &g->node[g->order[i]];
        const struct node_info *info = &g->nodes->infos[n->of];
        struct function f = {.name = builder_str(&b, profile_str(from, info->name)),
                             .filename = builder_str(&b, profile_str(from, info->file)),
                             .start_line = info->start_line};
        struct line line = {
            .function = builder_function(&b, f), .line = info->line, .column = info->column};
        struct location l = {.address = info->address, .mapping = NO_INDEX};
        uint32_t location = profile_add_location(p, l, &line, 1);
        int64_t values[2] = {in_output_unit(r, node_cum(n)), in_output_unit(r, node_flat(n))};
        profile_add_sample(p, profile_add_stack(p, &location, 1), 0, values);
    }
    return builder_finish(&b);
}
