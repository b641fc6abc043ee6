#include "analyzer/report/report.h"

#include "analyzer/base/num.h"
#include "analyzer/base/units.h"
#include "analyzer/transform/base.h"

#include <stdlib.h>
#include <string.h>

void report_take_total(struct report *r)
{
    const struct profile *p = r->p;
    const int64_t *values = p->values[r->value];
    const int64_t *divisors = r->divisor < 0 ? NULL : p->values[r->divisor];
    bool *base = base_marks(p); /* percentages are then of the base alone */
    int64_t total = 0, div = 0, base_total = 0, base_div = 0;
    r->total_above = r->total_below = 0;
    for (size_t i = 0; i < p->sample_count; i++) {
        int64_t v = abs64(values[i]), d = divisors ? divisors[i] : 0;
        total += v;
        div += d;
        int64_t *side = values[i] < 0 ? &r->total_below : &r->total_above;
        *side = add_up64(*side, magnitude64(values[i]));
        if (base && base[p->sample_labels[i]]) {
            base_total += v;
            base_div += d;
        }
    }
    free(base);
    if (base_total > 0) {
        total = base_total;
        div = base_div;
    }
    r->total_sum = total;
    r->total_div = div;
    r->total = div ? div64(total, div) : total;
}

int report_init(struct report *r, struct profile *p, const struct report_spec *spec,
                struct lines *notes, struct error *err)
{
    *r = (struct report){.p = p, .spec = spec, .divisor = spec->mean ? 0 : -1};
    if (!p->sample_type_count)
        return error_set(err, ERROR_DATA, "the profile has no samples");
    r->value = profile_sample_index(p, spec->sample_index, err);
    if (r->value < 0)
        return -1;
    if (spec->divide_by == 0)
        return error_set(err, ERROR_USAGE, "divide_by is 0; give another number");
    r->ratio = 1 / spec->divide_by;
    struct value_type t = p->sample_types[r->value];
    if (spec->mean)
        buf_puts(&r->type, "mean_");
    buf_str(&r->type, profile_str(p, t.type));
    r->sample_unit = profile_str(p, t.unit).ptr;
    r->output_unit = spec->unit;
    report_take_total(r);
    tagunits_init(&r->units, p, notes);
    return 0;
}

void report_release(struct report *r)
{
    buf_release(&r->type);
    tagunits_release(&r->units);
    lines_release(&r->filters);
}

static bool has_ratio(const struct report *r)
{
    return r->ratio > 0 && r->ratio != 1;
}

void report_value(struct buf *b, const struct report *r, int64_t value)
{
    if (has_ratio(r))
        value = f64_to_i64((double)value * r->ratio);
    units_label(b, value, r->sample_unit, r->output_unit);
}

void report_nodes(struct nodes *n, const struct report *r, bool objects)
{
    struct nodes_spec spec = {
        .objects = objects, .trim_path = r->spec->trim_path, .source_path = r->spec->source_path};
    nodes_init(n, r->p, &spec);
    nodes_name_all(n);
}

int report_check_sums(const struct report *r, const char *what, struct error *err)
{
    if (r->divisor < 0)
        return 0;
    return error_set(err, ERROR_USAGE, "means do not add up to %s; leave -mean out", what);
}

int report_check_matches(const struct regex *only, const char *what, size_t matched,
                         struct error *err)
{
    if (regex_failed(only, err))
        return -1;
    if (!matched)
        return error_set(err, ERROR_DATA, "no %s matches \"%s\"", what, regex_text(only));
    return 0;
}

struct trim_spec report_trim_spec(const struct report *r, const struct nodetags_spec *tags)
{
    const struct report_spec *spec = r->spec;
    return (struct trim_spec){
        .value = r->value,
        .divisor = r->divisor,
        .drop_negative = spec->drop_negative,
        .cum_sort = spec->cum_sort,
        .visual = tags != NULL,
        .edges = GRAPH_ALL_EDGES,
        .nodecount = spec->trim ? spec->nodecount : 0,
        .nodefraction = spec->trim ? spec->nodefraction : 0,
        .edgefraction = spec->trim ? spec->edgefraction : 0,
        .tags = tags,
    };
}

void report_select_unit(struct report *r, const struct graph *g, bool integers)
{
    if (!g->count)
        return;
    int64_t least = 0;
    for (size_t i = 0; i < g->count; i++) {
        const struct node *n = &g->node[g->order[i]];
        int64_t v = abs64(node_flat(n));
        if (!v)
            v = abs64(node_cum(n));
        if (v > 0 && (!least || v < least))
            least = v;
    }
    report_select_unit_for(r, least, r->total, integers);
}

void report_select_unit_for(struct report *r, int64_t least, int64_t most, bool integers)
{
    if (strcmp(r->output_unit, "minimum") != 0)
        return;
    if (!least)
        least = most;
    if (has_ratio(r)) {
        least = f64_to_i64((double)least * r->ratio);
        most = f64_to_i64((double)most * r->ratio);
    }
    const char *unit = units_scale(least, r->sample_unit, "minimum").unit;
    const char *most_unit = units_scale(most, r->sample_unit, "minimum").unit;
    /* Two decimals let the smallest value be a hundredth of the unit. */
    if (strcmp(unit, most_unit) != 0 && least * 100 < most && !integers)
        unit = units_scale(100 * least, r->sample_unit, "minimum").unit;
    r->output_unit = *unit ? unit : r->sample_unit;
}

void report_select_total_unit(struct report *r)
{
    int64_t most = r->total_below > r->total_above ? r->total_below : r->total_above;
    report_select_unit_for(r, 0, most, false);
}
