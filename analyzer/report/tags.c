#include "analyzer/report/tags.h"

#include "analyzer/base/alloc.h"
#include "analyzer/base/num.h"
#include "analyzer/base/units.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* The weight of one key with one value, both as written. */
struct tally {
    strid key, value;
    const struct label *exact; /* the number that VALUE stands for; NULL: just what is written */
    int64_t weight, divisor;
};

struct tallies {
    struct tally *items;
    size_t count, cap;
    uint32_t *slots; /* index + 1 */
    size_t slot_count;
};

static bool tally_same(const struct tally *a, const struct tally *b)
{
    return a->key == b->key && a->value == b->value && !a->exact == !b->exact;
}

static uint32_t *tally_slot(const struct tallies *t, const struct tally *one)
{
    uint64_t h = ((uint64_t)one->key << 32 | one->value) * 0x9E3779B97F4A7C15;
    size_t at = (h ^ h >> 32) & (t->slot_count - 1);
    while (t->slots[at] && !tally_same(&t->items[t->slots[at] - 1], one))
        at = (at + 1) & (t->slot_count - 1);
    return &t->slots[at];
}

static void tally_add(struct tallies *t, const struct tally *one)
{
    if ((t->count + 1) * 2 > t->slot_count) {
        free(t->slots);
        t->slot_count = t->slot_count ? t->slot_count * 2 : 256;
        t->slots = xcalloc(t->slot_count, sizeof *t->slots);
        for (size_t i = 0; i < t->count; i++)
            *tally_slot(t, &t->items[i]) = (uint32_t)i + 1;
    }
    uint32_t *slot = tally_slot(t, one);
    if (!*slot) {
        t->items = xgrow(t->items, &t->cap, t->count + 1, sizeof *t->items);
        t->items[t->count] = *one;
        t->items[t->count].weight = t->items[t->count].divisor = 0;
        *slot = (uint32_t)++t->count;
    }
    assert(t->items && "a slot that is taken names an item");
    struct tally *tally = &t->items[*slot - 1];
    tally->weight += one->weight;
    tally->divisor += one->divisor;
}

const char *tags_unit(const struct report *r, const struct label *l)
{
    return l->str ? profile_str(r->p, l->str).ptr : tagunits_get(&r->units, r->p, l->key);
}

static struct str write_label(const struct report *r, const struct label *l, bool exact,
                              struct buf *scratch)
{
    if (!l->is_number)
        return profile_str(r->p, l->str);
    buf_clear(scratch);
    if (exact)
        buf_printf(scratch, "%lld %s", (long long)l->number, tags_unit(r, l));
    else
        units_label(scratch, l->number, tagunits_get(&r->units, r->p, l->key), r->output_unit);
    return (struct str){scratch->data, scratch->len};
}

static void tally_set(struct tallies *out, struct strtab *texts, const struct report *r,
                      const struct labelset *set, bool exact, struct tally one, struct buf *scratch)
{
    for (uint32_t i = 0; i < set->count; i++) {
        const struct label *l = &r->p->labels[set->first + i];
        struct str key = profile_str(r->p, l->key), value = write_label(r, l, exact, scratch);
        one.key = strtab_add(texts, key.ptr, key.len);
        one.value = strtab_add(texts, value.ptr, value.len);
        one.exact = exact && l->is_number ? l : NULL;
        tally_add(out, &one);
    }
}

static int by_key_and_weight(const void *a, const void *b, void *texts)
{
    const struct tally *x = a, *y = b;
    const struct strtab *t = texts;
    if (x->key != y->key)
        return str_cmp(strtab_get(t, x->key), strtab_get(t, y->key));
    int64_t wx = abs64(x->weight), wy = abs64(y->weight);
    if (x->weight != y->weight && wx != wy)
        return (wx < wy) - (wx > wy);
    if (x->value != y->value)
        return str_cmp(strtab_get(t, x->value), strtab_get(t, y->value));
    return !x->exact - !y->exact;
}

static struct tag_value tag_value_of(const struct tags *t, const struct report *r,
                                     const struct tally *tally)
{
    struct tag_value v = {.value = strtab_get(&t->texts, tally->value),
                          .weight = tally->weight,
                          .divisor = tally->divisor};
    if (tally->exact) {
        v.is_number = true;
        v.number = tally->exact->number;
        v.unit = tags_unit(r, tally->exact);
    }
    return v;
}

static int64_t *sum_by_labels(const struct profile *p, int value)
{
    int64_t *sums = xcalloc(p->labelset_count + 1, sizeof *sums);
    for (size_t i = 0; i < p->sample_count; i++)
        sums[p->sample_labels[i]] += p->values[value][i];
    return sums;
}

void tags_init(struct tags *t, const struct report *r, bool exact)
{
    const struct profile *p = r->p;
    struct tallies tallies = {0};
    struct buf scratch = {0};
    *t = (struct tags){0};
    strtab_init(&t->texts);

    /* Label sets repeat from sample to sample, so their weights are added up first. */
    int64_t *weights = sum_by_labels(p, r->value);
    int64_t *divisors = r->divisor < 0 ? NULL : sum_by_labels(p, r->divisor);
    bool *used = xcalloc(p->labelset_count + 1, sizeof *used);
    for (size_t i = 0; i < p->sample_count; i++)
        used[p->sample_labels[i]] = true;
    for (size_t i = 0; i < p->labelset_count; i++) {
        struct tally sums = {.weight = weights[i], .divisor = divisors ? divisors[i] : 0};
        if (used[i])
            tally_set(&tallies, &t->texts, r, &p->labelsets[i], exact, sums, &scratch);
    }
    free(weights);
    free(divisors);
    free(used);
    buf_release(&scratch);

    if (tallies.count)
        qsort_r(tallies.items, tallies.count, sizeof *tallies.items, by_key_and_weight, &t->texts);
    t->values = xcalloc(tallies.count + 1, sizeof *t->values);
    t->keys = xcalloc(tallies.count + 1, sizeof *t->keys);
    for (size_t i = 0; i < tallies.count; i++) {
        const struct tally *tally = &tallies.items[i];
        if (!i || tally[-1].key != tally->key)
            t->keys[t->count++] =
                (struct tag_key){.key = strtab_get(&t->texts, tally->key), .values = t->values + i};
        struct tag_key *key = &t->keys[t->count - 1];
        key->total += tally->weight;
        key->divisor += tally->divisor;
        key->count++;
        t->values[i] = tag_value_of(t, r, tally);
    }
    free(tallies.items);
    free(tallies.slots);
}

void tags_release(struct tags *t)
{
    strtab_release(&t->texts);
    free(t->keys);
    free(t->values);
}
