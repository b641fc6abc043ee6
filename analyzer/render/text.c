#include "analyzer/render/text.h"
#include "analyzer/base/utf8.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/num.h"
#include "analyzer/base/units.h"
#include "analyzer/render/columns.h"

#include <stdlib.h>
#include <string.h>

void text_header(struct out *o, const struct lines *header)
{
    for (size_t i = 0; i < header->count; i++) {
        if (i)
            out_puts(o, "\n");
        out_str(o, lines_get(header, i));
    }
    out_puts(o, "\n");
}

void text_value(struct out *o, const struct report *r, int64_t value, size_t width)
{
    struct buf b = {0};
    report_value(&b, r, value);
    out_right(o, b.data, b.len, width);
    buf_release(&b);
}

void text_value_or_dot(struct out *o, const struct report *r, int64_t value, size_t width)
{
    if (value)
        text_value(o, r, value, width);
    else
        out_right(o, ".", 1, width);
}

static void add_share(struct out *o, int64_t value, int64_t total)
{
    units_percentage(&o->buf, value, total);
}

void text_total(struct out *o, const struct report *r)
{
    out_puts(o, "Total: ");
    text_value(o, r, r->total, 0);
    out_puts(o, "\n");
}

void text_routine_sums(struct out *o, const struct report *r, int64_t flat, int64_t cum)
{
    text_value(o, r, flat, 10);
    out_puts(o, " ");
    text_value(o, r, cum, 10);
    out_puts(o, " (flat, cum) ");
    add_share(o, cum, r->total);
    out_puts(o, " of Total\n");
}

const char *text_heat(int64_t flat, int64_t flat_sum, int64_t cum, int64_t cum_sum)
{
    double own = flat_sum ? (double)abs64(flat) / (double)abs64(flat_sum) : 0;
    double all = cum_sum ? (double)abs64(cum) / (double)abs64(cum_sum) : 0;
    double share = own > all ? own : all;
    return share >= 0.1 ? "\033[1;31m" : share >= 0.01 ? "\033[33m" : "";
}

/* A row's weight as a colour: red from a tenth of the total on, yellow from a hundredth. */
static void begin_row(struct out *o, const struct report *r, int64_t flat, int64_t cum)
{
    double total = (double)abs64(r->total);
    double share = total > 0 ? (double)abs64(flat ? flat : cum) / total : 0;
    if (flat && share >= 0.1)
        out_color(o, "\033[1;31m");
    else if (flat && share >= 0.01)
        out_color(o, "\033[33m");
    else if (!flat)
        out_color(o, "\033[2m");
}

static void end_row(struct out *o)
{
    out_color(o, "\033[0m");
    out_puts(o, "\n");
    out_flush_some(o);
}

/* The five numbers that rows of top and tree begin with. */
static void add_numbers(struct out *o, const struct report *r, int64_t flat, int64_t flat_sum,
                        int64_t cum)
{
    text_value(o, r, flat, 10);
    out_puts(o, " ");
    add_share(o, flat, r->total);
    out_puts(o, " ");
    add_share(o, flat_sum, r->total);
    out_puts(o, " ");
    text_value(o, r, cum, 10);
    out_puts(o, " ");
    add_share(o, cum, r->total);
}

void text_top(struct out *o, const struct report *r, const struct top *t)
{
    int64_t flat_sum = 0;
    text_header(o, &t->header);
    out_puts(o, "      flat  flat%   sum%        cum   cum%\n");
    for (size_t i = 0; i < t->count; i++) {
        const struct top_row *row = &t->rows[i];
        flat_sum += row->flat;
        begin_row(o, r, row->flat, row->cum);
        add_numbers(o, r, row->flat, flat_sum, row->cum);
        out_puts(o, "  ");
        size_t label = strlen(row->inlined);
        out_name(o, row->name, 44 + (label ? (int)label + 3 : 0));
        if (label)
            out_printf(o, " (%s)", row->inlined);
        end_row(o);
    }
}

static void add_calls(struct out *o, const struct report *r, const struct tree_call *calls,
                      size_t count, int64_t cum)
{
    for (size_t i = 0; i < count; i++) {
        text_value(o, r, calls[i].weight, 50);
        out_puts(o, " ");
        add_share(o, calls[i].weight, cum);
        out_puts(o, " |   ");
        out_name(o, calls[i].name, 62 + (calls[i].inlined ? 9 : 0));
        out_puts(o, calls[i].inlined ? " (inline)\n" : "\n");
    }
}

void text_tree(struct out *o, const struct report *r, const struct tree *t)
{
    static const char separator[] =
        "----------------------------------------------------------+-------------\n";
    int64_t flat_sum = 0;
    text_header(o, &t->header);
    out_puts(o, separator);
    out_puts(o, "      flat  flat%   sum%        cum   cum%   calls calls% + context \t \t \n");
    for (size_t i = 0; i < t->count; i++) {
        const struct tree_row *row = &t->rows[i];
        out_puts(o, separator);
        add_calls(o, r, row->callers, row->caller_count, row->cum);
        flat_sum += row->flat;
        begin_row(o, r, row->flat ? row->flat : row->cum, row->cum);
        add_numbers(o, r, row->flat, flat_sum, row->cum);
        out_puts(o, "                | ");
        out_name(o, row->name, 60);
        end_row(o);
        add_calls(o, r, row->callees, row->callee_count, row->cum);
    }
    if (t->node_count)
        out_puts(o, separator);
}

/* Label lines are sorted as they are written, padding included. */
static int by_text(const void *a, const void *b)
{
    const struct buf *x = a, *y = b;
    return str_cmp((struct str){x->data, x->len}, (struct str){y->data, y->len});
}

static void add_trace_labels(struct out *o, const struct traces *t, bool numbers)
{
    struct buf *lines = xcalloc(t->label_count + 1, sizeof *lines);
    size_t count = 0;
    for (size_t i = 0; i < t->label_count; i++) {
        const struct trace_label *l = &t->labels[i];
        if (l->is_number != numbers)
            continue;
        struct buf *b = &lines[count++];
        buf_right(b, l->key.ptr, l->key.len, 10);
        buf_puts(b, ":  ");
        buf_add(b, l->values.data, l->values.len);
    }
    if (count)
        qsort(lines, count, sizeof *lines, by_text);
    for (size_t i = 0; i < count; i++) {
        out_str(o, (struct str){lines[i].data, lines[i].len});
        out_puts(o, "\n");
        buf_release(&lines[i]);
    }
    free(lines);
}

void text_traces(struct out *o, const struct report *r, struct traces *t)
{
    static const char separator[] =
        "-----------+-------------------------------------------------------\n";
    text_header(o, &t->header);
    while (traces_next(t)) {
        out_puts(o, separator);
        add_trace_labels(o, t, false);
        add_trace_labels(o, t, true);
        for (size_t i = 0; i < t->frame_count; i++) {
            if (i)
                out_puts(o, "          ");
            else
                text_value(o, r, t->value, 10);
            out_puts(o, "   ");
            out_name(o, t->frames[i].name, 13 + (t->frames[i].inlined ? 9 : 0));
            out_puts(o, t->frames[i].inlined ? " (inline)\n" : "\n");
        }
        out_flush_some(o);
    }
    out_puts(o, separator);
}

/* "140ms ( 8.09%)" */
static void add_tag_share(struct buf *b, const struct report *r, int64_t weight)
{
    if (r->total <= 0)
        return;
    buf_puts(b, " (");
    units_percentage(b, weight, r->total);
    buf_putc(b, ')');
}

/* A key's table: the key, the weights, and outside of the columns what they are the weights of. */
static void add_tag_key(struct out *o, const struct report *r, const struct tag_key *key)
{
    int taken = (int)utf8_count(key->key.ptr, key->key.len) + 24; /* about what stands left */
    out_str(o, key->key);
    out_puts(o, ":\t Total ");
    report_value(&o->buf, r, key->total);
    out_puts(o, " of ");
    report_value(&o->buf, r, r->total);
    add_tag_share(&o->buf, r, key->total);
    out_puts(o, "\n");
    for (size_t k = 0; k < key->count; k++) {
        out_puts(o, " \t");
        report_value(&o->buf, r, key->values[k].weight);
        add_tag_share(&o->buf, r, key->values[k].weight);
        out_puts(o, ":\t ");
        out_name(o, key->values[k].value, taken);
        out_puts(o, "\n");
    }
    out_puts(o, "\n");
}

void text_tags(struct out *o, const struct report *r, const struct tags *t)
{
    struct out table = {.fd = -1, .terminal = o->terminal, .width = o->width};
    for (size_t i = 0; i < t->count; i++) {
        buf_clear(&table.buf);
        add_tag_key(&table, r, &t->keys[i]);
        columns_set(&o->buf, (struct str){table.buf.data, table.buf.len});
        out_flush_some(o);
    }
    buf_release(&table.buf);
}

void text_comments(struct out *o, const struct profile *p)
{
    for (size_t i = 0; i < p->comment_count; i++) {
        out_str(o, profile_str(p, p->comments[i]));
        out_puts(o, "\n");
    }
}
