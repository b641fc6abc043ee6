#include "analyzer/report/diff.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/num.h"
#include "analyzer/base/units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void add_sums(struct node *to, const struct node *from)
{
    to->flat += from->flat;
    to->flat_div += from->flat_div;
    to->cum += from->cum;
    to->cum_div += from->cum_div;
}

/* A's share of A_TOTAL less B's of B_TOTAL, in percent. Rounded once, so that 55% less 50% is not
 * more than 5. */
static double share_difference(int64_t a, int64_t a_total, int64_t b, int64_t b_total)
{
    if (!a_total && !b_total)
        return 0;
    if (!a_total || !b_total)
        return a_total ? 100 * (double)a / (double)a_total : -100 * (double)b / (double)b_total;
    __int128 over = (__int128)a * b_total - (__int128)b * a_total;
    __int128 under = (__int128)a_total * b_total;
    return 100 * (double)over / (double)under;
}

/* DELTA in percent of OLD; what is gone or has doubled is exactly 100, whatever its digits. */
static double percent_of(double delta, double old)
{
    if (old == 0)
        return NAN;
    return fabs(delta) == fabs(old) ? copysign(100, delta) : 100 * delta / fabs(old);
}

static struct diff_change change(int64_t old, int64_t new)
{
    return (struct diff_change){
        .old = old,
        .new = new,
        .delta = new - old,
        .percent = percent_of((double)new - (double)old, (double)old),
    };
}

static int64_t old_value(const struct diff *d, const struct node_pair *row, bool cum)
{
    int64_t v = cum ? node_cum(&row->old) : node_flat(&row->old);
    return d->scale == 1 ? v : f64_to_i64(round((double)v * d->scale));
}

static int64_t new_value(const struct node_pair *row, bool cum)
{
    return cum ? node_cum(&row->new) : node_flat(&row->new);
}

static struct diff_change row_change(const struct diff *d, const struct node_pair *row, bool cum)
{
    int64_t new = new_value(row, cum);
    struct diff_change c = change(old_value(d, row, cum), new);
    c.points =
        share_difference(new, d->new.report->total,
                         cum ? node_cum(&row->old) : node_flat(&row->old), d->old.report->total);
    return c;
}

struct diff_change diff_flat(const struct diff *d, const struct node_pair *row)
{
    return row_change(d, row, false);
}

struct diff_change diff_cum(const struct diff *d, const struct node_pair *row)
{
    return row_change(d, row, true);
}

static double ratio(struct number a, struct number b)
{
    return b.real != 0 ? a.real / b.real : 0;
}

static struct diff_number number_change(const struct diff *d, struct number old, struct number new,
                                        double points)
{
    struct number scaled = d->scale == 1 ? old : (struct number){.real = old.real * d->scale};
    struct diff_number n = {
        .old = scaled, .new = new, .delta = number_minus(new, scaled), .points = points};
    n.percent = percent_of(n.delta.real, scaled.real);
    if (d->new.report->divisor >= 0) /* means were rounded before POINTS was made */
        n.points = 100 * (ratio(new, number_total(d->new.report)) -
                          ratio(old, number_total(d->old.report)));
    return n;
}

struct diff_number diff_flat_number(const struct diff *d, const struct node_pair *row)
{
    const struct report *r = d->new.report;
    return number_change(d, number_of(r, row->old.flat, row->old.flat_div),
                         number_of(r, row->new.flat, row->new.flat_div), diff_flat(d, row).points);
}

struct diff_number diff_cum_number(const struct diff *d, const struct node_pair *row)
{
    const struct report *r = d->new.report;
    return number_change(d, number_of(r, row->old.cum, row->old.cum_div),
                         number_of(r, row->new.cum, row->new.cum_div), diff_cum(d, row).points);
}

struct diff_change diff_main(const struct diff *d, const struct node_pair *row)
{
    return d->new.report->spec->cum_sort ? diff_cum(d, row) : diff_flat(d, row);
}

struct diff_change diff_total(const struct diff *d)
{
    return change(d->old.report->total, d->new.report->total);
}

static int more(int64_t a, int64_t b)
{
    return (a < b) - (a > b);
}

/* Larger changes first, growth before shrinkage. */
static int compare_deltas(const struct diff *d, const struct node_pair *x,
                          const struct node_pair *y, bool cum)
{
    int64_t a = new_value(x, cum) - old_value(d, x, cum);
    int64_t b = new_value(y, cum) - old_value(d, y, cum);
    int order = more(abs64(a), abs64(b));
    return order ? order : more(a, b);
}

/* Rows that tie in all of this look the same. */
static int by_change(const void *a, const void *b, void *context)
{
    const struct node_pair *x = a, *y = b;
    const struct diff *d = context;
    bool cum = d->new.report->spec->cum_sort;
    int order = compare_deltas(d, x, y, cum);
    if (!order)
        order = compare_deltas(d, x, y, !cum);
    if (!order)
        order = str_cmp(x->name, y->name);
    if (!order)
        order = more(node_cum(&x->new), node_cum(&y->new));
    return order ? order : more(node_flat(&x->new), node_flat(&y->new));
}

/* The part of the larger side below which a change is not worth a row. Taken of what the filters
 * left, as in other reports. */
static int64_t cutoff(const struct diff *d)
{
    const struct report_spec *spec = d->new.report->spec;
    struct node_pair all = {0};
    for (size_t i = 0; i < d->row_count; i++) {
        add_sums(&all.old, &d->rows[i].old);
        add_sums(&all.new, &d->rows[i].new);
    }
    int64_t a = abs64(old_value(d, &all, false)), b = abs64(new_value(&all, false));
    return spec->trim ? f64_to_i64((double)(a > b ? a : b) * spec->nodefraction) : 0;
}

/* Moves the rows not worth showing to the end, keeping the order of both kinds. */
static void trim_rows(struct diff *d, int64_t least)
{
    const struct report_spec *spec = d->new.report->spec;
    struct node_pair *left_out = xcalloc(d->row_count + 1, sizeof *left_out);
    for (size_t i = 0; i < d->row_count; i++) {
        struct node_pair row = d->rows[i];
        bool small =
            abs64(diff_flat(d, &row).delta) < least && abs64(diff_cum(d, &row).delta) < least;
        bool negative = spec->drop_negative && diff_main(d, &row).delta < 0;
        if (small || negative)
            left_out[d->dropped + d->dropped_negative] = row;
        else
            d->rows[d->kept++] = row;
        d->dropped += small;
        d->dropped_negative += negative && !small;
    }
    memcpy(d->rows + d->kept, left_out, (d->row_count - d->kept) * sizeof *left_out);
    free(left_out);
    d->count = d->kept;
    if (spec->trim && spec->nodecount > 0 && (size_t)spec->nodecount < d->count)
        d->count = (size_t)spec->nodecount;
}

/* So that the smallest change can be read; unchanged values may show as 0. */
static void select_unit(struct diff *d)
{
    int64_t least = 0;
    for (size_t i = 0; i < d->count; i++) {
        struct diff_change flat = diff_flat(d, &d->rows[i]), cum = diff_cum(d, &d->rows[i]);
        int64_t v = abs64(flat.delta ? flat.delta : cum.delta);
        if (v > 0 && (!least || v < least))
            least = v;
    }
    struct diff_change total = diff_total(d);
    int64_t most = total.old > total.new ? total.old : total.new;
    struct report *r = d->new.report;
    if (most)
        report_select_unit_for(r, least, most, false);
    d->old.report->output_unit = r->output_unit;
}

static void add_source(struct lines *out, const char *title, const struct diff_source *s)
{
    const struct profile *p = s->report->p;
    struct buf b = {0};
    if (p->time_nanos)
        report_time(&b, p->time_nanos);
    if (p->duration_nanos) {
        buf_puts(&b, b.len ? ", for " : "for ");
        units_label(&b, p->duration_nanos, "nanoseconds", "auto");
    }
    if (b.len)
        lines_add(out, "%s: %s (%s)", title, s->name, b.data);
    else
        lines_add(out, "%s: %s", title, s->name);
    buf_release(&b);
}

static void add_total(struct lines *out, const struct diff *d)
{
    const struct report *r = d->new.report;
    struct diff_change total = diff_total(d);
    struct buf b = {0};
    report_value(&b, r, total.old);
    buf_puts(&b, " to ");
    report_value(&b, r, total.new);
    if (total.delta && total.old)
        buf_printf(&b, ", %+.2f%%", total.percent);
    if (d->scale != 1)
        buf_printf(&b, " (old is shown times %.4g)", d->scale);
    lines_add(out, "Total: %s", b.data);
    buf_release(&b);
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static void add_dropped(struct lines *out, const struct diff *d, int64_t least)
{
    if (d->dropped) {
        struct buf b = {0};
        report_value(&b, d->new.report, least);
        lines_add(out, "Dropped %zu node%s (change < %s)", d->dropped, plural(d->dropped), b.data);
        buf_release(&b);
    }
    if (d->dropped_negative)
        lines_add(out, "Dropped %zu node%s that shrank", d->dropped_negative,
                  plural(d->dropped_negative));
}

static void make_header(struct diff *d, int64_t least)
{
    const struct report *r = d->new.report;
    if (!r->spec->compact_labels) {
        add_source(&d->header, "Old", &d->old);
        add_source(&d->header, "New", &d->new);
        if (r->type.len)
            lines_add_str(&d->header, "Type: ", (struct str){r->type.data, r->type.len});
    }
    add_total(&d->header, d);
    report_filter_header(&d->header, r);
    add_dropped(&d->header, d, least);
    if (d->count < d->kept)
        lines_add(&d->header, "Showing top %zu nodes out of %zu", d->count, d->kept);
}

static double scale_of(const struct diff *d)
{
    double old = number_total(d->old.report).real, new = number_total(d->new.report).real;
    return old != 0 ? new / old : 1;
}

void diff_init(struct diff *d, struct diff_source old, struct diff_source new, bool normalize)
{
    *d = (struct diff){.old = old, .new = new, .scale = 1};
    if (normalize)
        d->scale = scale_of(d);
    report_nodes(&d->old.nodes, old.report, false);
    report_nodes(&d->new.nodes, new.report, false);
    struct pair_side a = {&d->old.nodes, old.report->value, old.report->divisor};
    struct pair_side b = {&d->new.nodes, new.report->value, new.report->divisor};
    d->rows = pairs_new(&a, &b, &d->row_count);
    if (d->row_count)
        qsort_r(d->rows, d->row_count, sizeof *d->rows, by_change, d);
    int64_t least = cutoff(d);
    trim_rows(d, least);
    select_unit(d);
    make_header(d, least);
}

void diff_release(struct diff *d)
{
    lines_release(&d->header);
    free(d->rows);
    nodes_release(&d->old.nodes);
    nodes_release(&d->new.nodes);
}

static int worst_first(const void *a, const void *b)
{
    const struct diff_growth *x = a, *y = b;
    if (x->points != y->points)
        return x->points > y->points ? -1 : 1;
    return str_cmp(x->name, y->name);
}

static double percentage(int64_t value, int64_t total)
{
    return total ? 100 * (double)value / (double)total : 0;
}

struct diff_growth *diff_grown(const struct diff *d, double above, size_t *count)
{
    /* The last digits of a quotient are chance: 5 points are not more than 5. */
    double limit = above * (1 + 1e-12);
    struct diff_growth *grown = NULL;
    size_t cap = 0;
    *count = 0;
    for (size_t i = 0; i < d->row_count; i++) {
        struct diff_change cum = diff_cum(d, &d->rows[i]);
        if (!(cum.points > limit))
            continue;
        grown = xgrow(grown, &cap, *count + 1, sizeof *grown);
        grown[(*count)++] = (struct diff_growth){
            .name = d->rows[i].name,
            .points = cum.points,
            .old_share = percentage(node_cum(&d->rows[i].old), d->old.report->total),
            .new_share = percentage(cum.new, d->new.report->total)};
    }
    if (*count)
        qsort(grown, *count, sizeof *grown, worst_first);
    return grown;
}
