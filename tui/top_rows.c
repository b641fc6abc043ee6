#include "tui/top_rows.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/num.h"
#include "analyzer/profile/clone.h"
#include "analyzer/report/diff.h"
#include "analyzer/report/top.h"
#include "analyzer/transform/base.h"

#include <stdlib.h>
#include <string.h>

static struct str name_copy(struct top_rows *t, struct str name)
{
    return (struct str){arena_strndup(&t->names, name.ptr, name.len), name.len};
}

static void add_lines(struct top_rows *t, struct report *r)
{
    struct top top;
    top_init_whole(&top, r);
    t->count = top.count;
    t->rows = xcalloc(t->count + 1, sizeof *t->rows);
    for (size_t i = 0; i < t->count; i++) {
        const struct top_row *row = &top.rows[i];
        t->rows[i] = (struct top_line){.name = name_copy(t, row->name),
                                       .inlined = row->inlined,
                                       .flat.new = row->flat,
                                       .cum.new = row->cum};
    }
    t->total.new = r->total;
    top_release(&top);
}

/* A report on one side of the profile, with the total R took of that side before the filters. */
static struct report side_of(const struct report *r, struct profile *p, int64_t total)
{
    struct report side = *r;
    side.p = p;
    side.total = side.total_sum = total;
    side.total_div = 0;
    if (r->divisor >= 0)
        report_take_total(&side);
    return side;
}

static void add_pairs(struct top_rows *t, struct report *r)
{
    struct profile *old = profile_clone(r->p), *new = profile_clone(r->p);
    struct diff diff;
    base_keep_side(old, BASE_OLD);
    base_keep_side(new, BASE_NEW);
    struct report before = side_of(r, old, r->total_below), now = side_of(r, new, r->total_above);
    diff_init(&diff, (struct diff_source){.report = &before, .name = "old"},
              (struct diff_source){.report = &now, .name = "new"}, false);
    r->output_unit = now.output_unit;
    t->count = diff.row_count;
    t->rows = xcalloc(t->count + 1, sizeof *t->rows);
    for (size_t i = 0; i < t->count; i++) {
        const struct node_pair *pair = &diff.rows[i];
        struct diff_change flat = diff_flat(&diff, pair), cum = diff_cum(&diff, pair);
        t->rows[i] = (struct top_line){
            name_copy(t, pair->name), "", {flat.old, flat.new}, {cum.old, cum.new}};
    }
    t->total = (struct top_pair){before.total, now.total};
    diff_release(&diff); /* the rest of the two reports is R's */
    profile_free(old);
    profile_free(new);
}

static int by_name(const void *a, const void *b)
{
    const struct top_line *x = a, *y = b;
    int order = str_cmp(x->name, y->name);
    if (!order)
        order = (y->cum.new > x->cum.new) - (y->cum.new < x->cum.new);
    return order ? order : (y->flat.new > x->flat.new) - (y->flat.new < x->flat.new);
}

struct top_rows *top_rows_new(struct report *r, bool has_base)
{
    struct top_rows *t = xcalloc(1, sizeof *t);
    t->has_base = has_base;
    arena_init(&t->names);
    if (has_base)
        add_pairs(t, r);
    else
        add_lines(t, r);
    if (t->count)
        qsort(t->rows, t->count, sizeof *t->rows, by_name);
    return t;
}

void top_rows_free(struct top_rows *t)
{
    if (!t)
        return;
    arena_release(&t->names);
    free(t->rows);
    free(t);
}

/* --- orders */

static int64_t key_of(const struct top_line *l, enum top_key key)
{
    switch (key) {
    case TOP_FLAT:
        return magnitude64(l->flat.new);
    case TOP_CUM:
        return magnitude64(l->cum.new);
    case TOP_FLAT_CHANGE:
        return magnitude64(l->flat.new - l->flat.old);
    case TOP_CUM_CHANGE:
        return magnitude64(l->cum.new - l->cum.old);
    case TOP_FLAT_OLD:
        return magnitude64(l->flat.old);
    case TOP_CUM_OLD:
        return magnitude64(l->cum.old);
    case TOP_NAME:
        return 0;
    }
    return 0;
}

/* What is compared first stands here, so that most comparisons look at nothing else. */
struct keyed {
    int64_t key, second;
    uint32_t row;
};

static int by_key(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? 1 : -1;
    if (x->second != y->second)
        return x->second < y->second ? 1 : -1;
    return (x->row > y->row) - (x->row < y->row);
}

/* Rows that tie in one value are in the order of the other, and then in that of their names. */
static enum top_key second_key(enum top_key key)
{
    return key == TOP_NAME                           ? TOP_NAME
           : key == TOP_CUM || key == TOP_CUM_CHANGE ? TOP_FLAT
                                                     : TOP_CUM;
}

void top_order_sort(struct top_order *o, const struct top_rows *t, enum top_key key, bool reversed)
{
    struct keyed *keyed = xcalloc(t->count + 1, sizeof *keyed);
    for (size_t i = 0; i < t->count; i++)
        keyed[i] = (struct keyed){key_of(&t->rows[i], key), key_of(&t->rows[i], second_key(key)),
                                  (uint32_t)i};
    qsort(keyed, t->count, sizeof *keyed, by_key);
    o->count = t->count;
    o->rows = xrealloc(o->rows, (t->count + 1) * sizeof *o->rows);
    o->sums = xrealloc(o->sums, (t->count + 1) * sizeof *o->sums);
    int64_t sum = 0;
    for (size_t i = 0; i < t->count; i++) {
        o->rows[i] = keyed[reversed ? t->count - 1 - i : i].row;
        sum += t->rows[o->rows[i]].flat.new;
        o->sums[i] = sum;
    }
    free(keyed);
}

void top_order_release(struct top_order *o)
{
    free(o->rows);
    free(o->sums);
    *o = (struct top_order){0};
}
