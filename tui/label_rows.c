#include "tui/label_rows.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/num.h"
#include "analyzer/base/units.h"
#include "analyzer/report/tags.h"
#include "tui/steps.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* One value of one key, of one side or both. */
struct item {
    strid key, text;
    bool is_number;
    int64_t least, most; /* numbers that are written like this */
    const char *unit;    /* they are in; borrowed from a profile */
    struct calltree_value weight;
};

struct items {
    struct label_rows *rows;
    struct item *items;
    size_t count, cap;
};

/* --- what both sides have */

static strid add_text(struct label_rows *l, struct str s)
{
    return strtab_add(&l->texts, s.ptr, s.len);
}

static void add_tags(struct items *all, struct report *r, bool is_old)
{
    struct tags tags;
    struct buf text = {0};
    tags_init(&tags, r, true);
    for (size_t i = 0; i < tags.count; i++) {
        const struct tag_key *key = &tags.keys[i];
        strid id = strtab_add(&r->p->strings, key->key.ptr, key->key.len);
        const char *unit = tagunits_get(&r->units, r->p, id);
        for (size_t k = 0; k < key->count; k++) {
            const struct tag_value *value = &key->values[k];
            struct item item = {.key = add_text(all->rows, key->key),
                                .text = add_text(all->rows, value->value),
                                .is_number = value->is_number,
                                .least = value->number,
                                .most = value->number,
                                .unit = unit};
            if (value->is_number) {
                buf_clear(&text);
                units_label(&text, value->number, unit, r->output_unit);
                item.text = add_text(all->rows, buf_view(&text));
            }
            *(is_old ? &item.weight.old : &item.weight.new) = value->weight;
            all->items = xgrow(all->items, &all->cap, all->count + 1, sizeof *all->items);
            all->items[all->count++] = item;
        }
    }
    buf_release(&text);
    tags_release(&tags);
}

static int by_value(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    if (x->text != y->text)
        return x->text < y->text ? -1 : 1;
    return x->is_number - y->is_number;
}

/* Makes one of those that look the same. */
static void join_equal(struct items *all)
{
    size_t kept = 0;
    if (all->count)
        qsort(all->items, all->count, sizeof *all->items, by_value);
    for (size_t i = 0; i < all->count; i++) {
        struct item *last = kept ? &all->items[kept - 1] : NULL, *item = &all->items[i];
        if (!last || by_value(last, item) != 0) {
            all->items[kept++] = *item;
            continue;
        }
        last->least = item->least < last->least ? item->least : last->least;
        last->most = item->most > last->most ? item->most : last->most;
        last->weight.old += item->weight.old;
        last->weight.new += item->weight.new;
    }
    all->count = kept;
}

static int64_t size_of(struct calltree_value v)
{
    return add_up64(magnitude64(v.old), magnitude64(v.new));
}

static int by_key_and_weight(const void *a, const void *b, void *texts)
{
    const struct item *x = a, *y = b;
    const struct strtab *t = texts;
    if (x->key != y->key)
        return str_cmp(strtab_get(t, x->key), strtab_get(t, y->key));
    if (size_of(x->weight) != size_of(y->weight))
        return size_of(x->weight) > size_of(y->weight) ? -1 : 1;
    if (x->text != y->text)
        return str_cmp(strtab_get(t, x->text), strtab_get(t, y->text));
    return x->is_number - y->is_number;
}

/* --- how to say it as a filter */

/* The regular expression for S, without what means something else in a tag expression. */
static void add_quoted(struct buf *out, struct str s)
{
    struct buf quoted = {0};
    step_quote(&quoted, s);
    for (size_t i = 0; i < quoted.len; i++) {
        char c = quoted.data[i], next = c == '\\' ? quoted.data[i + 1] : '\0';
        if (next == ',' || next == '=') {
            buf_printf(out, "\\x%02x", (unsigned char)next);
            i++;
        } else {
            buf_putc(out, c);
        }
    }
    buf_release(&quoted);
}

static bool is_plain_unit(const char *unit)
{
    for (; *unit; unit++)
        if (!isalpha((unsigned char)*unit))
            return false;
    return true;
}

/* The tag expression for ITEM; nothing if there is none. */
static void add_focus(struct buf *out, const struct item *item, struct str key, struct str text)
{
    bool names_key = key.len && !memchr(key.ptr, '=', key.len) && !memchr(key.ptr, '\0', key.len);
    if (item->is_number) {
        /* Ranges know units of letters only, and are of a key or of all. */
        if (!names_key || !is_plain_unit(item->unit))
            return;
        buf_str(out, key);
        buf_printf(out, "=%" PRId64 "%s", item->least, item->unit);
        if (item->most != item->least)
            buf_printf(out, ":%" PRId64 "%s", item->most, item->unit);
        return;
    }
    if (names_key) {
        buf_str(out, key);
        buf_putc(out, '=');
        add_quoted(out, text);
        return;
    }
    struct buf both = {0};
    buf_str(&both, key);
    buf_putc(&both, ':');
    buf_str(&both, text);
    add_quoted(out, buf_view(&both));
    buf_release(&both);
}

/* --- rows */

static struct label_row *add_row(struct label_rows *l, enum label_row_kind kind)
{
    l->rows = xgrow(l->rows, &l->cap, l->count + 1, sizeof *l->rows);
    l->rows[l->count] = (struct label_row){.kind = kind};
    return &l->rows[l->count++];
}

/* What samples have in all. */
static int64_t sum_of(const struct report *r)
{
    int64_t sum = 0;
    for (size_t i = 0; r && i < r->p->sample_count; i++)
        sum += r->p->values[r->value][i];
    return sum;
}

/* The COUNT items of one key. ALL: what all samples weigh. */
static void add_key(struct label_rows *l, const struct item *items, size_t count,
                    struct calltree_value all)
{
    struct buf focus = {0};
    struct str name = strtab_get(&l->texts, items[0].key);
    size_t key = l->count;
    struct calltree_value sum = {0};
    add_row(l, LABEL_KEY);
    for (size_t i = 0; i < count; i++) {
        struct label_row *row = add_row(l, LABEL_VALUE);
        row->key = key;
        row->text = strtab_get(&l->texts, items[i].text);
        row->weight = items[i].weight;
        sum.old += row->weight.old;
        sum.new += row->weight.new;
        buf_clear(&focus);
        add_focus(&focus, &items[i], name, row->text);
        row->focus = strtab_get(&l->texts, add_text(l, buf_view(&focus)));
    }
    struct calltree_value rest = {.old = all.old - sum.old, .new = all.new - sum.new};
    /* Less than nothing: samples have several values of this key. */
    if (rest.old >= 0 && rest.new >= 0 && (rest.old || rest.new)) {
        struct label_row *row = add_row(l, LABEL_NONE);
        row->key = key;
        row->weight = rest;
    }
    l->rows[key].key = key;
    l->rows[key].text = name;
    l->rows[key].values = count;
    l->rows[key].weight = sum;
    buf_release(&focus);
}

struct label_rows *label_rows_new(struct report *new, struct report *old)
{
    struct label_rows *l = xcalloc(1, sizeof *l);
    struct items all = {.rows = l};
    strtab_init(&l->texts);
    add_tags(&all, new, false);
    if (old)
        add_tags(&all, old, true);
    join_equal(&all);
    if (all.count)
        qsort_r(all.items, all.count, sizeof *all.items, by_key_and_weight, &l->texts);
    struct calltree_value sum = {.old = sum_of(old), .new = sum_of(new)};
    for (size_t i = 0, end; i < all.count; i = end) {
        for (end = i; end < all.count && all.items[end].key == all.items[i].key; end++)
            ;
        add_key(l, all.items + i, end - i, sum);
    }
    free(all.items);
    return l;
}

void label_rows_free(struct label_rows *l)
{
    if (!l)
        return;
    free(l->rows);
    strtab_release(&l->texts);
    free(l);
}
