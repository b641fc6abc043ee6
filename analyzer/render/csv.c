#include "analyzer/render/csv.h"

#include "analyzer/report/number.h"

#include <string.h>

/* A row is begin_row, a call per column, end_row. */
struct row {
    struct out *out;
    bool any;
};

static void next(struct row *row)
{
    if (row->any)
        out_puts(row->out, ",");
    row->any = true;
}

static void add_str(struct row *row, struct str s)
{
    next(row);
    bool quoted = false;
    for (size_t i = 0; i < s.len && !quoted; i++)
        quoted = s.ptr[i] == ',' || s.ptr[i] == '"' || s.ptr[i] == '\n' || s.ptr[i] == '\r';
    if (!quoted) {
        out_str(row->out, s);
        return;
    }
    out_puts(row->out, "\"");
    while (s.len) {
        const char *quote = memchr(s.ptr, '"', s.len);
        size_t len = quote ? (size_t)(quote - s.ptr) + 1 : s.len;
        out_str(row->out, (struct str){s.ptr, len});
        if (quote)
            out_puts(row->out, "\"");
        s.ptr += len;
        s.len -= len;
    }
    out_puts(row->out, "\"");
}

static void add_text(struct row *row, const char *s)
{
    add_str(row, (struct str){s, strlen(s)});
}

static void add_empty(struct row *row, int count)
{
    while (count-- > 0)
        next(row);
}

static void add_int(struct row *row, int64_t v)
{
    next(row);
    out_printf(row->out, "%lld", (long long)v);
}

static void add_number(struct row *row, struct number n)
{
    next(row);
    number_write(&row->out->buf, n);
}

static void add_real(struct row *row, double v)
{
    next(row);
    number_write_real(&row->out->buf, v);
}

static void end_row(struct row *row)
{
    out_puts(row->out, "\n");
    row->any = false;
    out_flush_some(row->out);
}

static void add_node(struct row *row, const struct report *r, const struct node *n)
{
    add_number(row, number_of(r, n->flat, n->flat_div));
    add_number(row, number_of(r, n->cum, n->cum_div));
}

void csv_top(struct out *o, const struct report *r, const struct top *t)
{
    struct row row = {.out = o};
    const char *unit = number_unit(r);
    out_puts(o, "name,flat,cum,unit,inline\n");
    for (size_t i = 0; i < t->count; i++) {
        add_str(&row, t->rows[i].name);
        add_node(&row, r, t->rows[i].node);
        add_text(&row, unit);
        add_text(&row, t->rows[i].inlined);
        end_row(&row);
    }
}

static void add_calls(struct row *row, const struct report *r, struct str name,
                      const char *relation, const struct tree_call *calls, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct edge *e = calls[i].edge;
        add_str(row, name);
        add_text(row, relation);
        add_str(row, calls[i].name);
        add_empty(row, 2);
        add_number(row, number_of(r, e->weight, e->weight_div));
        add_text(row, number_unit(r));
        add_text(row, calls[i].inlined ? "inline" : "");
        end_row(row);
    }
}

void csv_tree(struct out *o, const struct report *r, const struct tree *t)
{
    struct row row = {.out = o};
    out_puts(o, "name,relation,other,flat,cum,weight,unit,inline\n");
    for (size_t i = 0; i < t->count; i++) {
        const struct tree_row *node = &t->rows[i];
        add_calls(&row, r, node->name, "caller", node->callers, node->caller_count);
        add_str(&row, node->name);
        add_text(&row, "self");
        add_empty(&row, 1);
        add_node(&row, r, node->node);
        add_empty(&row, 1);
        add_text(&row, number_unit(r));
        add_empty(&row, 1);
        end_row(&row);
        add_calls(&row, r, node->name, "callee", node->callees, node->callee_count);
    }
}

static void add_trace_labels(struct row *row, const struct traces *t, int64_t trace)
{
    const struct profile *p = t->r->p;
    for (size_t i = 0; i < t->part_count; i++) {
        const struct label *l = &t->parts[i];
        add_int(row, trace);
        add_text(row, l->is_number ? "number" : "label");
        add_str(row, profile_str(p, l->key));
        if (l->is_number) {
            add_int(row, l->number);
            add_text(row, tags_unit(t->r, l));
        } else {
            add_str(row, profile_str(p, l->str));
            add_empty(row, 1);
        }
        end_row(row);
    }
}

void csv_traces(struct out *o, const struct report *r, struct traces *t)
{
    struct row row = {.out = o};
    out_puts(o, "trace,kind,name,value,unit\n");
    for (int64_t trace = 1; traces_next(t); trace++) {
        add_int(&row, trace);
        add_text(&row, "sample");
        add_str(&row, (struct str){r->type.data, r->type.len});
        add_number(&row, number_of(r, t->sum, t->divisor));
        add_text(&row, number_unit(r));
        end_row(&row);
        add_trace_labels(&row, t, trace);
        for (size_t i = 0; i < t->frame_count; i++) {
            add_int(&row, trace);
            add_text(&row, t->frames[i].inlined ? "inline" : "frame");
            add_str(&row, t->frames[i].name);
            add_empty(&row, 2);
            end_row(&row);
        }
    }
}

void csv_tags(struct out *o, const struct report *r, const struct tags *t)
{
    struct row row = {.out = o};
    out_puts(o, "key,kind,value,value_unit,weight,unit\n");
    for (size_t i = 0; i < t->count; i++) {
        const struct tag_key *key = &t->keys[i];
        for (size_t k = 0; k < key->count; k++) {
            const struct tag_value *v = &key->values[k];
            add_str(&row, key->key);
            add_text(&row, v->is_number ? "number" : "label");
            if (v->is_number)
                add_int(&row, v->number);
            else
                add_str(&row, v->value);
            add_text(&row, v->is_number ? v->unit : "");
            add_number(&row, number_of(r, v->weight, v->divisor));
            add_text(&row, number_unit(r));
            end_row(&row);
        }
    }
}

static void add_change(struct row *row, struct diff_number n)
{
    add_number(row, n.old);
    add_number(row, n.new);
    add_number(row, n.delta);
    add_real(row, n.percent);
    add_real(row, n.points);
}

void csv_diff(struct out *o, const struct diff *d)
{
    struct row row = {.out = o};
    out_puts(o, "name,flat_old,flat_new,flat_delta,flat_percent,flat_points,"
                "cum_old,cum_new,cum_delta,cum_percent,cum_points,unit\n");
    for (size_t i = 0; i < d->count; i++) {
        add_str(&row, d->rows[i].name);
        add_change(&row, diff_flat_number(d, &d->rows[i]));
        add_change(&row, diff_cum_number(d, &d->rows[i]));
        add_text(&row, number_unit(d->new.report));
        end_row(&row);
    }
}
